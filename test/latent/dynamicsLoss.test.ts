/** The predictor's loss: in closed form where nothing is predicted to move, and nothing where that is right. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { dynamicsLoss } from '../../models/latent/dynamicsLoss.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import type { LatentLayout } from '../../models/latent/motion.ts';
import { predictorSpecs } from '../../models/latent/predictor.ts';
import type { ParameterSpecs } from '../../models/tensor/parameters.ts';
import type { Tensors } from '../../models/tensor/program.ts';

beforeAll(() => tf.setBackend('cpu'));

const layout: LatentLayout = { encoder: { keypoints: 1, channels: [4, 4, 4] }, frames: 1 };
const pose = poseSizeOf(layout.encoder);
const predictor = { hidden: 4, layers: 1 };

/** A predictor of nothing but zeros foresees that everything stays where it is. */
function zeros(specs: ParameterSpecs): Tensors {
  return Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, tf.zeros([...shape])]));
}

/** The loss of one window that begins at the origin and then is at each of some poses. */
function lossOf(poses: readonly (readonly number[])[], softness: number): Record<'loss' | 'first' | 'last', number> {
  const batch = {
    latents: tf.tensor3d([[Array.from({ length: pose }, () => 0), ...poses.map((each) => [...each])]]),
    actions: tf.zeros([1, poses.length, 1]),
  };
  const { loss, terms } = dynamicsLoss(zeros(predictorSpecs(predictor, layout, 1)), batch, predictor, pose, softness);
  const value = (scalar: tf.Tensor | undefined): number => scalar?.dataSync()[0] ?? Number.NaN;
  return { loss: value(loss), first: value(terms.firstStep), last: value(terms.lastStep) };
}

const somewhere = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: pose, maxLength: pose });

test('is the softened root of the mean square error of each step, averaged', () => {
  fc.assert(
    fc.property(fc.array(somewhere, { minLength: 1, maxLength: 4 }), fc.constantFrom(0.02, 0.5), (poses, softness) => {
      const errors = poses.map((each) => {
        const square = each.reduce((sum, x) => sum + x ** 2, 0) / pose;
        return Math.sqrt(square + softness ** 2) - softness;
      });
      const { loss, first, last } = lossOf(poses, softness);
      expect(loss).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / errors.length, 5);
      expect(first).toBeCloseTo(errors[0] as number, 5);
      expect(last).toBeCloseTo(errors.at(-1) as number, 5);
    }),
    { numRuns: 30 },
  );
});

test('is nothing where all is foreseen, a square near that, and the error itself far from it', () => {
  const off = (by: number) => [Array.from({ length: pose }, () => by)];
  expect(lossOf(off(0), 0.02).loss).toBeCloseTo(0, 7);
  expect(lossOf(off(0.002), 0.02).loss / (0.002 ** 2 / 0.04)).toBeCloseTo(1, 1);
  expect(lossOf(off(2), 0.02).loss).toBeCloseTo(2 - 0.02, 3);
});
