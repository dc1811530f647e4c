import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { float32, type HostTensor, type TensorFunction } from '../../models/tensor/program.ts';
import { traceFunction } from '../../models/tensor/tracingBackend.ts';
import { createWorkerEngine } from '../../models/tensor/workerEngine.ts';
import { workerSessions } from '../../models/tensor/workerSessions.ts';
import { EngineError } from '../../shared/errors.ts';

tf.enableProdMode();
const engine = createCpuEngine({ threads: 1 });
const worker = createWorkerEngine({ threads: 1 });
afterAll(async () => {
  await engine.dispose();
  await worker.dispose();
});

const double: TensorFunction = ({ x }) => ({ y: tf.mul(x as tf.Tensor, 2) });
const pair = { x: { shape: [2] } };

describe.each([
  ['on the calling thread', engine],
  ['in a worker thread', worker],
])('the compiled engine %s', (_, subject) => {
  it('runs a program, and takes its outputs as feeds', async () => {
    const program = await subject.compile(double, pair);
    let x: HostTensor = float32([1, -3], [2]);
    for (let i = 0; i < 3; i++) x = (await program.run({ x })).y as HostTensor;
    expect([...x.data]).toEqual([8, -24]);
    expect(program.outputs).toEqual({ y: { shape: [2], dtype: 'float32' } });
  });

  it('leaves the feeds to the caller', async () => {
    const program = await subject.compile(double, pair);
    const x = float32([1, 2], [2]);
    await program.run({ x });
    expect([...x.data]).toEqual([1, 2]);
    expect([...((await program.run({ x })).y?.data ?? [])]).toEqual([2, 4]);
  });

  it('carries integers and truth values both ways', async () => {
    const program = await subject.compile(({ i, b }) => ({ i: tf.neg(i as tf.Tensor), b: tf.logicalNot(b as never) }), {
      i: { shape: [2], dtype: 'int32' },
      b: { shape: [2], dtype: 'bool' },
    });
    const { i, b } = await program.run({
      i: { shape: [2], dtype: 'int32', data: Int32Array.of(5, -6) },
      b: { shape: [2], dtype: 'bool', data: Uint8Array.of(1, 0) },
    });
    expect(i).toEqual({ shape: [2], dtype: 'int32', data: Int32Array.of(-5, 6) });
    expect(b).toEqual({ shape: [2], dtype: 'bool', data: Uint8Array.of(0, 1) });
  });

  it('returns inputs, constants and one tensor under two names', async () => {
    const program = await subject.compile(
      ({ x }) => ({ same: x as tf.Tensor, again: x as tf.Tensor, fixed: tf.tensor([1, 2]), zeros: tf.zeros([3]) }),
      pair,
    );
    const results = await program.run({ x: float32([4, 5], [2]) });
    const values = Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
    expect(values).toEqual({ same: [4, 5], again: [4, 5], fixed: [1, 2], zeros: [0, 0, 0] });
  });

  it('runs programs side by side', async () => {
    const program = await subject.compile(double, pair);
    const results = await Promise.all([1, 2, 3].map((value) => program.run({ x: float32(value, [2]) })));
    expect(results.map(({ y }) => y?.data[0])).toEqual([2, 4, 6]);
  });

  it('refuses to run a program that was disposed of', async () => {
    const program = await subject.compile(double, pair);
    await program.dispose();
    await program.dispose();
    await expect(program.run({ x: float32(1, [2]) })).rejects.toThrow(EngineError);
  });
});

describe('feeds', () => {
  const wrong: [string, Record<string, HostTensor>, RegExp][] = [
    ['missing', {}, /"x" is missing; feed float32 \[2\]/],
    ['unknown', { x: float32(1, [2]), z: float32(1, [1]) }, /no input "z"; it takes x/],
    ['of another shape', { x: float32(1, [2, 1]) }, /"x" is float32 \[2, 1\]; feed float32 \[2\]/],
    ['of another type', { x: { shape: [2], dtype: 'int32', data: new Int32Array(2) } }, /"x" is int32 \[2\]/],
    ['too short', { x: { shape: [2], dtype: 'float32', data: new Float32Array(1) } }, /"x" holds 1 values/],
    ['in another array', { x: { shape: [2], dtype: 'float32', data: new Int32Array(2) } }, /Int32Array/],
  ];
  it.each(wrong)('%s are refused by name', async (_, feeds, message) => {
    const program = await engine.compile(double, pair);
    await expect(program.run(feeds)).rejects.toThrow(message);
    await expect(program.run(feeds)).rejects.toThrow(EngineError);
  });

  it('are accepted for inputs that the function ignores', async () => {
    const program = await engine.compile(double, { ...pair, idle: { shape: [3] } });
    const { y } = await program.run({ x: float32(1, [2]), idle: float32(7, [3]) });
    expect([...(y?.data ?? [])]).toEqual([2, 2]);
    await expect(program.run({ x: float32(1, [2]) })).rejects.toThrow('"idle" is missing');
  });
});

