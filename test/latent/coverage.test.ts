/** The coverage loss against cross-entropies done by hand. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { coverageLoss } from '../../models/latent/coverage.ts';

beforeAll(() => tf.setBackend('cpu'));

/** One frame of 2×2 cells with one channel. */
const ink = (values: number[]): tf.Tensor => tf.tensor4d(values, [1, 2, 2, 1]);
const alike = tf.ones([1, 2, 2, 1]);

function loss(heat: number[][], values: number[], emphasis: tf.Tensor = alike): number {
  return coverageLoss(tf.tensor3d([heat]), ink(values), emphasis).dataSync()[0] as number;
}

describe('coverage', () => {
  test('is the entropy of the saliency when the heat maps match it together', () => {
    const heat = [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ];
    expect(loss(heat, [0.5, 0, 0, -0.5])).toBeCloseTo(Math.log(2), 3);
  });

  test('is very large while an object has no keypoint', () => {
    const heat = [
      [1, 0, 0, 0],
      [1, 0, 0, 0],
    ];
    expect(loss(heat, [0.5, 0, 0, 0.5])).toBeGreaterThan(6);
  });

  test('weights what is rare', () => {
    const heat = [[0.9, 0.1 / 3, 0.1 / 3, 0.1 / 3]];
    const small = [0.5, 0, 0, 0.05];
    const rare = tf.tensor4d([1, 1, 1, 10], [1, 2, 2, 1]);
    expect(loss(heat, small, rare)).toBeGreaterThan(2 * loss(heat, small));
  });

  test('pulls a heat map towards an object at any distance', () => {
    const gradient = tf.grad((logits) => coverageLoss(tf.softmax(logits) as tf.Tensor3D, ink([0, 0, 0, 1]), alike))(
      tf.tensor3d([[[5, 0, 0, -5]]]),
    );
    const values = Array.from(gradient.dataSync());
    expect(values[3]).toBeLessThan(-0.5);
    expect(values[0]).toBeGreaterThan(0.5);
  });
});
