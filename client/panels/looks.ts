/**
 * How lines of charts look, in the colours of the page's theme: few ways, so that every chart is read in the same way.
 */
import type { KeyEntry } from '../export/pngPicture.ts';

/**
 * `accent` is what the chart is about, `quiet` what it is compared with; `edge` bounds a band and is not drawn itself,
 * `limit` is a dashed line, `marks` are dots and `rings` are circles without a line.
 */
export type Look = 'accent' | 'quiet' | 'edge' | 'limit' | 'marks' | 'rings';

/** The colour of each look where `host` stands. */
export function lookColors(host: Element): Readonly<Record<Look, string>> {
  const styles = getComputedStyle(host);
  const color = (name: string): string => styles.getPropertyValue(name).trim();
  const accent = color('--accent');
  return {
    accent,
    quiet: color('--ink-faint'),
    edge: 'transparent',
    limit: color('--ink-quiet'),
    marks: accent,
    rings: accent,
  };
}

/** How the key of a picture shows each look; an edge has no place in it. */
export const LOOK_MARKS: Readonly<Record<Look, KeyEntry['mark'] | undefined>> = {
  accent: 'line',
  quiet: 'line',
  edge: undefined,
  limit: 'dashes',
  marks: 'dot',
  rings: 'ring',
};
