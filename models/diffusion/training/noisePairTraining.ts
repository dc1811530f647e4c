/**
 * What consistency training and its easy-tuning form share: the same picture with the same noise at two levels, and a
 * student whose answer at the higher must be its own at the lower (Song et al. 2023, arXiv 2303.01469, Algorithm 3).
 * There is no teacher, neither a model nor an average of the student (Song and Dhariwal 2023, arXiv 2310.14189, section
 * 3.2). At level 0 the answer is the picture itself: our network predicts pictures without a skip from its input, so
 * that pairs that end at 0 are what anchors it, and a level below `LOWEST_LEVEL` asks nothing that a frame of bytes
 * could show. A method is how pairs are drawn and weighted.
 *
 * The error is the pseudo-Huber distance of whole pictures, √(‖Δ‖² + c²) − c with c = 0.00054 √d (ibid., section 3.3).
 */
import * as tf from '@tensorflow/tfjs';
import { FRAME_BYTES } from '../../../shared/frame.ts';
import type { Random } from '../../../shared/random.ts';
import { float32, type Tensors } from '../../tensor/program.ts';
import { type Coefficients, combineTensors, noising } from '../cosine/ddim.ts';
import { timeOfLevel } from '../cosine/noiseLevels.ts';
import { denoise, toPatches, toPictures } from '../network/denoiser.ts';
import { conditionOf } from './conditionInputs.ts';
import {
  coefficientInputs,
  coefficients,
  input,
  noisySignature,
  patchNoise,
  type TrainingMethod,
  withoutGradient,
} from './trainingMethod.ts';

/** Two noise levels, `level > next ≥ 0`, and what their difference in answers weighs. */
export interface NoisePair {
  readonly level: number;
  readonly next: number;
  readonly weight: number;
}

export type DrawNoisePair = (random: Random, progress: number) => NoisePair;

const HUBER = 0.00054 * Math.sqrt(FRAME_BYTES);

export function noisePairTraining(drawPair: DrawNoisePair): TrainingMethod {
  return {
    calls: 2,
    signature: (batch) => ({
      ...noisySignature(batch, ['times', 'nextTimes'], ['noising', 'nextNoising', 'target']),
      weight: { shape: [batch] },
    }),
    loss: pairLoss,
    draw({ batch, random, noise, progress }) {
      const pairs = Array.from({ length: batch }, () => drawPair(random, progress));
      const times = pairs.map(({ level }) => timeOfLevel(level));
      const nextTimes = pairs.map(({ next }) => timeOfLevel(next));
      const weights = pairs.map(({ weight }) => weight);
      return {
        noise: patchNoise(random, noise, batch),
        times: float32(times, [batch]),
        nextTimes: float32(nextTimes, [batch]),
        weight: float32(weights, [batch]),
        ...coefficientInputs('noising', times.map(noising)),
        ...coefficientInputs('nextNoising', nextTimes.map(noising)),
        ...coefficientInputs(
          'target',
          pairs.map(({ next }) => targetWeights(next)),
        ),
      };
    },
  };
}

/** The target from (the student's x̂ at the lower level, the picture). */
export function targetWeights(next: number): Coefficients {
  return next === 0 ? [0, 1] : [1, 0];
}

function pairLoss(params: Tensors, inputs: Tensors): tf.Scalar {
  const [clean, noise] = [toPatches(input(inputs, 'pictures')), input(inputs, 'noise')];
  const noisy = combineTensors(coefficients(inputs, 'noising'), clean, noise);
  const condition = conditionOf(params, inputs);
  const target = withoutGradient(() => {
    const lessNoisy = combineTensors(coefficients(inputs, 'nextNoising'), clean, noise);
    const answer = denoise(params, lessNoisy, input(inputs, 'nextTimes'), condition);
    return combineTensors(coefficients(inputs, 'target'), answer, clean);
  }, noisy);
  const answer = denoise(params, noisy, input(inputs, 'times'), condition);
  const squares = tf.mul(toPictures(tf.square(tf.sub(answer, target))), input(inputs, 'emphasis'));
  return tf.mean(tf.mul(pseudoHuber(tf.sum(squares, [1, 2, 3]), HUBER), input(inputs, 'weight')));
}

/** √(squared distance + c²) − c, for each of [batch]. */
export function pseudoHuber(squaredDistance: tf.Tensor, c: number): tf.Tensor {
  return tf.sub(tf.sqrt(tf.add(squaredDistance, c * c)), c);
}
