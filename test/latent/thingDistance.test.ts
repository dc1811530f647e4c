/** The distance to things: its pairs, that it does not see the goal's body, and that it learns the first arrival. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultDistancePairsConfig } from '../../models/latent/distancePairs.ts';
import {
  defaultThingDistanceConfig,
  THING_MASK,
  thingDistance,
  thingDistanceLoss,
  thingDistanceSpecs,
} from '../../models/latent/thingDistance.ts';
import { drawThingPairs } from '../../models/latent/thingPairs.ts';
import { trainThings } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import type { HostTensors } from '../../models/tensor/program.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

beforeAll(() => tf.setBackend('cpu'));

const things = Float32Array.of(0, 1);

/** A body walks along a line, by a tenth a step; from `at` on it pushes a thing that lay there, for `pushes` steps. */
function push(steps: number, at: number, pushes: number): Trajectory {
  const latents = Float32Array.from({ length: 2 * (steps + 1) }, (_, i) => {
    const step = Math.floor(i / 2);
    const body = step / 10;
    return i % 2 === 0 ? body : (at + Math.min(pushes, Math.max(0, step - at))) / 10;
  });
  return { steps, latents, actions: new Float32Array(steps) };
}

const rows = (tensors: HostTensors, name: string): number[][] => {
  const { data, shape } = tensors[name] ?? { data: [], shape: [0, 0] };
  const [count = 0, width = 1] = shape;
  return Array.from({ length: count }, (_, i) => Array.from(data.slice(i * width, (i + 1) * width)));
};

describe('pairs', () => {
  const config = { ...defaultDistancePairsConfig, noise: 0, crossEpisode: 0, batch: 400 };

  test('are labelled with the first time that the things were where the goal has them', () => {
    const [at, pushes] = [6, 5];
    const pairs = drawThingPairs([push(20, at, pushes)], things, 2, config, new Random(1));
    const labels = [...(pairs.distance?.data ?? [])].map((label) => Math.round(Math.expm1(label)));
    const [from, to] = [rows(pairs, 'from'), rows(pairs, 'to')];
    labels.forEach((label, i) => {
      const [body = 0] = from[i] ?? [];
      const start = Math.round(10 * body);
      const pushed = Math.round(10 * (to[i]?.[1] ?? 0)) - at; // steps for which the goal's thing has been pushed
      const arrival = pushed === 0 ? 0 : at + pushed;
      expect(label).toBe(Math.max(0, arrival - start));
    });
    expect(labels).toContain(0);
    expect(Math.max(...labels)).toBe(at + pushes);
    expect([...(pairs.things?.data ?? [])]).toEqual([...things]);
  });

  test('of two episodes are as far apart as can be, unless the things lie alike', () => {
    const across = { ...config, crossEpisode: 1 };
    const apart = drawThingPairs([push(20, 3, 0), push(20, 9, 0)], things, 2, across, new Random(2));
    const [from, to] = [rows(apart, 'from'), rows(apart, 'to')];
    const labels = [...(apart.distance?.data ?? [])];
    labels.forEach((label, i) => {
      expect(label).toBeCloseTo(from[i]?.[1] === to[i]?.[1] ? 0 : Math.log1p(20), 5);
    });
    expect(new Set(labels).size).toBe(2);
  });
});

describe('the distance', () => {
  test('to one goal for all is that to the goal repeated', () => {
    const params = constants(initialise(thingDistanceSpecs(defaultThingDistanceConfig, 2), new Random(3)));
    const from = tf.randomNormal([5, 2], 0, 1, 'float32', 7) as tf.Tensor2D;
    const goal = tf.tensor2d([[3, 4]]);
    const repeated = thingDistance(params, from, tf.tile(goal, [5, 1]), tf.tensor1d(things), 4).dataSync();
    thingDistance(params, from, goal, tf.tensor1d(things), 4)
      .dataSync()
      .forEach((distance, i) => {
        expect(distance).toBeCloseTo(repeated[i] as number, 5);
      });
  });

  test('does not see where the goal has the body', () => {
    const params = constants(initialise(thingDistanceSpecs(defaultThingDistanceConfig, 2), new Random(3)));
    const mask = tf.tensor1d(things);
    const between = (from: number[], to: number[]): number =>
      thingDistance(params, tf.tensor2d([from]), tf.tensor2d([to]), mask, 4).dataSync()[0] as number;
    expect(between([1, 2], [3, 4])).toBe(between([1, 2], [-7, 4]));
    expect(between([1, 2], [3, 4])).not.toBeCloseTo(between([1, 2], [3, 5]), 5);
    expect(between([1, 2], [3, 4])).not.toBeCloseTo(between([0, 2], [3, 4]), 5);
  });

  test('leans towards the shortest passage', () => {
    const config = { ...defaultThingDistanceConfig, heads: 1 };
    const params = constants(initialise(thingDistanceSpecs(config, 2), new Random(2)));
    const point = tf.zeros([1, 2]) as tf.Tensor2D;
    const mask = tf.tensor1d(things);
    const guess = thingDistance(params, point, point, mask, 1).dataSync()[0] as number;
    const lossOf = (distance: number): number => {
      const batch = { from: point, to: point, things: mask, distance: tf.tensor1d([distance]) };
      return thingDistanceLoss(params, batch, config).dataSync()[0] as number;
    };
    expect(lossOf(guess - 0.3)).toBeCloseTo(0.8 * 0.09, 5);
    expect(lossOf(guess + 0.3)).toBeCloseTo(0.2 * 0.09, 5);
  });

  test('learns when the things will have arrived', async () => {
    const clock = new ManualClock();
    const engine = createCpuEngine();
    const config = { ...defaultThingDistanceConfig, heads: 2, hidden: 64 };
    const trajectories = Array.from({ length: 30 }, (_, i) => push(20, 4 + (i % 6), 6));
    const learned = await trainThings({
      engine,
      clock,
      trajectories,
      things,
      poseSize: 2,
      config,
      minutes: 400 / 60_000,
      random: new Random(4),
      pairs: { ...defaultDistancePairsConfig, crossEpisode: 0 },
      onStep: () => clock.advance(1),
    });
    expect([...(learned[THING_MASK]?.data ?? [])]).toEqual([...things]);
    const params = constants(learned);
    const steps = (from: number[], to: number[]): number => {
      const distance = thingDistance(params, tf.tensor2d([from]), tf.tensor2d([to]), tf.tensor1d(things), config.heads);
      return Math.expm1(distance.dataSync()[0] as number);
    };
    // The body stands at 0, the thing lies at 0.6: it is pushed to 0.9 after six steps there and three more.
    expect(steps([0, 0.6], [0.9, 0.9])).toBeGreaterThan(6.5);
    expect(steps([0, 0.6], [0.9, 0.9])).toBeLessThan(11.5);
    expect(steps([0.6, 0.6], [0.9, 0.9])).toBeGreaterThan(1.8);
    expect(steps([0.6, 0.6], [0.9, 0.9])).toBeLessThan(4.5);
    expect(steps([0.3, 0.6], [1.5, 0.6])).toBeLessThan(0.7);
    await engine.dispose();
  });
});
