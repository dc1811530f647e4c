import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultEncoderConfig, poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { latentOf, latentSizeOf, MOTION_SCALE, posesOf, withMotion } from '../../models/latent/motion.ts';
import { defaultPredictorConfig, predict, predictorSpecs, rollOut } from '../../models/latent/predictor.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { Random } from '../../shared/random.ts';

const number = fc.float({ min: -3, max: 3, noNaN: true });
const clip = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) =>
    fc
      .array(number, { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => ({ rows, columns, data: Float32Array.from(values) })),
  );

describe('a latent', () => {
  it('of a clip holds the pose, which can be read back, and how it moved', () => {
    fc.assert(
      fc.property(clip, (poses) => {
        const latents = withMotion(poses);
        expect(posesOf(latents, poses.columns)).toEqual(poses);
        expect(posesOf(poses, poses.columns)).toEqual(poses);
        for (let row = 0; row < poses.rows; row++) {
          for (let i = 0; i < poses.columns; i++) {
            const now = poses.data[row * poses.columns + i] as number;
            const before = row === 0 ? now : (poses.data[(row - 1) * poses.columns + i] as number);
            const motion = latents.data[row * latents.columns + poses.columns + i] as number;
            expect(motion).toBeCloseTo(MOTION_SCALE * (now - before), 4);
          }
        }
      }),
    );
  });

  it('is the same in a graph as in memory', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 12, maxLength: 12 }), (values) => {
        const data = Float32Array.from(values);
        const expected = withMotion({ rows: 2, columns: 6, data }).data.slice(12);
        const actual = tf.tidy(() => {
          const [before, now] = tf.split(tf.tensor2d(data, [2, 6]), 2, 0) as [tf.Tensor2D, tf.Tensor2D];
          return latentOf(before, now).dataSync() as Float32Array;
        });
        actual.forEach((value, i) => void expect(value).toBeCloseTo(expected[i] as number, 4));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the predictor', () => {
  const layout = { encoder: { ...defaultEncoderConfig, keypoints: 3 }, frames: 2 } as const;
  const config = { ...defaultPredictorConfig, hidden: 16 };

  function parameters(): Record<string, tf.Tensor> {
    const values = initialise(predictorSpecs(config, layout, 1), new Random(1));
    return Object.fromEntries(
      Object.entries(values).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
    );
  }

  it('lets things go on as they move until it has learned otherwise', () => {
    const params = { ...parameters() };
    params['predictor/out/kernel'] = tf.zerosLike(params['predictor/out/kernel'] as tf.Tensor);
    const pose = poseSizeOf(layout.encoder);
    const start = tf.concat([tf.zeros([1, pose]), tf.ones([1, pose])], 1) as tf.Tensor2D;
    const steps = rollOut(params, start, tf.zeros([1, 4, 1]), config);
    steps.forEach((latent, t) => {
      const values = latent.dataSync();
      expect(values).toHaveLength(latentSizeOf(layout));
      values.forEach((value, i) => void expect(value).toBeCloseTo(i < pose ? (t + 1) / MOTION_SCALE : 1, 4));
    });
  });

  it('never contradicts itself: the motion is what the pose has changed by', () => {
    const pose = poseSizeOf(layout.encoder);
    const start = tf.randomNormal([5, 2 * pose], 0, 1, 'float32', 7) as tf.Tensor2D;
    const next = predict(parameters(), start, tf.ones([5, 1]) as tf.Tensor2D, config);
    const expected = latentOf(
      tf.slice(start, [0, 0], [5, pose]) as tf.Tensor2D,
      tf.slice(next, [0, 0], [5, pose]) as tf.Tensor2D,
    );
    expect(tf.max(tf.abs(tf.sub(next, expected))).dataSync()[0]).toBeLessThan(1e-5);
  });
});
