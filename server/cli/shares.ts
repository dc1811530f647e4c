/** Shares in whole percent, as tables show them. */

export function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

/** Both bounds of an interval. */
export function percentInterval(bounds: readonly [number, number]): string {
  return bounds.map(percent).join(' to ');
}
