/**
 * Consistency distillation (Song, Dhariwal, Chen and Sutskever 2023, arXiv 2303.01469, Algorithm 2): from anywhere on a
 * path of the probability flow the student names the path's end. It is the case of one segment, where the target is
 * simply the student's own answer one step nearer the picture, and the picture itself at the end. The teacher steps by
 * Heun's method, as there. Where we leave the paper: times are even in the angle of the cosine
 * schedule, the error is squared (the paper's LPIPS needs a network that we do not ship), and the target comes from the
 * student as it is rather than from an average of it, after Song and Dhariwal 2023 (arXiv 2310.14189, section 3.2).
 */
import { constants } from '../../tensor/constants.ts';
import type { HostTensors } from '../../tensor/program.ts';
import { combineTensors } from '../cosine/ddim.ts';
import { type HeunCoefficients, heunCoefficients, heunStep } from '../cosine/heunStep.ts';
import { evenTime } from '../cosine/stepTimes.ts';
import { denoise } from '../network/denoiser.ts';
import { segmentTraining } from './segmentTraining.ts';
import { constantGrid } from './teacherGrid.ts';
import type { TrainingMethod } from './trainingMethod.ts';

/** Points of the teacher's grid. */
const GRID = 16;

/** The method with a frozen teacher. */
export function consistencyDistillation(teacher: HostTensors): TrainingMethod {
  const part = (name: keyof HeunCoefficients) => (pair: { readonly time: number; readonly next: number }) =>
    heunCoefficients(pair.time, pair.next)[name];
  return segmentTraining({
    segments: [1],
    grid: constantGrid(GRID),
    timeOf: evenTime,
    teacherCalls: 2,
    coefficients: { euler: part('euler'), first: part('first'), second: part('second') },
    step({ noisy, conditionOf, times, nextTimes, coefficients }) {
      const params = constants(teacher);
      const condition = conditionOf(params);
      return heunStep(
        noisy,
        { euler: coefficients('euler'), first: coefficients('first'), second: coefficients('second') },
        (z) => denoise(params, z, times, condition),
        (z) => denoise(params, z, nextTimes, condition),
        combineTensors,
      );
    },
  });
}
