/** What collecting promises when it is interrupted or fails: to go on where it was, and a clear word. */
import { existsSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseVariationPlan } from '../../server/data/variationPlan.ts';
import { ExecutorError } from '../../server/executor/executor.ts';
import { InlineExecutor } from '../../server/executor/inlineExecutor.ts';
import { WorkerExecutor } from '../../server/executor/workerExecutor.ts';
import { DataError, UsageError, WorldError } from '../../shared/errors.ts';
import { collectSmall, failureOf, filesIn, newDirectory } from './collecting.ts';
import { driftSpec, faults } from './driftWorld.ts';

let directory: string;
beforeEach(async () => {
  directory = await newDirectory();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const varied = parseVariationPlan(['speed', 'color', 'fault=0'], driftSpec.factors ?? {});

/** Collects until the first shard is there, then interrupts. */
async function interrupted(): Promise<unknown> {
  const stop = new AbortController();
  const onProgress = (done: number): void => {
    if (done === 16) stop.abort();
  };
  return failureOf(collectSmall(directory, { signal: stop.signal, onProgress }));
}

describe('an interrupted collection', () => {
  test('says so, and how to go on', async () => {
    const error = await interrupted();
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(/interrupted with 16 of 40 episodes in ".*"; the same command with --resume goes on/);
  });

  test('goes on where it was, without playing again what is there', async () => {
    await interrupted();
    const before = await stat(join(directory, 'shard-00000.safetensors'));
    const seen: number[][] = [];
    const inputs: number[] = [];
    const executor = new InlineExecutor();
    const map = executor.map.bind(executor);
    executor.map = (job, parts, options) => {
      for (const part of parts) inputs.push((part as { first: number } & typeof part).first);
      return map(job, parts, options);
    };
    const onProgress = (done: number, taken: number): number => seen.push([done, taken]);
    await collectSmall(directory, { resume: true, executor, onProgress });
    expect(inputs).toEqual([16, 32]);
    expect(seen[0]).toEqual([16, 16]);
    expect((await stat(join(directory, 'shard-00000.safetensors'))).ino).toBe(before.ino);
    const whole = await newDirectory();
    await collectSmall(whole);
    const files = await filesIn(directory);
    expect(files).toEqual(await filesIn(whole));
    await rm(whole, { recursive: true });
  });

  test('is not taken for something else', async () => {
    await interrupted();
    const again = await failureOf(collectSmall(directory));
    expect(again).toBeInstanceOf(UsageError);
    expect(String(again)).toMatch(/holds a dataset already, with 16 of 40 episodes; add --resume/);
    for (const [change, says] of [
      [{ seed: 8 }, /begun with seed 7, not 8/],
      [{ episodes: 41 }, /begun with requested_episodes 40, not 41/],
      [{ length: 19 }, /length 20, not 19|max_episode_steps/],
      [{ plan: varied }, /factors|kwargs/],
      [{ provenance: { software: { canvas: '2' }, commit: 'abc' } }, /software \{"canvas":"1"\}, not \{"canvas":"2"\}/],
    ] as const) {
      const error = await failureOf(collectSmall(directory, { ...change, resume: true }));
      expect(error).toBeInstanceOf(UsageError);
      expect(String(error)).toMatch(says);
    }
  });

  test('is cleaned of what a killed process was writing', async () => {
    await interrupted();
    const left = ['shard-00001.safetensors.123.tmp', 'shard-00001.safetensors.123-4.tmp', 'metadata.json.123-5.tmp'];
    for (const name of left) await writeFile(join(directory, name), 'half');
    await collectSmall(directory, { resume: true });
    for (const name of left) expect(existsSync(join(directory, name)), name).toBe(false);
  });

  test('can have begun with nothing', async () => {
    await writeFile(join(directory, 'metadata.json.123.tmp'), 'half');
    expect((await collectSmall(directory, { resume: true })).total_episodes).toBe(40);
  });
});

describe('trouble', () => {
  test('a directory with other files is left alone', async () => {
    await writeFile(join(directory, 'thesis.txt'), 'mine');
    const error = await failureOf(collectSmall(directory));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(/no dataset but other files, such as "thesis.txt"; choose an empty directory/);
    expect(Object.keys(await filesIn(directory))).toEqual(['thesis.txt']);
  });

  test('a place that cannot be written is named before anything is played', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      const error = await failureOf(collectSmall(place));
      expect(error).toBeInstanceOf(DataError);
      expect(String(error)).toContain(place);
    }
  });

  test('a write that fails leaves nothing half-written, and what was there goes on', async () => {
    const blocked = join(directory, 'shard-00001.safetensors');
    const onProgress = async (done: number): Promise<void> => {
      if (done === 16) await mkdir(join(blocked, 'in the way'), { recursive: true });
    };
    const error = await failureOf(collectSmall(directory, { onProgress }));
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(/cannot write ".*shard-00001\.safetensors"/);
    await rm(blocked, { recursive: true });
    expect(Object.keys(await filesIn(directory))).toEqual(['metadata.json', 'shard-00000.safetensors']);
    expect((await collectSmall(directory, { resume: true })).total_episodes).toBe(40);
  });

  test('episodes longer than the world allows are refused', async () => {
    expect(await failureOf(collectSmall(directory, { length: 21 }))).toBeInstanceOf(UsageError);
    expect(existsSync(join(directory, 'metadata.json'))).toBe(false);
  });

  test.each([
    [
      'throws',
      faults.throws,
      /episodes 0 to 15: 'test-drift' threw "x is not a function" in the episode with seed \d+/,
    ],
    ['gives NaN', faults.notANumber, /'test-drift' has x = NaN after step 3 of the episode with seed \d+/],
    [
      'draws what its state does not say',
      faults.forgetful,
      /placing the states of 'test-drift' doesn't give their frames/,
    ],
  ])('a world that %s is named', async (_, fault, says) => {
    const plan = parseVariationPlan([`fault=${fault}`], driftSpec.factors ?? {});
    const error = await failureOf(collectSmall(directory, { plan }));
    expect(error).toBeInstanceOf(WorldError);
    expect(String(error)).toMatch(says);
  });

  test('a world that ends its thread is named by its episodes', async () => {
    const retries: string[] = [];
    const executor = new WorkerExecutor({ workers: 1, onRetry: (message) => retries.push(message) });
    const plan = parseVariationPlan([`fault=${faults.endsThread}`], driftSpec.factors ?? {});
    const error = await failureOf(collectSmall(directory, { plan, executor, episodes: 3 }));
    expect(error).toBeInstanceOf(ExecutorError);
    expect(String(error)).toMatch(/episodes 0 to 2: the worker thread has ended \(exit status 9\)/);
    expect(retries).toHaveLength(1);
    await executor.dispose();
  });
});
