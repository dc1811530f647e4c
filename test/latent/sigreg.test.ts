/** SIGReg against the values that its formula gives for known distributions. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { SIGREG_FLOOR, sigreg, sigregOfCollapsed } from '../../models/latent/sigreg.ts';
import { Random } from '../../shared/random.ts';

const COUNT = 256;
const SIZE = 16;

beforeAll(() => tf.setBackend('cpu'));

function directions(count: number): tf.Tensor2D {
  const raw = tf.tensor2d(new Random(2).normals(SIZE * count), [SIZE, count]);
  return tf.div(raw, tf.norm(raw, 2, 0, true)) as tf.Tensor2D;
}

/** SIGReg of normal latents of the given deviation, averaged over draws. */
function expected(deviation: number, draws: number): number {
  const random = new Random(3);
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    const latents = tf.tensor2d(random.normals(COUNT * SIZE), [COUNT, SIZE]).mul(deviation) as tf.Tensor2D;
    sum += sigreg(latents, directions(64)).dataSync()[0] as number;
  }
  return sum / draws;
}

test('standard normal latents give the floor', () => {
  expect(Math.abs(expected(1, 20) - SIGREG_FLOOR)).toBeLessThan(0.15);
});

test('collapsed latents give 0.402 a sample', () => {
  const collapsed = tf.zeros([COUNT, SIZE]) as tf.Tensor2D;
  const value = sigreg(collapsed, directions(64)).dataSync()[0] as number;
  expect(value / sigregOfCollapsed(COUNT)).toBeCloseTo(1, 2);
});

test('latents that spread too little cost more the less they spread', () => {
  const [slightly, much] = [expected(0.8, 4), expected(0.5, 4)];
  expect(slightly).toBeGreaterThan(2 * SIGREG_FLOOR);
  expect(much).toBeGreaterThan(4 * slightly);
});
