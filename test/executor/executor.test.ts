/** What every executor promises, tried on all of them; and what worker threads promise beyond that. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Executor, ExecutorError, lookahead } from '../../server/executor/executor.ts';
import { InlineExecutor } from '../../server/executor/inlineExecutor.ts';
import { WorkerExecutor } from '../../server/executor/workerExecutor.ts';
import { WorldError } from '../../shared/errors.ts';
import {
  endThreadJob,
  functionJob,
  hangJob,
  missingExport,
  missingModule,
  mutateJob,
  notAFunctionJob,
  numbersJob,
  numbersUpTo,
  refuseOddJob,
  squareJob,
  throwElsewhereJob,
} from './jobs.ts';

async function collected<T>(outputs: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const output of outputs) all.push(output);
  return all;
}

/** Outputs before the error, and the error. */
async function untilError<T>(outputs: AsyncIterable<T>): Promise<{ outputs: T[]; error: unknown }> {
  const before: T[] = [];
  try {
    for await (const output of outputs) before.push(output);
  } catch (error) {
    return { outputs: before, error };
  }
  return { outputs: before, error: undefined };
}

const threads = new WorkerExecutor({ workers: 2 });
afterAll(() => threads.dispose());

describe.each<[string, Executor]>([
  ['inline', new InlineExecutor()],
  ['worker threads', threads],
])('%s', (_, executor) => {
  test('gives the outputs in the order of the inputs, whichever is done first', async () => {
    const inputs = [30, 0, 15, 0, 0, 10].map((milliseconds, value) => ({ value, milliseconds }));
    expect(await collected(executor.map(squareJob, inputs))).toEqual([0, 1, 4, 9, 16, 25]);
  });

  test('has nothing to do without inputs', async () => {
    expect(await collected(executor.map(squareJob, []))).toEqual([]);
  });

  test('carries arrays there and back to the bit', async () => {
    const [first, second] = await collected(executor.map(numbersJob, [5, 1000]));
    expect(first).toEqual(numbersUpTo(5));
    expect(second).toEqual(numbersUpTo(1000));
  });

  test('leaves the inputs as they were', async () => {
    const input = { count: 1 };
    expect(await collected(executor.map(mutateJob, [input, input]))).toEqual([2, 2]);
    expect(input).toEqual({ count: 1 });
  });

  test('draws no more inputs than its reader takes outputs', async () => {
    let drawn = 0;
    const inputs = function* () {
      for (let value = 0; value < 100; value++) {
        drawn++;
        yield { value, milliseconds: 0 };
      }
    };
    let taken = 0;
    for await (const _output of executor.map(squareJob, inputs())) {
      taken++;
      expect(drawn).toBeLessThan(taken + lookahead(executor.concurrency));
      if (taken === 10) break;
    }
    expect(drawn).toBeLessThan(10 + lookahead(executor.concurrency));
  });

  test('throws a domain error as it was, at its turn, with the name of the input', async () => {
    const describe = (value: number) => `number ${value}`;
    const { outputs, error } = await untilError(executor.map(refuseOddJob, [0, 2, 1, 4], { describe }));
    expect(outputs).toEqual([0, 2]);
    expect(error).toBeInstanceOf(WorldError);
    expect(error).toHaveProperty('message', 'number 1: the world is odd: even it out');
  });

  test('names the place of an input that nobody describes', async () => {
    await expect(collected(executor.map(refuseOddJob, [2, 3]))).rejects.toThrow(/^input 1 of refuseOdd: odd$/);
  });

  test('works on after an error', async () => {
    await untilError(executor.map(refuseOddJob, [1, 2, 3]));
    expect(await collected(executor.map(refuseOddJob, [6, 8]))).toEqual([6, 8]);
  });

  test('says which job it cannot find', async () => {
    for (const [job, says] of [
      [missingExport, /jobs\.ts exports no function "nowhere"; name one of .*square/],
      [notAFunctionJob, /exports no function "notAFunction"/],
      [missingModule, /the job "run" doesn't load: .*none\.ts/],
    ] as const) {
      const { error } = await untilError(executor.map(job, [1]));
      expect(error).toBeInstanceOf(ExecutorError);
      expect(error).toHaveProperty('message', expect.stringMatching(says));
    }
  });

  test('refuses what is no plain data, on the way in and on the way out', async () => {
    await expect(collected(executor.map(functionJob, [1]))).rejects.toThrow(
      /^input 0 of giveFunction: .*not be cloned/,
    );
    const input = { count: 1, more: () => 1 };
    await expect(collected(executor.map(mutateJob, [input]))).rejects.toThrow(/^input 0 of mutate: .*not be cloned/);
    expect(await collected(executor.map(refuseOddJob, [6]))).toEqual([6]);
  });

  test('does not begin when it is aborted already', async () => {
    const signal = AbortSignal.abort(new Error('no time'));
    await expect(collected(executor.map(refuseOddJob, [2], { signal }))).rejects.toThrow('no time');
  });

  test('stops between two jobs when it is aborted, with the reason', async () => {
    const stop = new AbortController();
    const outputs: number[] = [];
    const running = (async () => {
      for await (const output of executor.map(refuseOddJob, [0, 2, 4, 6, 8, 10], { signal: stop.signal })) {
        outputs.push(output);
        if (output === 2) stop.abort(new Error('enough'));
      }
    })();
    await expect(running).rejects.toThrow('enough');
    expect(outputs).toEqual([0, 2]);
  });

  test('leaves no listener on the signal', async () => {
    const stop = new AbortController();
    const add = vi.spyOn(stop.signal, 'addEventListener');
    const remove = vi.spyOn(stop.signal, 'removeEventListener');
    await collected(executor.map(refuseOddJob, [0, 2, 4], { signal: stop.signal }));
    expect(add).toHaveBeenCalledTimes(3);
    expect(remove).toHaveBeenCalledTimes(3);
  });
});

describe('worker threads', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reverie-executor-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('try a job once more when its thread has died, and say so', async () => {
    const retries: string[] = [];
    const executor = new WorkerExecutor({ workers: 1, onRetry: (message) => retries.push(message) });
    const inputs = [{ marker: join(directory, 'marker'), keep: true }];
    expect(await collected(executor.map(endThreadJob, inputs, { describe: () => 'the risky one' }))).toEqual(['alive']);
    expect(retries).toEqual([expect.stringMatching(/^the risky one: the worker thread has ended \(exit status 7\)/)]);
    await executor.dispose();
  });

  test('give up a job that ends two threads, and go on with others', async () => {
    const executor = new WorkerExecutor({ workers: 1 });
    const inputs = [{ marker: join(directory, 'never'), keep: false }];
    const { error } = await untilError(executor.map(endThreadJob, inputs));
    expect(error).toBeInstanceOf(ExecutorError);
    expect(String(error)).toMatch(/input 0 of endThread: .*\(exit status 7\), and so did another before it/);
    expect(await collected(executor.map(refuseOddJob, [2]))).toEqual([2]);
    await executor.dispose();
  });

  test('say why a thread died when something threw outside its job', async () => {
    const executor = new WorkerExecutor({ workers: 1 });
    await expect(collected(executor.map(throwElsewhereJob, [1]))).rejects.toThrow(/has ended \(from nowhere\)/);
    await executor.dispose();
  });

  test('stop a job that never ends when they are aborted, and are of use afterwards', async () => {
    const executor = new WorkerExecutor({ workers: 1 });
    const stop = new AbortController();
    const log = join(directory, 'log');
    const running = collected(executor.map(hangJob, [log, log], { signal: stop.signal }));
    running.catch(() => {});
    await vi.waitFor(() => expect(existsSync(log)).toBe(true), { timeout: 60_000 });
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await collected(executor.map(refuseOddJob, [2, 4]))).toEqual([2, 4]);
    expect(readFileSync(log, 'utf8')).toBe('begun\n');
    await executor.dispose();
  });

  test('fail what is under way when they are disposed of, and all that comes later', async () => {
    const executor = new WorkerExecutor({ workers: 1 });
    const log = join(directory, 'log');
    const running = collected(executor.map(hangJob, [log, log]));
    running.catch(() => {});
    await vi.waitFor(() => expect(existsSync(log)).toBe(true), { timeout: 60_000 });
    await executor.dispose();
    await expect(running).rejects.toThrow(/disposed of/);
    await expect(collected(executor.map(refuseOddJob, [2]))).rejects.toThrow(/disposed of; create another/);
    await executor.dispose();
  });
});
