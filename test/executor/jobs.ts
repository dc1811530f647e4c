/** Jobs for the tests of executors: well-behaved ones, and all kinds of trouble. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job } from '../../server/executor/executor.ts';
import { WorldError } from '../../shared/errors.ts';

const module = import.meta.url;
const job = <Input, Output>(name: string): Job<Input, Output> => ({ module, name });

/** The square, after some milliseconds. */
export interface Delayed {
  readonly value: number;
  readonly milliseconds: number;
}

export async function square({ value, milliseconds }: Delayed): Promise<number> {
  await wait(milliseconds);
  return value * value;
}
export const squareJob = job<Delayed, number>('square');

/** Numbers in an array with a buffer of its own, and a part of another buffer. */
export function numbersUpTo(count: number): { own: Float64Array; part: Uint8Array; text: string } {
  const own = Float64Array.from({ length: count }, (_, i) => i / 3);
  return { own, part: new Uint8Array([9, 8, 7, 6]).subarray(1, 3), text: `${count} numbers` };
}
export const numbersJob = job<number, ReturnType<typeof numbersUpTo>>('numbersUpTo');

/** Fails for odd numbers: 1 with a domain error, others with a plain one. */
export function refuseOdd(value: number): number {
  if (value === 1) throw new WorldError('the world is odd: even it out');
  if (value % 2 === 1) throw new TypeError('odd');
  return value;
}
export const refuseOddJob = job<number, number>('refuseOdd');

/** Changes what it is given, and answers with what cannot be cloned. */
export function mutate(input: { count: number }): number {
  input.count++;
  return input.count;
}
export const mutateJob = job<{ count: number }, number>('mutate');

export function giveFunction(): () => number {
  return () => 1;
}
export const functionJob = job<number, () => number>('giveFunction');

/** Ends its thread the first time, or every time when no marker is left. */
export function endThread({ marker, keep }: { marker: string; keep: boolean }): string {
  if (existsSync(marker)) return 'alive';
  if (keep) writeFileSync(marker, '');
  process.exit(7);
}
export const endThreadJob = job<{ marker: string; keep: boolean }, string>('endThread');

/** Throws where no caller can catch it. */
export async function throwElsewhere(): Promise<void> {
  setImmediate(() => {
    throw new Error('from nowhere');
  });
  await wait(60_000);
}
export const throwElsewhereJob = job<number, void>('throwElsewhere');

/** Says in the file that it has begun, then never ends. */
export function hang(log: string): void {
  appendFileSync(log, 'begun\n');
  for (;;);
}
export const hangJob = job<string, void>('hang');

export const missingExport = job<number, number>('nowhere');
export const missingModule: Job<number, number> = { module: new URL('./none.ts', import.meta.url).href, name: 'run' };

export const notAFunction = 3;
export const notAFunctionJob = job<number, number>('notAFunction');
