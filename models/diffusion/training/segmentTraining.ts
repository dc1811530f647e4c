/**
 * What multistep consistency distillation, multistep consistency training and consistency distillation share: pairs of
 * neighbouring times within a segment, and a student whose answer at the later is taught by a step to the earlier and
 * its own answer there (`consistencyTarget.ts`). A method says into how many segments time may be cut, how fine the
 * grid is, and how the step is made. The error is squared, as an error of the velocity.
 */
import type * as tf from '@tensorflow/tfjs';
import { float32, type Tensors } from '../../tensor/program.ts';
import { velocityWeight } from '../cosine/cosineSchedule.ts';
import { type Coefficients, combineTensors, noising } from '../cosine/ddim.ts';
import type { PointTime } from '../cosine/stepTimes.ts';
import type { Condition } from '../network/condition.ts';
import { denoise, toPatches } from '../network/denoiser.ts';
import { STUDENT_STEPS, stepChoice } from '../network/studentSteps.ts';
import { conditionOf } from './conditionInputs.ts';
import { consistencyTarget, drawSegmentPair, type SegmentPair, targetCoefficients } from './consistencyTarget.ts';
import type { TeacherGrid } from './teacherGrid.ts';
import {
  coefficientInputs,
  coefficientInputsOf,
  coefficients,
  input,
  noisySignature,
  patchNoise,
  perExample,
  perExampleSpec,
  type TrainingMethod,
  weightedError,
  withoutGradient,
} from './trainingMethod.ts';

export interface SegmentTraining {
  /** Numbers of segments, one drawn for each example; the student is told it where there is a choice. */
  readonly segments: readonly number[];
  readonly grid: TeacherGrid;
  /** When a point of the grid is; `stepTime` unless told. */
  readonly timeOf?: PointTime;
  /** Coefficients that the step needs beyond DDIM's, by name. */
  readonly coefficients?: Readonly<Record<string, (pair: SegmentPair) => Coefficients>>;
  /** Answers of the teacher that the step takes. */
  readonly teacherCalls: number;
  /** z_s from z_t: the gradient does not enter it. */
  readonly step: (at: TeacherStep) => tf.Tensor;
}

/** What a teacher steps with; everything has one row an example. */
export interface TeacherStep {
  /** z_t, [batch, 16, 16, 48]. */
  readonly noisy: tf.Tensor;
  /** The true picture x, likewise in patches. */
  readonly clean: tf.Tensor;
  /** What the examples tell a network of these parameters. */
  readonly conditionOf: (params: Tensors) => Condition;
  /** t and s, [batch]. */
  readonly times: tf.Tensor;
  readonly nextTimes: tf.Tensor;
  /** z_s from (x̂, z_t) by DDIM. */
  readonly ddim: Coefficients<tf.Tensor>;
  /** The method's own, by name. */
  readonly coefficients: (name: string) => Coefficients<tf.Tensor>;
}

const TARGET = ['teacherStep', 'toBottom', 'target'] as const;

export function segmentTraining(options: SegmentTraining): TrainingMethod {
  const told = options.segments.length > 1;
  const own = Object.entries(options.coefficients ?? {});
  return {
    calls: 2 + options.teacherCalls,
    signature: (batch) => ({
      ...noisySignature(batch, ['times', 'nextTimes'], ['noising', ...TARGET, ...own.map(([name]) => name)]),
      ...(told && { steps: { shape: [batch, STUDENT_STEPS.length] } }),
      weight: perExampleSpec(batch),
    }),
    loss: (params, inputs) => segmentLoss(params, inputs, options, told),
    draw({ batch, random, noise, progress }) {
      const counts = Array.from({ length: batch }, () => random.choice(options.segments));
      const pairs = counts.map((count) =>
        drawSegmentPair(random, count, options.grid(count, progress), options.timeOf),
      );
      const times = pairs.map(({ time }) => time);
      const nextTimes = pairs.map(({ next }) => next);
      return {
        noise: patchNoise(random, noise, batch),
        times: float32(times, [batch]),
        nextTimes: float32(nextTimes, [batch]),
        ...(told && { steps: stepChoice(counts) }),
        weight: perExample(times.map((time) => velocityWeight(time))),
        ...coefficientInputs('noising', times.map(noising)),
        ...coefficientInputsOf(TARGET, pairs.map(targetCoefficients)),
        ...Object.assign({}, ...own.map(([name, of]) => coefficientInputs(name, pairs.map(of)))),
      };
    },
  };
}

function segmentLoss(params: Tensors, inputs: Tensors, { step }: SegmentTraining, told: boolean): tf.Scalar {
  const [times, nextTimes] = [input(inputs, 'times'), input(inputs, 'nextTimes')];
  const clean = toPatches(input(inputs, 'pictures'));
  const noisy = combineTensors(coefficients(inputs, 'noising'), clean, input(inputs, 'noise'));
  const condition = conditionOf(params, inputs, told ? input(inputs, 'steps') : undefined);
  const student = (z: tf.Tensor) => denoise(params, z, nextTimes, condition);
  const target = withoutGradient(() => {
    const stepped = step({
      noisy,
      clean,
      conditionOf: (teacher) => conditionOf(teacher, inputs),
      times,
      nextTimes,
      ddim: coefficients(inputs, 'teacherStep'),
      coefficients: (name) => coefficients(inputs, name),
    });
    const down = { toBottom: coefficients(inputs, 'toBottom'), target: coefficients(inputs, 'target') };
    return consistencyTarget(noisy, stepped, down, student, combineTensors);
  }, noisy);
  return weightedError(inputs, denoise(params, noisy, times, condition), target, input(inputs, 'weight'));
}
