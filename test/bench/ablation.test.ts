/** The ablation: one row for each part taken away, of agents that are trained once and taken up again. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { defaultGoalObjectiveConfig } from '../../models/latent/goalObjective.ts';
import { latentModelConfig } from '../../models/latent/latentLoss.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { readAgentCard } from '../../server/agent/agentCard.ts';
import { ablations } from '../../server/bench/ablation/ablations.ts';
import {
  type AblationBench,
  ablationTrainingConfig,
  measureAblations,
} from '../../server/bench/ablation/measureAblations.ts';
import { ManualClock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';

let out: string;
const engine = createCpuEngine({ threads: 1 });
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'reverie-ablation-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(out, { recursive: true, force: true });
});

/** A minute a step of training, so that every stage takes a step or few. */
async function measure(more: Partial<AblationBench> = {}) {
  const clock = new ManualClock();
  const stages = new Set<string>();
  const rows = await measureAblations({
    definition: await loadWorld('cart-pole'),
    engine,
    threads: 1,
    clock,
    out,
    only: ['whole', 'no-distance-to-things', 'last-step-alone', 'with-states'],
    resume: false,
    minutes: 4,
    seed: 1,
    episodes: 1,
    taskSeed: 2,
    config: {
      ...ablationTrainingConfig,
      episodes: 2,
      heldOutEpisodes: 12,
      encodedEpisodes: 4,
      heldEpisodes: 2,
      length: 20,
      layout: { encoder: { keypoints: 6, channels: [8, 8, 8] }, frames: 2 },
    },
    interrupted: new AbortController().signal,
    onProgress(label) {
      stages.add(label);
      clock.advance(60_000);
    },
    ...more,
  });
  return { rows, stages };
}

it('trains an agent for each change of the recipe, plans with all, and takes them up again', async () => {
  const first = await measure();
  // Where nothing is told from the body, there is no distance to things to leave out.
  expect(first.rows.map(({ ablation }) => ablation)).toEqual(['whole', 'last-step-alone', 'with-states']);
  expect((await readdir(out)).sort()).toEqual(['whole', 'with-states']);
  const supervisionOf = async (agent: string) => (await readAgentCard(join(out, agent))).supervision;
  expect(await supervisionOf('whole')).toBe('frames and actions');
  expect(await supervisionOf('with-states')).toBe('frames, actions and states');
  expect([...first.stages]).not.toContain('whole: practice');
  for (const { predictionRatio, worstPosition } of first.rows) {
    expect(predictionRatio).toBeGreaterThan(0);
    expect(worstPosition.r2).toBeLessThanOrEqual(1);
  }

  const again = await measure({ resume: true, only: ['whole'] });
  expect([...again.stages]).toEqual(['whole: tasks']);
  expect(again.rows[0]?.predictionRatio).toBe(first.rows[0]?.predictionRatio);
}, 240_000);

it('each changes what its name says', () => {
  const { encoder } = latentModelConfig({ kind: 'box', low: [-1], high: [1] });
  expect(ablations['half-the-keypoints'].training.layout.encoder.keypoints).toBe(encoder.keypoints / 2);
  expect(ablations['one-frame'].training.layout).toEqual({ encoder, frames: 1 });
  expect(ablations['one-step-loss'].training.dynamicsLoss.horizon).toBe(1);
  const { thingDistance, temporalDistance, latentDistance } = defaultGoalObjectiveConfig;
  const last = ablations['last-step-alone'].objective;
  for (const [whole, ablated] of [
    [thingDistance, last.thingDistance],
    [temporalDistance, last.temporalDistance],
    [latentDistance, last.latentDistance],
  ] as const)
    expect(ablated).toEqual({ mean: 0, last: whole.mean + whole.last });
});

it('does not mix with other agents', async () => {
  await expect(measure()).rejects.toThrow(/already holds a training run/);
  await expect(measure({ resume: true, minutes: 5 })).rejects.toThrow(UsageError);
  await expect(measure({ resume: true, seed: 3 })).rejects.toThrow(/holds an agent of 4 minutes and seed 1/);
});
