/** What the encoder promises by construction, whatever its weights. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeInk } from '../../models/latent/ink.ts';
import { CELL, defaultEncoderConfig, encoderSpecs, keypoints } from '../../models/latent/keypointEncoder.ts';
import { constants } from '../../models/tensor/constants.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';

beforeAll(() => tf.setBackend('cpu'));

const white: Frame = new Uint8Array(FRAME_BYTES).fill(255);

/** A white frame with a coloured square of 8×8 pixels, its corner at x, y. */
function square(x: number, y: number): Frame {
  const frame = white.slice();
  for (let row = y; row < y + 8; row++)
    for (let column = x; column < x + 8; column++) frame.set([200, 20, 60], (row * FRAME_SIZE + column) * 3);
  return frame;
}

function encode(frames: readonly Frame[], weightSeed = 1): { positions: number[][]; spread: number[][] } {
  const params = constants(initialise(encoderSpecs(defaultEncoderConfig), new Random(weightSeed)));
  const ink = new Float32Array(frames.length * FRAME_BYTES);
  frames.forEach((frame, i) => {
    writeInk(frame, white, ink, i * FRAME_BYTES);
  });
  const { positions, spread } = keypoints(params, tf.tensor(ink, [frames.length, 16, 16, 48]), defaultEncoderConfig);
  return { positions: positions.arraySync(), spread: spread.arraySync() };
}

describe('keypoints', () => {
  test('sit in the middle of an empty frame, spread over all of it', () => {
    const { positions, spread } = encode([white]);
    for (const coordinate of positions[0] as number[]) expect(coordinate).toBeCloseTo(0, 5);
    // The variance of 16 even steps over [−1, 1], for each of two axes.
    for (const variance of spread[0] as number[]) expect(variance).toBeCloseTo((2 * 17) / (3 * 15), 4);
  });

  test('move right when the picture moves right, down when it moves down', () => {
    const [here, right, below] = encode([square(20, 20), square(32, 20), square(20, 32)]).positions as number[][];
    const moved = (to: number[] | undefined, axis: number): number[] =>
      (to as number[]).map((value, i) => value - (here as number[])[i]!).filter((_, i) => i % 2 === axis);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(moved(right, 0))).toBeGreaterThan(10 * Math.abs(mean(moved(right, 1))));
    expect(mean(moved(below, 1))).toBeGreaterThan(10 * Math.abs(mean(moved(below, 0))));
  });

  test('never leave the frame by more than a cell', () => {
    const random = new Random(3);
    const noisy = Uint8Array.from({ length: FRAME_BYTES }, () => random.integer(256));
    for (const seed of [1, 2, 3]) {
      for (const coordinate of encode([noisy], seed).positions[0] as number[]) {
        expect(Math.abs(coordinate)).toBeLessThanOrEqual(1 + CELL);
      }
    }
  });

  test('of a frame do not depend on its company', () => {
    const alone = encode([square(10, 40)]).positions[0] as number[];
    const inCompany = encode([square(40, 10), square(10, 40)]).positions[1] as number[];
    inCompany.forEach((value, i) => {
      expect(value).toBeCloseTo(alone[i] as number, 5);
    });
  });
});
