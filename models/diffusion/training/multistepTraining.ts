/**
 * Multistep consistency training (arXiv 2403.06807, Algorithm 1 with the true picture for a teacher): the step from t
 * to s keeps picture and noise, so that nothing is asked of the base model but to be the start. It costs one network
 * call a step less than distillation, and pays with targets that vary with the noise. On a grid with as many points as
 * segments it is plain diffusion.
 */
import { combineTensors } from '../cosine/ddim.ts';
import { STUDENT_STEPS } from '../network/studentSteps.ts';
import { segmentTraining } from './segmentTraining.ts';
import { constantGrid, type TeacherGrid } from './teacherGrid.ts';
import type { TrainingMethod } from './trainingMethod.ts';

/** A grid that is a multiple of every step count of the student. */
export function multistepTraining(grid: TeacherGrid = constantGrid(16)): TrainingMethod {
  return segmentTraining({
    segments: STUDENT_STEPS,
    grid,
    teacherCalls: 0,
    step: ({ noisy, clean, ddim }) => combineTensors(ddim, clean, noisy),
  });
}
