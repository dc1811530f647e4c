/** The proposal: its pairs, that it keeps two ways apart, and that an agent that has learned it uses it. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultDistancePairsConfig } from '../../models/latent/distancePairs.ts';
import { defaultProposalConfig, proposalLoss, proposalSpecs, propose } from '../../models/latent/proposal.ts';
import { drawProposalPairs } from '../../models/latent/proposalPairs.ts';
import { trainProposal } from '../../models/latent/trainLatent.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Along a line from 0, in its first coordinate, around an obstacle by one side: its actions go up or down, then back. */
function around(side: 1 | -1): Trajectory {
  const actions = Float32Array.from({ length: 8 }, (_, t) => (t < 4 ? 0.8 : -0.8) * side);
  const latents = new Float32Array(18);
  for (let t = 0; t <= 8; t++) {
    latents[2 * t] = t / 8;
    latents[2 * t + 1] = 0.05 * side * Math.min(t, 8 - t);
  }
  return { steps: 8, latents, actions };
}

describe('pairs', () => {
  test('hold what was done from a moment until its goal, and count no more', () => {
    const config = { batch: 200, noise: 0 };
    const { from, to, actions, counted } = drawProposalPairs([around(1)], 8, config, new Random(1));
    for (let i = 0; i < config.batch; i++) {
      const start = Math.round(8 * (from?.data[2 * i] as number));
      const end = Math.round(8 * (to?.data[2 * i] as number));
      expect(end).toBeGreaterThan(start);
      const row = { actions: actions?.data.slice(8 * i, 8 * i + 8), counted: counted?.data.slice(8 * i, 8 * i + 8) };
      expect([...(row.counted ?? [])]).toEqual(Array.from({ length: 8 }, (_, t) => (t < end - start ? 1 : 0)));
      const done = around(1).actions.slice(start, end);
      expect([...(row.actions ?? [])].slice(0, end - start)).toEqual([...done]);
    }
  });
});

describe('the proposal', () => {
  const sizes = { latent: 2, pose: 2, action: 1 };
  const params = constants(initialise(proposalSpecs(defaultProposalConfig, sizes), new Random(2)));

  test('is in the box, and sees nothing of a goal but its pose', () => {
    const moving = { latent: 4, pose: 2, action: 3 };
    const own = constants(initialise(proposalSpecs(defaultProposalConfig, moving), new Random(3)));
    const from = tf.tensor2d([[5, -3, 9, 1]]);
    const ways = (goal: number[]) => propose(own, from, tf.tensor2d([goal]), 2, defaultProposalConfig);
    expect(ways([1, 2, 0, 0]).shape).toEqual([1, defaultProposalConfig.ways, defaultProposalConfig.steps, 3]);
    expect(ways([1, 2, 0, 0]).dataSync()).toEqual(ways([1, 2, 7, -7]).dataSync());
    expect(ways([1, 2, 0, 0]).dataSync()).not.toEqual(ways([1, 3, 0, 0]).dataSync());
    for (const value of ways([1, 2, 0, 0]).dataSync()) expect(Math.abs(value)).toBeLessThanOrEqual(1);
  });

  test('errs by how far the nearest way is from what was done, and by nothing after the goal', () => {
    const from = tf.zeros([1, 2]) as tf.Tensor2D;
    const proposed = propose(params, from, from, 2, defaultProposalConfig).dataSync();
    const { steps, ways } = defaultProposalConfig;
    const config = { ...defaultProposalConfig, variance: 1e-4 };
    const loss = (actions: ArrayLike<number>, counts: number): number =>
      proposalLoss(
        params,
        {
          from,
          to: from,
          actions: tf.tensor(Float32Array.from(actions), [1, steps, 1]),
          counted: tf.tensor2d([Array.from({ length: steps }, (_, t) => (t < counts ? 1 : 0))]),
        },
        2,
        config,
      ).dataSync()[0] as number;
    const floor = 2 * config.variance * Math.log(ways);
    const second = proposed.slice(steps, 2 * steps);
    expect(loss(second, steps)).toBeCloseTo(floor, 3);
    expect(
      loss(
        second.map((value) => value + 0.5),
        steps,
      ),
    ).toBeGreaterThan(0.05);
    expect(
      loss(
        second.map((value, t) => (t < 3 ? value : -9)),
        3,
      ),
    ).toBeCloseTo(floor, 3);
  });

  test('learns both ways around, not the one between them', async () => {
    const clock = new ManualClock();
    const engine = createCpuEngine({ threads: 1 });
    const learned = await trainProposal({
      engine,
      clock,
      trajectories: [around(1), around(-1)],
      poseSize: 2,
      config: { ...defaultProposalConfig, hidden: 64 },
      minutes: 400 / 60_000,
      random: new Random(4),
      pairs: { ...defaultDistancePairsConfig, batch: 64, noise: 0 },
      onStep: () => clock.advance(1),
    });
    await engine.dispose();
    const { ways, steps } = defaultProposalConfig;
    const all = propose(constants(learned), tf.tensor2d([[0, 0]]), tf.tensor2d([[1, 0]]), 2, defaultProposalConfig);
    const proposed = all.dataSync();
    const nearest = (side: 1 | -1): number =>
      Math.min(
        ...Array.from({ length: ways }, (_, way) =>
          Math.max(
            ...around(side).actions.map((action, t) => Math.abs(action - (proposed[way * steps + t] as number))),
          ),
        ),
      );
    expect(nearest(1)).toBeLessThan(0.3);
    expect(nearest(-1)).toBeLessThan(0.3);
  });
});
