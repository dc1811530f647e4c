/**
 * The times of a film's pictures in a file format that counts time in ticks: the ends of the pictures are rounded
 * rather than their lengths, so that errors don't add up and a film lasts as long as what it shows, to half a tick.
 */

/** How long each picture is shown, in whole ticks of `tickMs`, given the moments at which they end, both in ms. */
export function shownFor(endsMs: readonly number[], tickMs: number): number[] {
  const rounded = endsMs.map((end) => tickMs * Math.round(end / tickMs));
  return rounded.map((end, i) => end - (rounded[i - 1] ?? 0));
}
