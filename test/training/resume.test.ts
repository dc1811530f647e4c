/** A run that is interrupted and resumed learns what an uninterrupted one does, to the bit. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { defaultLatentLossConfig, type LatentModelConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import type { StageStart } from '../../models/latent/runStage.ts';
import { trainLatent } from '../../models/latent/trainLatent.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { collectEpisodes } from '../../server/data/episodes.ts';
import { loadPractice, savePractice } from '../../server/training/practiceCheckpoint.ts';
import { hasRun, keepRun, refuseOtherResume, requestOf, runFor, withFurther } from '../../server/training/runRecord.ts';
import { runTraining, type TrainingSurroundings } from '../../server/training/runTraining.ts';
import { loadStage, saveStage } from '../../server/training/stageCheckpoint.ts';
import { ManualClock } from '../../shared/clock.ts';
import { ReverieError, UsageError, WeightsError } from '../../shared/errors.ts';
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
  const wanted = { world: 'two-room', worldVersion: 1, seed: 3, minutes: 5 };

  test('is begun once and then only resumed', async () => {
    expect(hasRun(directory)).toBe(false);
    expect(await runFor(directory, wanted, false)).toEqual(wanted);
    await keepRun(directory, wanted);
    expect(hasRun(directory)).toBe(true);
    await expect(runFor(directory, wanted, false)).rejects.toThrow(/--resume/);
    expect(await runFor(directory, { ...wanted, minutes: 99, seed: 8 }, true)).toEqual(wanted);
  });

  test('is not mixed with another world', async () => {
    await keepRun(directory, wanted);
    await expect(runFor(directory, { ...wanted, world: 'push-t' }, true)).rejects.toThrow(UsageError);
  });

  test('remembers of the stage that went on last what it was asked for, and the run as it was', async () => {
    const practice = { seed: 8, minutes: 20, proposal: false } as const;
    await keepRun(directory, withFurther(wanted, 'practice', practice));
    const kept = await runFor(directory, { ...wanted, minutes: 99 }, true);
    expect(requestOf(kept, 'practice')).toMatchObject(practice);
    expect(requestOf(kept, 'all')).toMatchObject({ seed: 3, minutes: 5 });
    expect(requestOf(kept, 'all').proposal).toBeUndefined();
  });

  test('is resumed with what it was begun with, or with nothing said', () => {
    refuseOtherResume(directory, wanted, { stage: 'all' });
    refuseOtherResume(directory, wanted, { stage: 'all', minutes: 5, seed: 3 });
    expect(() => refuseOtherResume(directory, wanted, { stage: 'all', minutes: 120 })).toThrow(/--minutes 5, not 120/);
    expect(() => refuseOtherResume(directory, wanted, { stage: 'all', seed: 0 })).toThrow(/--seed 3, not 0/);
  });

  test('is resumed at the stage that went on last, and at no other', () => {
    const run = withFurther(wanted, 'practice', { seed: 8, minutes: 20 });
    refuseOtherResume(directory, run, { stage: 'practice', minutes: 20 });
    for (const stage of ['all', 'dynamics'] as const)
      expect(() => refuseOtherResume(directory, run, { stage })).toThrow(/--stage practice since/);
  });

  test('in which another process trains forgets nothing of what that was asked for', async () => {
    await keepRun(directory, wanted);
    const before = await readFile(join(directory, 'run.json'), 'utf8');
    await writeFile(join(directory, 'training.pid'), String(process.pid));
    await saveStage(directory, 'practised-dynamics', state, 7);
    const asked = { world: 'two-room', stage: 'practice', minutes: 1, seed: 9, out: directory, engine: 'cpu' } as const;
    await expect(runTraining({ ...asked, resume: false }, surroundings())).rejects.toThrow(/trains in/);
    expect(await readFile(join(directory, 'run.json'), 'utf8')).toBe(before);
    expect(await loadStage(directory, 'practised-dynamics')).toBeDefined();
  });

  test('holds no run where its engine could not start', async () => {
    const asked = { world: 'two-room', stage: 'all', out: directory, engine: 'abacus', resume: false } as const;
    await expect(runTraining(asked, surroundings())).rejects.toThrow(/abacus/);
    expect(hasRun(directory)).toBe(false);
  });

  test('cannot be resumed before it is begun', async () => {
    await expect(runFor(directory, wanted, true)).rejects.toThrow(/no training run/);
  });

  test('in which a stage begins anew keeps no state of those before', async () => {
    await keepRun(directory, wanted);
    await saveStage(directory, 'practised-dynamics', state, 7);
    await savePractice(directory, { trajectories: [], elapsed: 7 });
    const asked = { world: 'two-room', stage: 'practice', out: directory, engine: 'cpu', resume: false } as const;
    await expect(runTraining(asked, surroundings())).rejects.toThrow(ReverieError); // there is no agent
    expect(await loadStage(directory, 'practised-dynamics')).toBeUndefined();
    expect(await loadPractice(directory)).toBeUndefined();
  });
});

const state = { step: 2, parameters: {}, firstMoments: {}, secondMoments: {}, buffers: {} };

function surroundings(): TrainingSurroundings {
  return { clock: new ManualClock(), interrupted: new AbortController().signal, onProgress() {} };
}
