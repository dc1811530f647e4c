/** A run that is interrupted and resumed learns what an uninterrupted one does, to the bit. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { defaultLatentLossConfig, type LatentModelConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import type { StageStart } from '../../models/latent/runStage.ts';
import { trainLatent } from '../../models/latent/trainLatent.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { collectEpisodes } from '../../server/data/episodes.ts';
import { loadPractice, savePractice } from '../../server/training/practiceCheckpoint.ts';
import { claimRun } from '../../server/training/runClaim.ts';
import { hasRun, keepRun } from '../../server/training/runRecord.ts';
import { runTraining, type TrainingSurroundings } from '../../server/training/runTraining.ts';
import { loadStage, saveStage } from '../../server/training/stageCheckpoint.ts';
import { ManualClock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';

const STEPS = 6;

/** Of small networks: what is kept of a state does not depend on their width. */
const model: LatentModelConfig = {
  ...latentModelConfig({ kind: 'box', low: [-1, -1], high: [1, 1] }),
  encoder: { keypoints: 6, channels: [8, 8, 8] },
  predictor: { hidden: 32, layers: 2 },
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-training-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Trains up to step `until` of a run of `STEPS`, keeping the state in the directory. */
async function trainUntil(until: number, resume?: StageStart) {
  const definition = await loadWorld('two-room');
  const clock = new ManualClock();
  const stop = new AbortController();
  const engine = createCpuEngine({ threads: 1 });
  const weights = await trainLatent({
    engine,
    clock,
    minutes: STEPS / 60_000,
    random: new Random(1),
    data: collectEpisodes({ definition, episodes: 4, length: 12, seed: 2 }),
    model,
    loss: { ...defaultLatentLossConfig, batch: 2, horizon: 3 },
    interrupted: stop.signal,
    ...(resume && { resume }),
    onStep: ({ step }) => {
      clock.advance(1);
      if (step === until) stop.abort();
    },
    onCheckpoint: (state, { elapsed }) => saveStage(directory, 'latent', state, elapsed),
  });
  await engine.dispose();
  return weights;
}

describe('an interrupted stage', () => {
  test('goes on where it was', async () => {
    const whole = await trainUntil(STEPS);
    await trainUntil(2);
    const kept = await loadStage(directory, 'latent');
    expect(kept?.state.step).toBe(2);
    const resumed = await trainUntil(STEPS, kept);
    expect(resumed.tensors).toEqual(whole.tensors);
  });

  test('that was never begun has no state', async () => {
    expect(await loadStage(directory, 'latent')).toBeUndefined();
  });

  test('with a damaged file says which', async () => {
    await trainUntil(1);
    await writeFile(join(directory, 'latent-training.safetensors'), 'not tensors at all');
    await expect(loadStage(directory, 'latent')).rejects.toThrow(WeightsError);
    await expect(loadStage(directory, 'latent')).rejects.toThrow(/latent-training\.safetensors/);
  });
});

describe('a run directory', () => {
  const run = { world: 'two-room', worldVersion: 1, seed: 3, minutes: 5 };
  const asked = { world: 'two-room', stage: 'practice', minutes: 1, seed: 9, engine: 'cpu', resume: false } as const;
  beforeEach(async () => {
    await keepRun(directory, run);
    await cp(join(weightsDirectory('two-room'), 'card.json'), join(directory, 'card.json'));
    await saveStage(directory, 'practised-dynamics', state, 7);
    await savePractice(directory, { trajectories: [], elapsed: 7 });
  });

  test('in which another process trains forgets nothing of what that was asked for', async () => {
    const before = await readFile(join(directory, 'run.json'), 'utf8');
    const release = await claimRun(directory);
    await expect(runTraining({ ...asked, out: directory }, surroundings())).rejects.toThrow(/trains in/);
    await release();
    expect(await readFile(join(directory, 'run.json'), 'utf8')).toBe(before);
    expect(await loadStage(directory, 'practised-dynamics')).toBeDefined();
  });

  test('holds no run where its engine could not start', async () => {
    const out = join(directory, 'other');
    const refused = runTraining({ ...asked, stage: 'all', out, engine: 'abacus' }, surroundings());
    await expect(refused).rejects.toThrow(/abacus/);
    expect(hasRun(out)).toBe(false);
  });

  test('in which a stage begins anew keeps no state of those before', async () => {
    await expect(runTraining({ ...asked, out: directory }, surroundings())).rejects.toThrow(WeightsError); // a card alone
    expect(await loadStage(directory, 'practised-dynamics')).toBeUndefined();
    expect(await loadPractice(directory)).toBeUndefined();
  });

  test('without an agent keeps the states of its run where a stage would go on with one', async () => {
    await rm(join(directory, 'card.json'));
    await expect(runTraining({ ...asked, out: directory }, surroundings())).rejects.toThrow(/finish the run there/);
    expect(await loadStage(directory, 'practised-dynamics')).toBeDefined();
  });
});

const state = { step: 2, parameters: {}, firstMoments: {}, secondMoments: {}, buffers: {} };

function surroundings(): TrainingSurroundings {
  return { clock: new ManualClock(), interrupted: new AbortController().signal, onProgress() {} };
}
