/**
 * `--guidance`, `--context` and `--context-noise`, for commands that paint with a renderer that may have been trained for
 * them.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../../shared/errors.ts';
import type { ConditionOptions } from '../agent/paintingOptions.ts';

/** As commander gives them. */
export interface ConditionFlags {
  readonly guidance?: number;
  readonly context?: boolean;
  readonly contextNoise?: number;
}

/** Adds the options to a command; `before` says which frames a frame is told. */
export function addConditionOptions(command: Command, before: string): Command {
  return command
    .option(
      '--guidance <weight>',
      'exaggerate what the latent adds; the renderer must have been trained with --guidable (default: 1, not at all)',
      guidanceWeight,
    )
    .option('--context', `tell frames ${before}; the renderer must have been trained with --context`)
    .option(
      '--context-noise <time>',
      'noise on the frames that --context tells, as a time from 0, none, to below 1 (default: 0)',
      noiseTime,
    );
}

/** What the options ask for. @throws UsageError when there is noise for frames that are not told */
export function conditionsOf({ guidance, context, contextNoise }: ConditionFlags): ConditionOptions {
  if (contextNoise !== undefined && !context)
    throw new UsageError(
      `there are no frames before for noise to lie on; add --context, or leave out --context-noise ${contextNoise}`,
    );
  return {
    ...(guidance !== undefined && { guidance }),
    ...(context && { contextNoise: contextNoise ?? 0 }),
  };
}

/** A weight of guidance. */
export function guidanceWeight(text: string): number {
  const weight = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(weight) || weight < 0) throw new InvalidArgumentError('Give a number of at least 0.');
  return weight;
}

function noiseTime(text: string): number {
  const time = text.trim() === '' ? Number.NaN : Number(text);
  if (!(time >= 0 && time < 1)) throw new InvalidArgumentError('Give a number from 0 to below 1.');
  return time;
}