describe('tracing', () => {
  it('names a kernel that is not covered, and the function', async () => {
    const product: TensorFunction = function running({ x }) {
      return { y: tf.unique(x as tf.Tensor).values };
    };
    await expect(engine.compile(product, pair)).rejects.toThrow(
      'kernel Unique is not covered by the compiled engine (function running)',
    );
  });

  it('refuses a function that reads a tensor', async () => {
    const reading: TensorFunction = ({ x }) => ({ y: tf.scalar((x as tf.Tensor).dataSync()[0] as number) });
    await expect(engine.compile(reading, pair)).rejects.toThrow(/read the values of a tensor/);
  });

  it('refuses shapes that are not fixed', async () => {
    await expect(engine.compile(double, { x: { shape: [-1] } })).rejects.toThrow(/"x" has the shape \[-1\]/);
  });

  it('restores the backend and leaves no tensor behind, also when the function throws', async () => {
    const [tensors, backend] = [tf.memory().numTensors, tf.getBackend()];
    const failing: TensorFunction = ({ x }) => {
      tf.add(x as tf.Tensor, 1);
      throw new RangeError('out of luck');
    };
    for (let i = 0; i < 3; i++) {
      await engine.compile(double, pair);
      await expect(engine.compile(failing, pair)).rejects.toThrow('out of luck');
      await expect(engine.compile(({ x }) => ({ y: tf.unique(x as tf.Tensor).values }), pair)).rejects.toThrow(
        EngineError,
      );
    }
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.getBackend()).toBe(backend);
    expect([...tf.tidy(() => tf.add([1, 2], 1).dataSync())]).toEqual([2, 3]);
  });

  it('takes tensors of the calling code as constants and leaves them usable', async () => {
    const outside = tf.tensor([3, 4]);
    const program = await engine.compile(({ x }) => ({ y: tf.add(x as tf.Tensor, outside) }), pair);
    expect([...((await program.run({ x: float32(1, [2]) })).y?.data ?? [])]).toEqual([4, 5]);
    expect([...outside.dataSync()]).toEqual([3, 4]);
    outside.dispose();
  });

  it('is not entangled by compilations that overlap', async () => {
    const programs = await Promise.all(
      [1, 2, 3].map((factor) => engine.compile(({ x }) => ({ y: tf.mul(x as tf.Tensor, factor) }), pair)),
    );
    const results = await Promise.all(programs.map((program) => program.run({ x: float32(1, [2]) })));
    expect(results.map(({ y }) => y?.data[0])).toEqual([1, 2, 3]);
  });
});

describe('a worker that ends', () => {
  it('refuses what waits and what comes later', async () => {
    const host = workerSessions({ provider: 'cpu', threads: 1 });
    const traced = traceFunction(double, pair);
    const session = await host.open(traced);
    const running = session.run({ x: float32(1, [2]) });
    const opening = host.open(traced);
    const disposal = host.dispose();
    await expect(running).rejects.toThrow(EngineError);
    await expect(opening).rejects.toThrow(EngineError);
    await disposal;
    await expect(session.run({ x: float32(1, [2]) })).rejects.toThrow(EngineError);
    await expect(session.release()).resolves.toBeUndefined();
  });

  it('passes on what the runtime refuses, and goes on', async () => {
    const host = workerSessions({ provider: 'cpu', threads: 1 });
    await expect(host.open({ model: Uint8Array.of(1, 2, 3), outputs: {} })).rejects.toThrow(EngineError);
    const session = await host.open(traceFunction(double, pair));
    expect([...((await session.run({ x: float32(1, [2]) })).y?.data ?? [])]).toEqual([2, 2]);
    await host.dispose();
  });
});
