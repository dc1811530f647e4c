/**
 * The time of day by a command's clock, whose origin is the start of the process: recordings say when they were made,
 * and nothing here reads the machine's clock itself.
 */
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../shared/clock.ts';

export function wallTime(clock: Clock): Date {
  return new Date(performance.timeOrigin + clock.now());
}
