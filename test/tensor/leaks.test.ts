/**
 * A quick look for leaks; `longLeakCheck.ts` is the long one. Tensors are counted exactly. Resident memory may move by
 * what the allocator and the collector keep, so that its margin is wide; what 1,000 runs feed and answer, or 40
 * programs weigh, is more.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createWorkerEngine } from '../../models/tensor/workerEngine.ts';
import { compileOften, held, runOften } from './leakProbe.ts';

tf.enableProdMode();
const MARGIN = 120; // megabytes; 1,000 runs carry 620, 40 programs weigh 160

describe.each([
  ['on the calling thread', createCpuEngine],
  ['in a worker thread', createWorkerEngine],
])('the engine %s', (_, create) => {
  it('holds no more after 1,000 runs than after 100', async () => {
    const engine = create({ threads: 1 });
    await runOften(engine, 100);
    const before = await held();
    await runOften(engine, 1000);
    const after = await held();
    await engine.dispose();
    expect(after.tensors).toBe(before.tensors);
    expect(after.buffers).toBe(before.buffers);
    expect(after.megabytes - before.megabytes).toBeLessThan(MARGIN);
  });

  it('holds no more after 40 compilations than after 4', async () => {
    const engine = create({ threads: 1 });
    await compileOften(engine, 4);
    const before = await held();
    await compileOften(engine, 40);
    const after = await held();
    await engine.dispose();
    expect(after.tensors).toBe(before.tensors);
    expect(after.buffers).toBe(before.buffers);
    expect(after.megabytes - before.megabytes).toBeLessThan(MARGIN);
  });
});
