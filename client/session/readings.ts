/**
 * What is read of the state from latents, plan by plan, and how it lines up: at the step where a plan was made the
 * truth, what is read from what the agent saw there, and what the plan before foresaw for that very step. A plan foresees
 * the step `horizon` after its own; where no plan of the same task begins there (the task ended, or a person drove) it
 * is compared with nothing.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { ReadQuantityMessage } from '../../shared/protocol/scenes.ts';
import type { Table } from '../export/table.ts';

type ReadingMessage = NonNullable<ServerMessageOf<'plan'>['reading']>;

/** The reading of one plan; its lists are in the order of the lesson's quantities. */
export interface PlanReading extends ReadingMessage {
  /** Step at which it was made, counted through the session. */
  readonly step: number;
  /** Number of the task. */
  readonly task: number;
  readonly horizon: number;
}

/** Plans of which the reading is kept. */
export const READINGS = 200;

/** One quantity at the step of the latest plan. */
export interface ReadingRow {
  /** In words: `block angle` of `blockAngle`. */
  readonly name: string;
  readonly unit: string;
  readonly truth: number | undefined;
  readonly seen: number | undefined;
  /** What the plan before foresaw for this step. */
  readonly foreseen: number | undefined;
  readonly r2: number | undefined;
}

/** A row for each quantity; values are missing before the first plan is read. */
export function readingRows(
  quantities: readonly ReadQuantityMessage[],
  readings: readonly PlanReading[],
): ReadingRow[] {
  const latest = readings.at(-1);
  const before = latest && foreseer(readings, latest);
  return quantities.map(({ name, unit, r2 }, i) => ({
    name: wordsOf(name),
    unit,
    truth: latest?.truth[i],
    seen: latest?.seen[i],
    foreseen: before?.foreseen[i],
    r2,
  }));
}

/** A quantity at one step of the session; `null` where there is nothing. */
export interface ReadingPoint {
  readonly step: number;
  readonly truth: number | null;
  readonly seen: number | null;
  readonly foreseen: number | null;
}

/**
 * The course of quantity `index`, in order of steps: a point without values between two tasks, and last what the latest
 * plan foresees.
 */
export function readingCourse(readings: readonly PlanReading[], index: number): ReadingPoint[] {
  const points = readings.flatMap((reading, i) => {
    const { step, task, truth, seen } = reading;
    const foreseen = foreseer(readings, reading)?.foreseen[index] ?? null;
    const point = { step, truth: truth[index] ?? null, seen: seen[index] ?? null, foreseen };
    const before = readings[i - 1];
    if (before === undefined || before.task === task) return [point];
    return [{ step: (before.step + step) / 2, truth: null, seen: null, foreseen: null }, point];
  });
  const latest = readings.at(-1);
  if (latest === undefined) return points;
  const { step, horizon, foreseen } = latest;
  return [...points, { step: step + horizon, truth: null, seen: null, foreseen: foreseen[index] ?? null }];
}

/** All that was read: a row for each plan and quantity. */
export function readingTable(quantities: readonly ReadQuantityMessage[], readings: readonly PlanReading[]): Table {
  return {
    columns: ['step of the session', 'task', 'quantity', 'unit', 'true', 'read', 'foreseen', 'R²'],
    rows: readings.flatMap((reading) => {
      const before = foreseer(readings, reading);
      return quantities.map(({ name, unit, r2 }, i) => [
        ...[reading.step, reading.task, name, unit],
        ...[reading.truth[i], reading.seen[i], before?.foreseen[i], r2],
      ]);
    }),
  };
}

/** The name of a quantity in words. */
export function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Za-z])/g, ' ').toLowerCase();
}

/** The plan that foresaw the step of another. */
function foreseer(readings: readonly PlanReading[], { step, task }: PlanReading): PlanReading | undefined {
  return readings.find((earlier) => earlier.task === task && earlier.step + earlier.horizon === step);
}
