/**
 * How lines of charts look, in the colours of the page's theme: few ways, so that every chart is read in the same way.
 */
import type { KeyEntry } from '../export/pngPicture.ts';

/**
 * `accent` is what the chart is about, `quiet` what it is compared with; `edge` bounds a band and is not drawn itself,
 * `limit` is a dashed line, `marks` are dots and `rings` are circles without a line.
 */
export type Look = 'quiet' | 'edge' | 'limit' | 'marks' | 'rings' | RunLook;

/** Looks of lines that are compared with each other, none more than another: each has a colour and dashes of its own. */
export const RUN_LOOKS = ['accent', 'second', 'third', 'fourth'] as const;
export type RunLook = (typeof RUN_LOOKS)[number];

/** Lengths of dashes and of what is between them, in CSS pixels, of the looks that have any. */
export const LOOK_DASHES: Readonly<Partial<Record<Look, readonly number[]>>> = {
  limit: [5, 4],
  second: [8, 4],
  third: [2, 3],
  fourth: [9, 3, 2, 3],
};

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
    second: color('--second'),
    third: color('--third'),
    fourth: color('--fourth'),
  };
}

/** How the key of a picture shows each look; an edge has no place in it. */
export const LOOK_MARKS: Readonly<Record<Look, KeyEntry['mark'] | undefined>> = {
  accent: 'line',
  quiet: 'line',
  edge: undefined,
  limit: 'line',
  marks: 'dot',
  rings: 'ring',
  second: 'line',
  third: 'line',
  fourth: 'line',
};
