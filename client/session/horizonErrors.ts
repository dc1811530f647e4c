/**
 * How wrong dreams are against how far ahead they look: for k = 1, 2, … the differences from the truth of frames that
 * were painted for k steps after their plan, and beside them those of a still picture, the true frame from which the
 * plan began ("copy-first" of the evaluations). A dream that is no better than the still picture has foreseen nothing
 * that moves. Of each k the latest `CAPACITY` are kept.
 */
import { type Quartiles, quartilesOf } from './quartiles.ts';

/** The differences at one moment, from 0 to 1, `ahead` steps after its plan was made. */
export interface HorizonError {
  /** 1 or more. */
  readonly ahead: number;
  readonly dream: number;
  /** None where the page has not seen the moment at which the plan was made. */
  readonly still: number | undefined;
}

/** Differences by steps ahead: entry `k - 1` holds those of k. */
export interface HorizonErrors {
  readonly dream: readonly (readonly number[])[];
  readonly still: readonly (readonly number[])[];
}

/** Differences kept of each k. */
export const CAPACITY = 1000;

export const noErrors: HorizonErrors = { dream: [], still: [] };

/** The collection with one more moment. */
export function collect(errors: HorizonErrors, { ahead, dream, still }: HorizonError): HorizonErrors {
  return {
    dream: added(errors.dream, ahead, dream),
    still: still === undefined ? errors.still : added(errors.still, ahead, still),
  };
}

/** One step ahead in figures. */
export interface HorizonRow {
  readonly ahead: number;
  readonly dream: Quartiles | undefined;
  readonly still: Quartiles | undefined;
  /** Dreams that the figures are of. */
  readonly dreams: number;
}

/** A row for every k up to the furthest that was seen. */
export function horizonRows({ dream, still }: HorizonErrors): HorizonRow[] {
  return dream.map((values, i) => ({
    ahead: i + 1,
    dream: quartilesOf(values),
    still: quartilesOf(still[i] ?? []),
    dreams: values.length,
  }));
}

/**
 * In words, what the furthest step that both were measured at says; of dreams alone where no still picture was, because
 * the page has not seen the moment at which their plan was made.
 */
export function horizonVerdict(rows: readonly HorizonRow[]): string {
  const furthest =
    rows.findLast(({ dream, still }) => dream !== undefined && still !== undefined) ??
    rows.findLast(({ dream }) => dream !== undefined);
  if (furthest?.dream === undefined) return 'No dream has been compared with the truth.';
  const { ahead, dream, still } = furthest;
  const off = `${ahead} ${ahead === 1 ? 'step' : 'steps'} ahead the dream is off by ${percent(dream.median)}`;
  if (still === undefined) return `${off}; no still picture has been seen to compare it with.`;
  if (dream.median === still.median) return `${off}, as much as a still picture.`;
  const better = dream.median < still.median;
  return `${off}, a still picture by ${percent(still.median)}: the ${better ? 'dream' : 'still picture'} is better.`;
}

function added(lists: HorizonErrors['dream'], ahead: number, value: number): HorizonErrors['dream'] {
  const length = Math.max(lists.length, ahead);
  return Array.from({ length }, (_, i) => {
    const list = lists[i] ?? [];
    return i === ahead - 1 ? [...list, value].slice(-CAPACITY) : list;
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
