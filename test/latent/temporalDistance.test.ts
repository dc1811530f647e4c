/** The temporal-distance head: its expectile, its pairs, and that it learns steps. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultDistancePairsConfig, drawDistancePairs } from '../../models/latent/distancePairs.ts';
import {
  defaultTemporalDistanceConfig,
  temporalDistance,
  temporalDistanceLoss,
  temporalDistanceSpecs,
} from '../../models/latent/temporalDistance.ts';
import { trainDistance } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A point that walks along a line by one unit a step: the distance between two latents is the steps between them. */
function walk(steps: number, start: number): Trajectory {
  const latents = Float32Array.from({ length: 2 * (steps + 1) }, (_, i) => (i % 2 === 0 ? (start + i / 2) / 10 : 0));
  return { steps, latents, actions: new Float32Array(steps) };
}

describe('temporal distance', () => {
  test('pairs are labelled with the steps between them', () => {
    const config = { ...defaultDistancePairsConfig, noise: 0, crossEpisode: 0 };
    const { from, to, steps } = drawDistancePairs([walk(20, 0), walk(20, 5)], 2, 10, config, new Random(1));
    steps?.data.forEach((label, i) => {
      const apart = (to?.data[2 * i] as number) - (from?.data[2 * i] as number);
      expect(label).toBeCloseTo(apart, 5); // a unit of the label is ten steps, of the latent too
    });
    expect(Math.min(...(steps?.data ?? []))).toBe(0);
    expect(Math.max(...(steps?.data ?? []))).toBe(2);
  });

  test('pairs are labelled with the first arrival, where an episode stays at its goal or comes back to it', () => {
    const there = 6;
    /** Walks for `there` steps, stands for five, and walks back. */
    const places = Array.from({ length: 21 }, (_, step) => Math.min(step, there) - Math.max(0, step - there - 5));
    const stays: Trajectory = { ...walk(20, 0), latents: Float32Array.from(places.flatMap((at) => [at / 10, 0])) };
    const config = { ...defaultDistancePairsConfig, noise: 0, crossEpisode: 0 };
    const { from, to, steps } = drawDistancePairs([stays], 2, 1, config, new Random(5));
    const place = (tensor: typeof from, i: number): number => Math.round(10 * (tensor?.data[2 * i] as number));
    steps?.data.forEach((label, i) => {
      const starts = places.flatMap((at, step) => (at === place(from, i) ? [step] : []));
      const firsts = starts.map((start) => places.slice(start).indexOf(place(to, i)));
      expect(firsts).toContain(label);
    });
    const standing = [...(steps?.data ?? [])].filter((_, i) => place(from, i) === there && place(to, i) === there);
    expect(standing.length).toBeGreaterThan(5);
    expect(Math.max(...standing)).toBe(0);
  });

  test('pairs are not alike where only their motion differs', () => {
    /** Hangs at one place, with a motion that grows. */
    const latents = Float32Array.from({ length: 2 * 11 }, (_, i) => (i % 2 === 0 ? 0 : i - 1));
    const hangs: Trajectory = { steps: 10, latents, actions: new Float32Array(10) };
    const config = { ...defaultDistancePairsConfig, noise: 0, crossEpisode: 0 };
    const { from, to, steps } = drawDistancePairs([hangs], 1, 1, config, new Random(6));
    steps?.data.forEach((label, i) => {
      expect(label).toBe(((to?.data[2 * i + 1] as number) - (from?.data[2 * i + 1] as number)) / 2);
    });
  });

  test('the loss leans towards the shortest passage', () => {
    const heads = 1;
    const config = { ...defaultTemporalDistanceConfig, heads };
    const params = constants(initialise(temporalDistanceSpecs(config, 2), new Random(2)));
    const point = tf.zeros([1, 2]) as tf.Tensor2D;
    const guess = temporalDistance(params, point, point, heads).dataSync()[0] as number;
    const lossOf = (steps: number): number =>
      temporalDistanceLoss(
        params,
        { from: point, to: point, steps: tf.tensor1d([steps]) },
        config,
      ).dataSync()[0] as number;
    expect(guess).toBeGreaterThan(0);
    expect(lossOf(guess - 0.3)).toBeCloseTo(0.8 * 0.09, 5);
    expect(lossOf(guess + 0.3)).toBeCloseTo(0.2 * 0.09, 5);
  });

  test('is the mean of heads that differ', () => {
    const config = { ...defaultTemporalDistanceConfig, heads: 3 };
    const params = initialise(temporalDistanceSpecs(config, 2), new Random(2));
    const [from, to] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[3, -1]])];
    const alone = ['distance', 'distance/2', 'distance/3'].map((head) => {
      const own = Object.entries(params).filter(([name]) => new RegExp(`^${head}/[a-z]`).test(name));
      const renamed = own.map(([name, tensor]) => [name.replace(head, 'distance'), tensor] as const);
      return temporalDistance(constants(Object.fromEntries(renamed)), from, to, 1).dataSync()[0] as number;
    });
    const [first, ...others] = alone as [number, ...number[]];
    for (const other of others) expect(Math.abs(other - first)).toBeGreaterThan(1e-3);
    const mean = alone.reduce((sum, value) => sum + value, 0) / alone.length;
    expect(temporalDistance(constants(params), from, to, 3).dataSync()[0]).toBeCloseTo(mean, 5);
  });

  test('learns to count steps', async () => {
    const clock = new ManualClock();
    const engine = createCpuEngine();
    const trajectories = Array.from({ length: 20 }, (_, i) => walk(20, i - 10));
    const config = { ...defaultTemporalDistanceConfig, hidden: 64 };
    const head = await trainDistance({
      engine,
      clock,
      trajectories,
      poseSize: 2,
      config,
      minutes: 300 / 60_000,
      random: new Random(4),
      pairs: { ...defaultDistancePairsConfig, crossEpisode: 0 },
      onStep: () => clock.advance(1),
    });
    const params = constants(head);
    const between = (a: number, b: number): number => {
      const distance = temporalDistance(params, tf.tensor2d([[a / 10, 0]]), tf.tensor2d([[b / 10, 0]]), config.heads);
      return (distance.dataSync()[0] as number) * 10;
    };
    expect(between(0, 4)).toBeGreaterThan(2);
    expect(between(0, 4)).toBeLessThan(6);
    expect(between(0, 12)).toBeGreaterThan(9);
    expect(between(0, 12)).toBeLessThan(15);

    const further = (heads: number) =>
      trainDistance({
        engine,
        clock,
        trajectories,
        poseSize: 2,
        learned: head,
        config: { ...config, heads },
        minutes: 0,
        random: new Random(5),
      });
    expect(await further(config.heads), 'goes on from what was learned').toEqual(head);
    const more = await further(config.heads + 1);
    expect(more['distance/layer0/kernel'], 'another number of heads begins anew').not.toEqual(
      head['distance/layer0/kernel'],
    );
    await engine.dispose();
  });
});
