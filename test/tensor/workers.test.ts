import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { createCompiledEngine } from '../../models/tensor/compiledEngine.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import { type Engine, float32, type HostTensors, type TensorFunction } from '../../models/tensor/program.ts';
import { createWorkerEngine } from '../../models/tensor/workerEngine.ts';
import { type StartSessionWorker, workerSessions } from '../../models/tensor/workerSessions.ts';
import { EngineError } from '../../shared/errors.ts';
import { startWorker } from '../../shared/startWorker.ts';

tf.enableProdMode();
const double: TensorFunction = ({ x }) => ({ y: tf.mul(x as tf.Tensor, 2) });
const triple: TensorFunction = ({ x }) => ({ y: tf.mul(x as tf.Tensor, 3) });
const pair = { x: { shape: [2] } };
const feeds = { x: float32([1, -3], [2]) };

/** A product that takes some milliseconds, in which others have to wait. */
const long: TensorFunction = ({ x }) => {
  let product = x as tf.Tensor2D;
  for (let i = 0; i < 12; i++) product = tf.matMul(product, x as tf.Tensor2D);
  return { y: tf.mean(product) };
};
const square = { x: { shape: [384, 384] } };
const squareFeeds = { x: float32(1 / 384, [384, 384]) };

const values = async (outputs: Promise<HostTensors>) => [...((await outputs).y?.data ?? [])];

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose();
});

/** An engine whose threads the test can end. */
function mortalEngine(): { engine: Engine; workers: Worker[] } {
  const workers: Worker[] = [];
  const start: StartSessionWorker = (options) => {
    const worker = startWorker(new URL('../../models/tensor/sessionWorker.ts', import.meta.url), options);
    workers.push(worker);
    return worker;
  };
  const engine = createCompiledEngine('cpu', workerSessions({ provider: 'cpu', threads: 1 }, start));
  engines.push(engine);
  return { engine, workers };
}

function kept(engine: Engine): Engine {
  engines.push(engine);
  return engine;
}

describe('a worker that dies', () => {
  it('fails what it was asked to do, saying so, and is replaced for later runs', async () => {
    const { engine, workers } = mortalEngine();
    const programs = [await engine.compile(double, pair), await engine.compile(triple, pair)];
    const busy = await engine.compile(long, square);
    const pending = [busy.run(squareFeeds), ...programs.map((program) => program.run(feeds))];
    const settled = Promise.allSettled(pending);
    await workers[0]?.terminate();
    for (const result of await settled) {
      expect(result.status).toBe('rejected');
      const reason = result.status === 'rejected' ? result.reason : undefined;
      expect(reason).toBeInstanceOf(EngineError);
      expect(reason.message).toMatch(/worker thread ended before it answered \(exit code \d+\)/);
    }
    expect(workers).toHaveLength(1);
    expect(await values(programs[0]?.run(feeds) ?? Promise.reject())).toEqual([2, -6]);
    expect(await values(programs[1]?.run(feeds) ?? Promise.reject())).toEqual([3, -9]);
    expect(workers).toHaveLength(2);
  });

  it('can die again and again, idle or not', async () => {
    const { engine, workers } = mortalEngine();
    const program = await engine.compile(double, pair);
    for (let death = 0; death < 3; death++) {
      await workers.at(-1)?.terminate();
      expect(await values(program.run(feeds))).toEqual([2, -6]);
    }
    expect(workers).toHaveLength(4);
  });

  it('can be ended in the middle of a computation, over and over, without harm to its process', async () => {
    const { engine, workers } = mortalEngine();
    const busy = await engine.compile(long, square);
    for (let death = 0; death < 4; death++) {
      await busy.run(squareFeeds);
      const pending = busy.run(squareFeeds);
      const settled = Promise.allSettled([pending, busy.run(squareFeeds)]);
      await pause(5);
      const worker = workers.at(-1);
      // Whoever asks twice waits as long.
      await Promise.all([worker?.terminate(), worker?.terminate()]);
      for (const result of await settled)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(EngineError);
    }
    expect(workers).toHaveLength(4);
    expect(await values(busy.run(squareFeeds))).toHaveLength(1);
  });

  it('opens new programs in its successor, and lets old ones be disposed of', async () => {
    const { engine, workers } = mortalEngine();
    const old = await engine.compile(double, pair);
    await workers[0]?.terminate();
    await old.dispose();
    const program = await engine.compile(triple, pair);
    expect(await values(program.run(feeds))).toEqual([3, -9]);
    await engine.dispose();
    await expect(engine.compile(triple, pair)).rejects.toThrow('the engine has been disposed of');
    expect(workers).toHaveLength(2);
  });

  it('finishes a run that was asked for before its program was disposed of', async () => {
    const { engine } = mortalEngine();
    const program = await engine.compile(double, pair);
    const run = program.run(feeds);
    await program.dispose();
    expect(await values(run)).toEqual([2, -6]);
  });
});

describe('an aborted run', () => {
  it.each([
    ['cpu', () => createCpuEngine({ threads: 1 })],
    ['worker', () => createWorkerEngine({ threads: 1 })],
    ['eager', () => createEagerEngine('reference', 'cpu')],
  ])('is refused before it begins, with the reason for a cause: %s', async (_, create) => {
    const program = await kept(create()).compile(double, pair);
    const reason = new Error('the viewer has left');
    const refused = program.run(feeds, { signal: AbortSignal.abort(reason) });
    await expect(refused).rejects.toMatchObject({ name: 'EngineError', cause: reason });
    expect(await values(program.run(feeds, { signal: new AbortController().signal }))).toEqual([2, -6]);
  });

  it('is refused at once while it waits for its turn, and the others are not disturbed', async () => {
    const engine = kept(createWorkerEngine({ threads: 1 }));
    const [busy, program] = [await engine.compile(long, square), await engine.compile(double, pair)];
    const controller = new AbortController();
    const order: string[] = [];
    const first = busy.run(squareFeeds).then(() => order.push('first'));
    const queued = program.run(feeds, { signal: controller.signal }).catch((error: unknown) => {
      order.push('aborted');
      return error;
    });
    const last = values(program.run(feeds));
    controller.abort();
    expect(await queued).toBeInstanceOf(EngineError);
    await first;
    expect(order).toEqual(['aborted', 'first']);
    expect(await last).toEqual([2, -6]);
  });

  it('is never computed if it had not begun', async () => {
    const { engine, workers } = mortalEngine();
    const [busy, program] = [await engine.compile(long, square), await engine.compile(double, pair)];
    const answers: unknown[] = [];
    workers[0]?.on('message', (answer) => answers.push(answer));
    const controller = new AbortController();
    const first = busy.run(squareFeeds);
    const queued = program.run(feeds, { signal: controller.signal });
    controller.abort();
    await expect(queued).rejects.toThrow('the run was aborted');
    await first;
    await program.run(feeds);
    expect(answers).toMatchObject([{ outputs: {} }, { refused: 'the run was aborted' }, { outputs: {} }]);
  });

  it('after its end changes nothing', async () => {
    const program = await kept(createWorkerEngine({ threads: 1 })).compile(double, pair);
    const controller = new AbortController();
    expect(await values(program.run(feeds, { signal: controller.signal }))).toEqual([2, -6]);
    controller.abort();
    expect(await values(program.run(feeds))).toEqual([2, -6]);
  });
});
