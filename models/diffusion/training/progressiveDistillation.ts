/**
 * Progressive distillation (Salimans and Ho 2022, arXiv 2202.00512, Algorithm 2): a student learns to do in one DDIM
 * step what its teacher does in two, and then is the teacher of the next, with half the steps again. Each student knows
 * one step count only, and its times are the points of its own grid.
 */
import { constants } from '../../tensor/constants.ts';
import { float32, type HostTensors } from '../../tensor/program.ts';
import { velocityWeight } from '../cosine/cosineSchedule.ts';
import { type Coefficients, type Combine, combineTensors, ddimStep, inverseDdimStep, noising } from '../cosine/ddim.ts';
import { stepTime } from '../cosine/stepTimes.ts';
import { denoise, toPatches } from '../network/denoiser.ts';
import { conditionOf } from './conditionInputs.ts';
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

/** The linear steps of the target: two of the teacher, and back to what one step would need. */
export interface ProgressiveCoefficients<C = number> {
  readonly first: Coefficients<C>;
  readonly second: Coefficients<C>;
  readonly target: Coefficients<C>;
}

const TARGET = ['first', 'second', 'target'] as const satisfies readonly (keyof ProgressiveCoefficients)[];

/** For step `k` of `steps`, counted from the picture: from its time by way of the teacher's between to the next. */
export function progressiveCoefficients(steps: number, k: number): ProgressiveCoefficients {
  const [time, middle, next] = [stepTime(k, steps), middleTime(k, steps), stepTime(k - 1, steps)];
  return { first: ddimStep(time, middle), second: ddimStep(middle, next), target: inverseDdimStep(time, next) };
}

/** The time of the teacher's grid, twice as fine, that lies within step `k`. */
export function middleTime(k: number, steps: number): number {
  return stepTime(2 * k - 1, 2 * steps);
}

/** What the student should answer at z_t: `teach` gives the teacher's x̂ at t, `teachMiddle` half a step later. */
export function progressiveTarget<T, C>(
  noisy: T,
  { first, second, target }: ProgressiveCoefficients<C>,
  teach: (noisy: T) => T,
  teachMiddle: (noisy: T) => T,
  combine: Combine<T, C>,
): T {
  const middle = combine(first, teach(noisy), noisy);
  const landed = combine(second, teachMiddle(middle), middle);
  return combine(target, landed, noisy);
}

/** Teaches a student of `steps` steps with a frozen teacher of twice as many. */
export function progressiveDistillation(teacher: HostTensors, steps: number): TrainingMethod {
  return {
    calls: 3,
    signature: (batch) => ({
      ...noisySignature(batch, ['times', 'middleTimes'], ['noising', ...TARGET]),
      weight: perExampleSpec(batch),
    }),
    draw({ batch, random, noise }) {
      const points = Array.from({ length: batch }, () => 1 + random.integer(steps));
      const times = points.map((k) => stepTime(k, steps));
      const pairs = points.map((k) => progressiveCoefficients(steps, k));
      return {
        noise: patchNoise(random, noise, batch),
        times: float32(times, [batch]),
        middleTimes: float32(
          points.map((k) => middleTime(k, steps)),
          [batch],
        ),
        weight: perExample(times.map((time) => velocityWeight(time))),
        ...coefficientInputs('noising', times.map(noising)),
        ...coefficientInputsOf(TARGET, pairs),
      };
    },
    loss(params, inputs) {
      const times = input(inputs, 'times');
      const clean = toPatches(input(inputs, 'pictures'));
      const noisy = combineTensors(coefficients(inputs, 'noising'), clean, input(inputs, 'noise'));
      const target = withoutGradient(() => {
        const taught = constants(teacher);
        const condition = conditionOf(taught, inputs);
        const steps = {
          first: coefficients(inputs, 'first'),
          second: coefficients(inputs, 'second'),
          target: coefficients(inputs, 'target'),
        };
        return progressiveTarget(
          noisy,
          steps,
          (z) => denoise(taught, z, times, condition),
          (z) => denoise(taught, z, input(inputs, 'middleTimes'), condition),
          combineTensors,
        );
      }, noisy);
      const answer = denoise(params, noisy, times, conditionOf(params, inputs));
      return weightedError(inputs, answer, target, input(inputs, 'weight'));
    },
  };
}
