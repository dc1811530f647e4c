import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import { engineNames } from '../../models/tensor/engineNames.ts';
import { createEngine, listEngines } from '../../models/tensor/engines.ts';
import { float32, type TensorFunction } from '../../models/tensor/program.ts';
import { EngineError, UsageError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds } from './randomFeeds.ts';

describe('the list of engines', () => {
  it('has every engine, the CPU among the available ones, and a reason for each absent one', async () => {
    const engines = await listEngines();
    expect(engines.map(({ name }) => name)).toEqual([...engineNames]);
    expect(engines.find(({ name }) => name === 'cpu')).toMatchObject({ available: true, reason: null });
    for (const { available, reason } of engines) expect(reason === null).toBe(available);
    expect(engines.map(({ reason }) => reason).join('')).not.toContain('\n');
  }, 60_000);
});

describe('an engine by name', () => {
  it.each([{ name: 'cpu' }, { name: 'cpu', worker: true }])('runs: %j', async ({ name, ...options }) => {
    const engine = await createEngine(name, { ...options, threads: 1 });
    const program = await engine.compile(({ x }) => ({ y: tf.square(x as tf.Tensor) }), { x: { shape: [2] } });
    expect([...((await program.run({ x: float32([3, 4], [2]) })).y?.data ?? [])]).toEqual([9, 16]);
    await engine.dispose();
  });

  it('leaves nothing behind on either backend when WebAssembly has to ask the CPU', async () => {
    const engine = await createEngine('wasm');
    const pooled = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.sum(tf.maxPool(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), 2, 2, 'same'));
    const gradients: TensorFunction = ({ x, filter }) => {
      const [dx, dfilter] = tf.grads((...given: tf.Tensor[]) => pooled(...(given as [tf.Tensor, tf.Tensor])))([
        x as tf.Tensor,
        filter as tf.Tensor,
      ]) as [tf.Tensor, tf.Tensor];
      return { dx, dfilter };
    };
    const signature = { x: { shape: [1, 5, 4, 2] }, filter: { shape: [3, 3, 2, 3] } };
    const program = await engine.compile(gradients, signature);
    const held = () => [tf.memory().numTensors, ...['cpu', 'wasm'].map((name) => tf.findBackend(name).numDataIds())];
    const feeds = randomFeeds(signature, new Random(1));
    const first = await program.run(feeds);
    const before = held();
    expect(await program.run(feeds)).toEqual(first);
    expect(held()).toEqual(before);
  });

  it('must exist', async () => {
    await expect(createEngine('gpu')).rejects.toThrow(UsageError);
    await expect(createEngine('gpu')).rejects.toThrow('"gpu"; choose cpu');
  });
});

describe('the eager engine', () => {
  const engine = createEagerEngine('eager', 'cpu');

  it('runs tensor functions, checks feeds and leaves no tensor behind', async () => {
    const program = await engine.compile(({ x }) => ({ y: tf.softmax(x as tf.Tensor) }), { x: { shape: [1, 2] } });
    const before = tf.memory().numTensors;
    expect([...((await program.run({ x: float32(1, [1, 2]) })).y?.data ?? [])]).toEqual([0.5, 0.5]);
    expect(tf.memory().numTensors).toBe(before);
    expect(program.outputs).toEqual({ y: { shape: [1, 2], dtype: 'float32' } });
    await expect(program.run({})).rejects.toThrow(EngineError);
  });
});
