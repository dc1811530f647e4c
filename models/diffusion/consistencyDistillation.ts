/**
 * Multistep consistency distillation (arXiv 2403.06807, Algorithm 1; the arithmetic is in `consistencyTarget.ts`). One
 * student serves every step count, told which by a one-hot vector, so that a viewer can change it while watching. Where
 * we leave the paper, after a pilot at small batches: the grid stays short and constant, since on the paper's fine
 * grids almost every target rests on the student itself and nothing anchors it to the teacher; and the error is
 * squared. The teacher steps with plain DDIM.
 */
import * as tf from '@tensorflow/tfjs';
import { constants } from '../tensor/constants.ts';
import { float32, type HostTensors, type Tensors } from '../tensor/program.ts';
import { consistencyTarget, drawSegmentPair, targetCoefficients } from './consistencyTarget.ts';
import { velocityWeight } from './cosineSchedule.ts';
import { combineTensors, noising } from './ddim.ts';
import { conditionOn, denoise, patchShape, STUDENT_STEPS, toPatches } from './denoiser.ts';
import {
  coefficientInputs,
  coefficientSignature,
  coefficients,
  input,
  patchNoise,
  perExample,
  perExampleSpec,
  stepChoice,
  type TrainingMethod,
  weightedError,
} from './trainingMethod.ts';

/** Points of the teacher's grid: a multiple of every step count of the student. */
const TEACHER_GRID = 16;

/** The method with a frozen teacher. */
export function consistencyDistillation(teacher: HostTensors): TrainingMethod {
  return { signature, draw, loss: (params, inputs) => distillationLoss(params, constants(teacher), inputs) };
}

const signature: TrainingMethod['signature'] = (batch) => ({
  noise: { shape: patchShape(batch) },
  times: { shape: [batch] },
  nextTimes: { shape: [batch] },
  steps: { shape: [batch, STUDENT_STEPS.length] },
  noSteps: { shape: [batch, STUDENT_STEPS.length] },
  weight: perExampleSpec(batch),
  ...coefficientSignature('noising', batch),
  ...coefficientSignature('teacherStep', batch),
  ...coefficientSignature('toBottom', batch),
  ...coefficientSignature('target', batch),
});

const draw: TrainingMethod['draw'] = ({ batch, random, noise }) => {
  const steps = Array.from({ length: batch }, () => random.choice(STUDENT_STEPS));
  const pairs = steps.map((count) => drawSegmentPair(random, count, TEACHER_GRID));
  const targets = pairs.map(targetCoefficients);
  const times = pairs.map(({ time }) => time);
  return {
    noise: patchNoise(random, noise, batch),
    times: float32(times, [batch]),
    nextTimes: float32(
      pairs.map(({ next }) => next),
      [batch],
    ),
    steps: stepChoice(batch, steps),
    noSteps: stepChoice(batch),
    weight: perExample(times.map((time) => velocityWeight(time))),
    ...coefficientInputs('noising', times.map(noising)),
    ...coefficientInputs(
      'teacherStep',
      targets.map(({ teacherStep }) => teacherStep),
    ),
    ...coefficientInputs(
      'toBottom',
      targets.map(({ toBottom }) => toBottom),
    ),
    ...coefficientInputs(
      'target',
      targets.map(({ target }) => target),
    ),
  };
};

function distillationLoss(params: Tensors, teacher: Tensors, inputs: Tensors): tf.Scalar {
  const latents = input(inputs, 'latents');
  const noisy = combineTensors(
    coefficients(inputs, 'noising'),
    toPatches(input(inputs, 'pictures')),
    input(inputs, 'noise'),
  );
  const condition = conditionOn(params, latents, input(inputs, 'steps'));
  const teacherCondition = conditionOn(teacher, latents, input(inputs, 'noSteps'));
  const steps = {
    teacherStep: coefficients(inputs, 'teacherStep'),
    toBottom: coefficients(inputs, 'toBottom'),
    target: coefficients(inputs, 'target'),
  };
  const teach = (z: tf.Tensor) => denoise(teacher, z, input(inputs, 'times'), teacherCondition);
  const student = (z: tf.Tensor) => denoise(params, z, input(inputs, 'nextTimes'), condition);
  const target = withoutGradient(() => consistencyTarget(noisy, steps, teach, student, combineTensors), noisy);
  const answer = denoise(params, noisy, input(inputs, 'times'), condition);
  return weightedError(inputs, answer, target, input(inputs, 'weight'));
}

/**
 * A value that the gradient does not enter. What a custom gradient's function computes is not recorded for
 * differentiation, so that no backward pass of it is compiled at all.
 */
function withoutGradient(value: () => tf.Tensor, anchor: tf.Tensor): tf.Tensor {
  return tf.customGrad((x) => ({ value: value(), gradFunc: () => tf.zerosLike(x as tf.Tensor) }))(anchor);
}
