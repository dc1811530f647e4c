/**
 * What is kept of the session for the panels that look at all of it: errors by steps ahead, and later plans and
 * surprises, over the tasks of one world since the page was opened. Steps are counted through the session: those of a
 * task follow on those of the tasks before it. A step that comes again after a lost connection counts once.
 */
import { collect, type HorizonErrors, noErrors } from './horizonErrors.ts';

/** What was measured at one step. */
export interface StepMeasured {
  readonly envStep: number;
  /** Steps since the plan that foresaw it; none where nothing was foreseen. */
  readonly ahead: number | undefined;
  /** Mean difference of truth and dream, from 0 to 1. */
  readonly difference: number | undefined;
  /** Mean difference of the truth and the true frame from which the plan began. */
  readonly still: number | undefined;
}

export interface SessionRecord {
  /** Steps of the tasks before the present one. */
  readonly offset: number;
  /** The latest step, counted through the session; -1 before the first. */
  readonly latest: number;
  readonly horizon: HorizonErrors;
}

export const emptyRecord: SessionRecord = { offset: 0, latest: -1, horizon: noErrors };

/** The record as another task of the same world begins. */
export function recordTask(record: SessionRecord): SessionRecord {
  return { ...record, offset: Math.max(0, record.latest) };
}

/** The record after a step. */
export function recordStep(record: SessionRecord, measured: StepMeasured): SessionRecord {
  const { envStep, ahead, difference, still } = measured;
  const step = record.offset + envStep;
  if (step <= record.latest) return record;
  const foreseen = difference !== undefined && ahead !== undefined && ahead >= 1;
  return {
    ...record,
    latest: step,
    horizon: foreseen ? collect(record.horizon, { ahead, dream: difference, still }) : record.horizon,
  };
}
