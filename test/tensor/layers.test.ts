import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNorm, batchNormInference, runningStatistic } from '../../models/nn/batchNorm.ts';
import { conv2d, conv2dSpecs } from '../../models/nn/conv2d.ts';
import { dense, denseSpecs } from '../../models/nn/dense.ts';
import { film, filmSpecs } from '../../models/nn/film.ts';
import { groupNorm, groupNormSpecs } from '../../models/nn/groupNorm.ts';
import { layerNorm, layerNormSpecs } from '../../models/nn/layerNorm.ts';
import { pixelGrid } from '../../models/nn/pixelGrid.ts';
import { selfAttention, selfAttentionSpecs } from '../../models/nn/selfAttention.ts';
import { silu } from '../../models/nn/silu.ts';
import { depthToSpace, spaceToDepth } from '../../models/nn/spaceToDepth.ts';
import { timeEmbedding } from '../../models/nn/timeEmbedding.ts';
import { initialise, type ParameterSpecs } from '../../models/tensor/parameters.ts';
import type { Tensors } from '../../models/tensor/program.ts';
import { WeightsError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

const random = new Random(4);
const normal = (shape: number[]) => tf.tensor(random.normals(shape.reduce((a, b) => a * b, 1)), shape);
const parameters = (specs: ParameterSpecs): Tensors =>
  Object.fromEntries(
    Object.entries(initialise(specs, random)).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];
const close = (actual: tf.Tensor, expected: tf.Tensor) => {
  expect(actual.shape).toEqual(expected.shape);
  expect(values(tf.max(tf.abs(tf.sub(actual, expected))))[0]).toBeLessThan(1e-5);
};

describe('dense', () => {
  it('is x · kernel + bias over the last axis, whatever stands before it', () => {
    const params = {
      'd/kernel': tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      'd/bias': tf.tensor1d([10, 20]),
    };
    const y = dense(params, 'd', tf.tensor([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], [2, 2, 3]));
    expect(y.shape).toEqual([2, 2, 2]);
    expect(values(y)).toEqual([11, 22, 13, 24, 15, 26, 19, 32]);
  });

  it('has no bias where none was declared, and names a kernel that is missing', () => {
    expect(Object.keys(denseSpecs('d', 2, 2, { bias: false }))).toEqual(['d/kernel']);
    expect(() => dense({}, 'd', normal([1, 2]))).toThrow(WeightsError);
    expect(() => dense({}, 'd', normal([1, 2]))).toThrow('"d/kernel"');
  });
});

describe('conv2d', () => {
  it('keeps the size at stride 1 and halves it, rounding up, at stride 2', () => {
    const params = parameters(conv2dSpecs('c', 3, 5));
    expect(conv2d(params, 'c', normal([2, 7, 8, 3])).shape).toEqual([2, 7, 8, 5]);
    expect(conv2d(params, 'c', normal([2, 7, 8, 3]), 2).shape).toEqual([2, 4, 4, 5]);
  });

  it('of size 1 is a dense layer on every pixel', () => {
    const params = parameters(conv2dSpecs('c', 3, 5, { size: 1 }));
    const x = normal([2, 4, 4, 3]);
    const kernel = tf.reshape(params['c/kernel'] as tf.Tensor, [3, 5]);
    close(conv2d(params, 'c', x), dense({ 'd/kernel': kernel, 'd/bias': params['c/bias'] as tf.Tensor }, 'd', x));
  });
});

describe('norms', () => {
  const spread = (x: tf.Tensor, axes: number[]) => {
    const { mean, variance } = tf.moments(x, axes);
    expect(Math.max(...values(tf.abs(mean)))).toBeLessThan(1e-5);
    expect(Math.max(...values(tf.abs(tf.sub(variance, 1))))).toBeLessThan(1e-3);
  };
  const scaled = (shape: number[]) => tf.add(tf.mul(normal(shape), 7), 3);

  it('of layers standardise rows', () => {
    spread(layerNorm(parameters(layerNormSpecs('n', 16)), 'n', scaled([3, 5, 16])), [2]);
  });

  it('of one group standardise images as a whole, and of several each group of channels', () => {
    const params = parameters(groupNormSpecs('n', 8));
    const x = scaled([3, 4, 4, 8]);
    spread(groupNorm(params, 'n', x), [1, 2, 3]);
    spread(tf.reshape(groupNorm(params, 'n', x, 2), [3, 16, 2, 4]), [1, 3]);
  });

  it('of groups draw an image the same alone and in company', () => {
    const params = parameters(groupNormSpecs('n', 8));
    const x = scaled([3, 4, 4, 8]);
    const alone = groupNorm(params, 'n', tf.slice(x, [1, 0, 0, 0], [1, 4, 4, 8]));
    close(alone, tf.slice(groupNorm(params, 'n', x), [1, 0, 0, 0], [1, 4, 4, 8]));
  });

  it('of batches standardise features, and infer alike from the same statistics', () => {
    const x = scaled([64, 6]);
    const { output, mean, variance } = batchNorm(x);
    spread(output, [0]);
    close(batchNormInference(x, mean, variance), output);
    expect(values(runningStatistic(tf.scalar(10), tf.scalar(20), 0.9))[0]).toBeCloseTo(11, 5);
  });
});

describe('space to depth', () => {
  it('orders a block by row, column and channel, and is undone by depth to space', () => {
    const x = tf.reshape(tf.range(0, 16), [1, 4, 4, 1]);
    expect(values(spaceToDepth(x, 2)).slice(0, 8)).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
    const image = normal([2, 8, 12, 3]);
    expect(spaceToDepth(image, 4).shape).toEqual([2, 2, 3, 48]);
    close(depthToSpace(spaceToDepth(image, 4), 4), image);
  });
});

describe('the grid of pixels', () => {
  it('says row by row where each is, x to the right and y downwards', () => {
    const at = (grid: tf.Tensor2D, pixel: number) => values(grid).slice(2 * pixel, 2 * pixel + 2);
    const grid = pixelGrid(5, 9);
    expect(grid.shape).toEqual([45, 2]);
    expect(at(grid, 8), 'top right').toEqual([1, -1]);
    expect(at(grid, 4 * 9 + 2), 'bottom, a quarter from the left').toEqual([-0.5, 1]);
    expect(values(tf.mean(grid, 0))).toEqual([expect.closeTo(0, 6), expect.closeTo(0, 6)]);
    expect(values(pixelGrid(1, 1)), 'a single one is in the middle').toEqual([0, 0]);
  });
});

describe('time embedding', () => {
  it('is cosines, then sines, at frequencies from 1 downwards', () => {
    const [c0, c1, s0, s1] = values(timeEmbedding(tf.tensor1d([2]), 4, 100)) as [number, number, number, number];
    expect([c0, c1, s0, s1]).toEqual(
      [Math.cos(2), Math.cos(0.2), Math.sin(2), Math.sin(0.2)].map((at) => expect.closeTo(at, 5)),
    );
  });
});

describe('modulation', () => {
  it('starts as the identity and then scales and shifts each channel', () => {
    const params = parameters(filmSpecs('f', 3, 2));
    const x = normal([2, 4, 4, 2]);
    const condition = normal([2, 3]);
    close(film(params, 'f', x, condition), x);
    const set = { ...params, 'f/bias': tf.tensor1d([1, 0, 5, -5]) };
    close(film(set, 'f', x, condition), tf.add(tf.mul(x, [2, 1]), [5, -5]));
  });
});

describe('self-attention', () => {
  it('treats tokens as a set: permuted in, permuted out', () => {
    const params = parameters(selfAttentionSpecs('a', 8));
    const x = normal([2, 5, 8]);
    const order = tf.tensor1d([3, 1, 4, 0, 2], 'int32');
    close(selfAttention(params, 'a', tf.gather(x, order, 1)), tf.gather(selfAttention(params, 'a', x), order, 1));
  });

  it('gives equal tokens their common value', () => {
    const params = parameters(selfAttentionSpecs('a', 8));
    const token = normal([2, 1, 8]);
    const out = selfAttention(params, 'a', tf.tile(token, [1, 4, 1]));
    close(out, tf.tile(selfAttention(params, 'a', token), [1, 4, 1]));
  });
});

describe('silu', () => {
  it('is x times the sigmoid of x', () => {
    expect(values(silu(tf.tensor1d([0, 1, -20])))).toEqual([0, expect.closeTo(0.731059, 5), expect.closeTo(0, 6)]);
  });
});
