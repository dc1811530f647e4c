/**
 * Consistency training with the improved recipe (iCT: Song and Dhariwal 2023, arXiv 2310.14189): neighbouring levels of
 * a grid that doubles at even intervals of the training, drawn log-normally, weighted by the inverse of their distance,
 * compared by the pseudo-Huber distance, with no teacher at all. The published grid grows from 10 to 1280 levels in
 * 400,000 steps of 1024 pictures; in minutes on two cores it stops far earlier, since on a fine grid nearly every
 * target rests on the student itself. We start from the base model rather than from nothing.
 */
import type { Random } from '../../../shared/random.ts';
import { gridIndexBelow, gridLevel, HIGHEST_LEVEL } from '../cosine/noiseLevels.ts';
import { type NoisePair, noisePairTraining } from './noisePairTraining.ts';
import type { TrainingMethod } from './trainingMethod.ts';

export interface ConsistencyTrainingConfig {
  /** Intervals of the grid at first and at most (s₀ and s₁); the ratio is a power of 2. */
  readonly from: number;
  readonly to: number;
}

export const publishedConsistencyTraining: ConsistencyTrainingConfig = { from: 10, to: 1280 };
export const defaultConsistencyTrainingConfig: ConsistencyTrainingConfig = { from: 10, to: 40 };

/** Mean and deviation of the logarithm of the levels drawn (ibid., section 3.5). */
const MEAN = -1.1;
const DEVIATION = 2;

export function consistencyTraining(
  config: ConsistencyTrainingConfig = defaultConsistencyTrainingConfig,
): TrainingMethod {
  return noisePairTraining((random, progress) => drawGridPair(random, gridLevels(config, progress)));
}

/** Levels of the grid at this share of the training: N(k) of the paper's equation 10. */
export function gridLevels({ from, to }: ConsistencyTrainingConfig, progress: number): number {
  const doublings = Math.floor(progress * (Math.log2(to / from) + 1));
  return Math.min(from * 2 ** doublings, to) + 1;
}

/**
 * Neighbours of a grid of so many levels, with the probability that a log-normal level falls between them: the paper's
 * difference of two error functions. What falls below the grid makes the pair of its lowest level and 0.
 */
export function drawGridPair(random: Random, levels: number): NoisePair {
  let drawn: number;
  do drawn = Math.exp(random.normal(MEAN, DEVIATION));
  while (drawn >= HIGHEST_LEVEL);
  const index = gridIndexBelow(drawn, levels);
  const level = gridLevel(index + 1, levels);
  const next = index < 0 ? 0 : gridLevel(index, levels);
  return { level, next, weight: 1 / (level - next) };
}
