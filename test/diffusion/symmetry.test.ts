/**
 * Symmetries that the renderer's parts have by construction: what a convolution does does not depend on where it is or,
 * with a kernel that looks alike from all sides, on how the grid is turned; attention does not know the order of its
 * tokens; points drawn as maps move with the points.
 */
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { pointMaps } from '../../models/diffusion/network/pointMaps.ts';
import { conv2d } from '../../models/nn/conv2d.ts';
import { groupNorm } from '../../models/nn/groupNorm.ts';
import { multiHeadAttention, multiHeadAttentionSpecs } from '../../models/nn/multiHeadAttention.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { float32, type HostTensors, type TensorFunction } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

async function run(fn: TensorFunction, inputs: HostTensors): Promise<Float32Array[]> {
  const signature = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, { shape }]));
  const program = await engine.compile(fn, signature);
  const results = await program.run(inputs);
  await program.dispose();
  return Object.values(results).map(({ data }) => data as Float32Array);
}

function apart(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return Math.max(...Array.from(a ?? [Number.NaN], (value, i) => Math.abs(value - (b?.[i] as number))));
}

const normals = (seed: number, ...shape: number[]) =>
  float32(new Random(seed).normals(shape.reduce((product, side) => product * side, 1)), shape);

/** The eight ways to turn and mirror a square grid [batch, side, side, channels]. */
const turns: readonly ((x: tf.Tensor) => tf.Tensor)[] = [false, true].flatMap((mirrored) =>
  [0, 1, 2, 3].map((quarters) => (x: tf.Tensor) => {
    let turned = mirrored ? tf.reverse(x, 2) : x;
    for (let i = 0; i < quarters; i++) turned = tf.reverse(tf.transpose(turned, [0, 2, 1, 3]), 1);
    return turned;
  }),
);

describe('a convolution on the grid', () => {
  const [x, kernel] = [normals(1, 1, 16, 16, 3), normals(2, 3, 3, 3, 8)];

  it('commutes with all turns of the square where its kernel does', async () => {
    for (const turn of turns) {
      const [turnedBefore, turnedAfter] = await run(
        (inputs) => {
          const [grid, taken] = [inputs.x as tf.Tensor, inputs.kernel as tf.Tensor];
          const [rows, columns, from, to] = taken.shape as [number, number, number, number];
          const asGrid = tf.reshape(taken, [1, rows, columns, from * to]);
          const alike = tf.reshape(tf.addN(turns.map((each) => each(asGrid))), taken.shape);
          const layer = (input: tf.Tensor) => groupNorm({}, 'n', conv2d({ 'c/kernel': alike }, 'c', input));
          return { before: layer(turn(grid)), after: turn(layer(grid)) };
        },
        { x, kernel },
      );
      expect(apart(turnedBefore, turnedAfter)).toBeLessThan(1e-3);
    }
  });

  it('does not where its kernel has a side', async () => {
    const [before, after] = await run(
      (inputs) => {
        const layer = (input: tf.Tensor) => conv2d({ 'c/kernel': inputs.kernel as tf.Tensor }, 'c', input);
        const mirrored = turns[4] as (x: tf.Tensor) => tf.Tensor;
        return { before: layer(mirrored(inputs.x as tf.Tensor)), after: mirrored(layer(inputs.x as tf.Tensor)) };
      },
      { x, kernel },
    );
    expect(apart(before, after)).toBeGreaterThan(1);
  });
});

describe('attention', () => {
  it('knows no order: permuted tokens give permuted answers', async () => {
    const weights = initialise(multiHeadAttentionSpecs('a', 64), new Random(3));
    const order = Array.from({ length: 16 }, (_, i) => (5 * i + 3) % 16);
    const [before, after] = await run(
      ({ tokens, ...params }) => {
        const permuted = (x: tf.Tensor) => tf.gather(x, order, 1);
        const attend = (x: tf.Tensor) => multiHeadAttention(params, 'a', x, 2);
        return { before: attend(permuted(tokens as tf.Tensor)), after: permuted(attend(tokens as tf.Tensor)) };
      },
      { tokens: normals(5, 2, 16, 64), ...weights },
    );
    expect(apart(before, after)).toBeLessThan(1e-4);
  });
});

describe("a latent's points as maps", () => {
  const CELLS = 16;
  /** Points are the latent itself: one point, at x and y in [−1, 1] across the frame. */
  const params = { 'p/kernel': float32([1, 0, 0, 1], [2, 2]), 'p/bias': float32([0, 0], [2]) };

  async function drawn(x: number, y: number): Promise<(row: number, column: number) => number[]> {
    const [maps] = await run(({ latents, ...weights }) => ({ maps: pointMaps(weights, 'p', latents as tf.Tensor) }), {
      latents: float32([x, y], [1, 2]),
      ...params,
    });
    return (row, column) => Array.from(maps?.slice(3 * (row * CELLS + column), 3 * (row * CELLS + column) + 3) ?? []);
  }

  it('move by whole cells as the point does', async () => {
    const [here, there] = [await drawn(-0.3, 0.1), await drawn(-0.3 + 4 / (CELLS / 2), 0.1 - 2 / (CELLS / 2))];
    for (let row = 2; row < CELLS; row++)
      for (let column = 0; column < CELLS - 4; column++)
        here(row, column).forEach((value, i) => {
          expect(there(row - 2, column + 4)[i]).toBeCloseTo(value, 5);
        });
  });

  it('are mirrored with the point, offsets with the sign of their axis', async () => {
    const [here, mirrored] = [await drawn(0.35, -0.2), await drawn(-0.35, -0.2)];
    for (let row = 0; row < CELLS; row++)
      for (let column = 0; column < CELLS; column++) {
        const [bump, across, down] = here(row, column) as [number, number, number];
        const seen = mirrored(row, CELLS - 1 - column);
        [bump, -across, down].forEach((value, i) => {
          expect(seen[i]).toBeCloseTo(value, 5);
        });
      }
  });
});
