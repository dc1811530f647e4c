/**
 * Easy consistency tuning (ECT: Geng, Pokle, Luo, Lin and Kolter 2024, arXiv 2406.14548): consistency training as the
 * end of a path that begins with the diffusion model. Levels are continuous, and the distance between a pair shrinks
 * from the whole level, where the target is the picture and the loss is the base model's, by a factor at every stage.
 * The published run of CIFAR-10 goes through 8 stages; in minutes on two cores we stop after 4.
 */
import type { Random } from '../../../shared/random.ts';
import { HIGHEST_LEVEL, LOWEST_LEVEL } from '../cosine/noiseLevels.ts';
import { type NoisePair, noisePairTraining } from './noisePairTraining.ts';
import type { TrainingMethod } from './trainingMethod.ts';

export interface EasyTuningConfig {
  /** Stages of equal length. */
  readonly stages: number;
  /** By what a pair's relative distance shrinks with each. */
  readonly factor: number;
}

export const publishedEasyTuning: EasyTuningConfig = { stages: 8, factor: 2 };
export const defaultEasyTuningConfig: EasyTuningConfig = { stages: 4, factor: 2 };

/** Mean and deviation of the logarithm of the levels drawn. */
const MEAN = -1.1;
const DEVIATION = 2;
/** How much farther apart, relative to the level, pairs are at low levels than at high ones. */
const SPREAD = 8;

export function easyConsistencyTuning(config: EasyTuningConfig = defaultEasyTuningConfig): TrainingMethod {
  return noisePairTraining((random, progress) => drawTuningPair(random, progress, config));
}

/** A log-normal level and its partner. */
export function drawTuningPair(random: Random, progress: number, config: EasyTuningConfig): NoisePair {
  const drawn = Math.exp(random.normal(MEAN, DEVIATION));
  const level = Math.min(HIGHEST_LEVEL, Math.max(LOWEST_LEVEL, drawn));
  const next = partnerOf(level, progress, config);
  return { level, next, weight: 1 / (level - next) };
}

/** r = max(0, t · (1 − n(t) / factor^(stage + 1))), n(t) = 1 + 8 · sigmoid(−t); below the lowest level it is 0. */
export function partnerOf(level: number, progress: number, { stages, factor }: EasyTuningConfig): number {
  const stage = Math.min(stages - 1, Math.floor(progress * stages));
  const distance = (1 + SPREAD / (1 + Math.exp(level))) / factor ** (stage + 1);
  const next = level * (1 - distance);
  return next < LOWEST_LEVEL ? 0 : next;
}
