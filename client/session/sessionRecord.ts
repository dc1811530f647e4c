/**
 * What is kept of the session for the panels that look at all of it: errors by steps ahead, what plans cost, how
 * unexpected what came was and what was read from latents, over the tasks of one world since the page was opened. Steps
 * are counted through the session: those of a task follow on those of the tasks before it. A step that comes again after
 * a lost connection counts once.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import { collect, type HorizonErrors, noErrors } from './horizonErrors.ts';
import { type PlanReading, READINGS } from './readings.ts';

type PlanMade = Pick<ServerMessageOf<'plan'>, 'envStep' | 'horizon' | 'costs' | 'reading'>;

/** What was measured at one step. */
export interface StepMeasured {
  readonly envStep: number;
  /** Steps since the plan that foresaw it; none where nothing was foreseen. */
  readonly ahead: number | undefined;
  /** Mean difference of truth and dream, from 0 to 1. */
  readonly difference: number | undefined;
  /** Mean difference of the truth and the true frame from which the plan began. */
  readonly still: number | undefined;
  /** How many times the usual difference it is; none before there is a usual one. */
  readonly ratio: number | undefined;
  /** Whether it counts as a surprise. */
  readonly surprised: boolean;
}

/** How unexpected a step was, counted through the session. */
export interface Unexpected extends Pick<StepMeasured, 'ratio' | 'surprised'> {
  readonly step: number;
}

/** The end of a plan's search. */
export interface PlanCost {
  /** Step at which it was made, counted through the session. */
  readonly step: number;
  /** Number of the task since the page was opened, from 1. */
  readonly task: number;
  /** Cost of the best candidate that the search ended with. */
  readonly best: number;
}

/** Plans kept. */
export const PLANS = 200;
/** Steps of which it is kept how unexpected they were. */
export const STEPS = 900;

export interface SessionRecord {
  /** Number of the task, from 1; 0 before the first. */
  readonly task: number;
  /** Steps of the tasks before the present one. */
  readonly offset: number;
  /** The latest step, counted through the session; -1 before the first. */
  readonly latest: number;
  readonly horizon: HorizonErrors;
  /** The latest `PLANS`, oldest first. */
  readonly plans: readonly PlanCost[];
  /** Of the latest `STEPS`, oldest first. */
  readonly surprise: readonly Unexpected[];
  /** Of the latest `READINGS` plans that were read, oldest first. */
  readonly readings: readonly PlanReading[];
}

export const emptyRecord: SessionRecord = {
  task: 0,
  offset: 0,
  latest: -1,
  horizon: noErrors,
  plans: [],
  surprise: [],
  readings: [],
};

/** The record as another task of the same world begins. */
export function recordTask(record: SessionRecord): SessionRecord {
  return { ...record, task: record.task + 1, offset: Math.max(0, record.latest) };
}

/** The record after a plan; one that is told again after a lost connection counts once. */
export function recordPlan(record: SessionRecord, { envStep, horizon, costs, reading }: PlanMade): SessionRecord {
  const { task, plans, readings } = record;
  const step = record.offset + envStep;
  const earlier = (plan: Pick<PlanCost, 'step' | 'task'>): boolean => plan.task !== task || plan.step < step;
  const best = costs.at(-1)?.best;
  return {
    ...record,
    plans: best === undefined ? plans : [...plans.filter(earlier), { step, task, best }].slice(-PLANS),
    readings:
      reading === undefined
        ? readings
        : [...readings.filter(earlier), { ...reading, step, task, horizon }].slice(-READINGS),
  };
}

/** The record after a step. */
export function recordStep(record: SessionRecord, measured: StepMeasured): SessionRecord {
  const { envStep, ahead, difference, still, ratio, surprised } = measured;
  const step = record.offset + envStep;
  if (step <= record.latest) return record;
  const foreseen = difference !== undefined && ahead !== undefined && ahead >= 1;
  return {
    ...record,
    latest: step,
    horizon: foreseen ? collect(record.horizon, { ahead, dream: difference, still }) : record.horizon,
    surprise: [...record.surprise, { step, ratio, surprised }].slice(-STEPS),
  };
}
