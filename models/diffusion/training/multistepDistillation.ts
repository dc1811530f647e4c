/**
 * Multistep consistency distillation (arXiv 2403.06807, Algorithm 1; the arithmetic is in `consistencyTarget.ts`). One
 * student serves every step count, told which by a one-hot vector, so that a viewer can change it while watching. Where
 * we leave the paper, after a pilot at small batches: the grid stays short and constant, since on the paper's fine
 * grids almost every target rests on the student itself and nothing anchors it to the teacher; and the error is
 * squared. The teacher steps with plain DDIM. What the paper does instead is there as options.
 */
import * as tf from '@tensorflow/tfjs';
import { constants } from '../../tensor/constants.ts';
import type { HostTensors } from '../../tensor/program.ts';
import { adjustedStep } from '../cosine/adjustedStep.ts';
import { combineTensors, noising } from '../cosine/ddim.ts';
import { denoise } from '../network/denoiser.ts';
import { STUDENT_STEPS } from '../network/studentSteps.ts';
import { segmentTraining } from './segmentTraining.ts';
import { constantGrid, type TeacherGrid } from './teacherGrid.ts';
import type { TrainingMethod } from './trainingMethod.ts';

export interface MultistepDistillationConfig {
  readonly grid: TeacherGrid;
  /**
   * Share of the teacher's own error that its step keeps as variance: 0 is DDIM, 0.75 the paper's aDDIM, which it
   * recommends for 4 steps and more.
   */
  readonly keptVariance: number;
}

/** A grid that is a multiple of every step count of the student. */
export const defaultMultistepDistillationConfig: MultistepDistillationConfig = {
  grid: constantGrid(16),
  keptVariance: 0,
};

/** The method with a frozen teacher. */
export function multistepDistillation(
  teacher: HostTensors,
  { grid, keptVariance }: MultistepDistillationConfig = defaultMultistepDistillationConfig,
): TrainingMethod {
  return segmentTraining({
    segments: STUDENT_STEPS,
    grid,
    teacherCalls: 1,
    ...(keptVariance > 0 && {
      coefficients: { here: ({ time }) => noising(time), there: ({ next }) => noising(next) },
    }),
    step({ noisy, clean, conditionOf, times, ddim, coefficients }) {
      const params = constants(teacher);
      const denoised = denoise(params, noisy, times, conditionOf(params));
      if (keptVariance === 0) return combineTensors(ddim, denoised, noisy);
      const error = tf.mean(tf.squaredDifference(denoised, clean), [1, 2, 3], true); // [batch, 1, 1, 1]
      const at = { ddim, noising: coefficients('here'), nextNoising: coefficients('there') };
      return adjustedStep(denoised, noisy, tf.mul(error, keptVariance), at);
    },
  });
}
