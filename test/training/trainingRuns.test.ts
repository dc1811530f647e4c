/** Trainings of the page: processes that begin, stop, fail, die and are taken up again, one at a time. */
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { claimRun } from '../../server/training/runClaim.ts';
import { TrainingRuns } from '../../server/training/runs/trainingRuns.ts';
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';

const WORLDS = ['patient', 'short', 'sick', 'mortal', 'deaf', 'collecting'];
const PATIENCE = { timeout: 30_000, interval: 20 };

let directory: string;
let runs: TrainingRuns;
let day = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trainings-'));
  runs = open();
});

afterEach(async () => {
  await runs.close();
  await rm(directory, { recursive: true });
});

function open(): TrainingRuns {
  return new TrainingRuns({
    directory,
    worlds: new Map(WORLDS.map((world) => [world, world])),
    engine: 'cpu',
    entry: new URL('./fakeRun.ts', import.meta.url),
    today: () => new Date(Date.UTC(2026, 0, ++day)),
  });
}

const begin = (world: string): Promise<string> => runs.begin({ world, minutes: 5, seed: 7 });

async function summary(id: string): Promise<TrainingSummary | undefined> {
  return (await runs.list()).find((run) => run.id === id);
}

async function until(id: string, expected: Partial<TrainingSummary>): Promise<void> {
  await vi.waitFor(async () => expect(await summary(id)).toMatchObject(expected), PATIENCE);
}

const trains = (id: string): Promise<void> =>
  until(id, { status: 'running', at: { stage: 'latent', progress: 0.25 }, stopping: false });

describe('a training of the page', () => {
  test('runs, tells how far it is, and is asked to save its state when it is stopped', async () => {
    const id = await begin('patient');
    await trains(id);
    expect(await summary(id)).toMatchObject({ world: 'patient', minutes: 5, seed: 7 });
    await runs.stop(id);
    await until(id, { status: 'stopped' });
    expect(await readFile(join(directory, id, 'heard'), 'utf8')).toBe('stop');
    expect((await summary(id))?.at).toBeUndefined();
  });

  test('that only plays episodes yet is ended at once', async () => {
    const id = await begin('collecting');
    await until(id, { at: { stage: 'collect', progress: 0.5 } });
    await runs.stop(id);
    await until(id, { status: 'stopped' });
    expect(existsSync(join(directory, id, 'heard'))).toBe(false);
  });

  test('that has finished cannot be resumed', async () => {
    const id = await begin('short');
    await until(id, { status: 'finished' });
    await expect(runs.resume(id)).rejects.toThrow('has finished');
    await expect(runs.stop(id)).rejects.toThrow('is not running');
  });

  test('that fails says why, and forgets it when it goes on', async () => {
    const id = await begin('sick');
    await until(id, { status: 'failed', message: 'the loss is not finite' });
    await runs.resume(id);
    expect((await summary(id))?.message).toBeUndefined();
    await until(id, { status: 'failed' });
  });

  test('that is killed says so', async () => {
    const id = await begin('mortal');
    await until(id, { status: 'failed' });
    expect((await summary(id))?.message).toContain('SIGKILL');
  });

  test('is alone', async () => {
    const [first, second] = await Promise.allSettled([begin('patient'), begin('patient')]);
    expect(first?.status).toBe('fulfilled');
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('at work already') },
    });
    expect(await runs.list()).toHaveLength(1);
  });

  test('can follow on one whose end has just been written down', async () => {
    for (let round = 0; round < 4; round++) {
      const path = join(directory, await begin('short'), 'training.json');
      while (!readFileSync(path, 'utf8').includes('finished')) await setImmediate();
    }
    expect(await runs.list()).toHaveLength(4);
  });

  test('needs a world of this server', async () => {
    await expect(begin('nowhere')).rejects.toThrow('no world "nowhere"');
    expect(await runs.list()).toEqual([]);
  });

  test('is found again by another server, which can take it up', async () => {
    const id = await begin('patient');
    await trains(id);
    await runs.close();
    runs = open();
    await until(id, { status: 'stopped' });
    await runs.resume(id);
    await trains(id);
  });

  test('that a killed server left behind looks stopped, unless its process lives', async () => {
    const id = await begin('short');
    await until(id, { status: 'finished' });
    const path = join(directory, id, 'training.json');
    const kept = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...kept, status: 'running' }));
    expect(await summary(id)).toMatchObject({ status: 'stopped' });
    const release = await claimRun(join(directory, id));
    expect(await summary(id)).toMatchObject({ status: 'running', stopping: false });
    await expect(runs.stop(id)).rejects.toThrow(`Another process (${process.pid})`);
    await expect(runs.resume(id)).rejects.toThrow(`Another process (${process.pid})`);
    await release();
    expect(await summary(id)).toMatchObject({ status: 'stopped' });
  });

  test('comes first in the list when it is the newest; strange folders are no trainings', async () => {
    const older = await begin('short');
    await until(older, { status: 'finished' });
    const newer = await begin('short');
    await until(newer, { status: 'finished' });
    await mkdir(join(directory, 'something else'));
    await mkdir(join(directory, 'empty'));
    await mkdir(join(directory, 'damaged'));
    await writeFile(join(directory, 'damaged', 'training.json'), '{"world":');
    expect((await runs.list()).map(({ id }) => id)).toEqual([newer, older]);
  });

  test.each(['..', '.', '../other', 'a/b', '', '\0', 'x'.repeat(300), 'nothing'])('%j is no training', async (id) => {
    await expect(runs.stop(id)).rejects.toThrow('There is no training');
    await expect(runs.resume(id)).rejects.toThrow('There is no training');
    await expect(runs.metrics(id, 0)).rejects.toThrow('There is no training');
  });
});

describe('the losses of a training', () => {
  const line = (step: number) => ({ stage: 'latent', step, seconds: step, terms: { loss: 1 / step } });
  const written = (...steps: number[]) => steps.map((step) => `${JSON.stringify(line(step))}\n`).join('');

  test('are read from where the last reading ended, half a line not at all', async () => {
    const id = await begin('collecting');
    const log = join(directory, id, 'metrics.jsonl');
    await until(id, { status: 'running' });
    expect(await runs.metrics(id, 0)).toEqual({ lines: [], next: 0, more: false });
    const [first, rest] = [written(1), written(2, 3)];
    await vi.waitFor(() => appendFile(log, first + rest.slice(0, 20)), PATIENCE);
    const before = await runs.metrics(id, 0);
    expect(before).toEqual({ lines: [line(1)], next: first.length, more: false });
    await appendFile(log, rest.slice(20));
    const after = await runs.metrics(id, before.next);
    expect(after).toEqual({ lines: [line(2), line(3)], next: first.length + rest.length, more: false });
    expect(await runs.metrics(id, 1e15)).toEqual({ lines: [], next: 1e15, more: false });
  });

  test('come in parts where they are many', async () => {
    const id = await begin('collecting');
    await until(id, { status: 'running' });
    const steps = Array.from({ length: 20_000 }, (_, i) => i + 1);
    await vi.waitFor(() => writeFile(join(directory, id, 'metrics.jsonl'), written(...steps)), PATIENCE);
    const read: number[] = [];
    let [from, more] = [0, true];
    while (more) {
      const part = await runs.metrics(id, from);
      read.push(...part.lines.map(({ step }) => step));
      [from, more] = [part.next, part.more];
    }
    expect(read).toEqual(steps);
  });
});
