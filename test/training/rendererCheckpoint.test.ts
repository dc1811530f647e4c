/** A renderer's checkpoint: one that is under way is gone on with, one that is finished makes room for another. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DenoiserConfig } from '../../models/diffusion/network/denoiser.ts';
import { float32 } from '../../models/tensor/program.ts';
import { forgetFinished, RendererCheckpoint } from '../../server/training/rendererCheckpoint.ts';

const identity = { denoiser: {} as DenoiserConfig, seed: 1, data: 'digest' };
const tensors = { a: float32([1, 2], [2]) };
const networks = { regression: tensors, base: tensors, student: tensors };
const open = (seed = 1) => RendererCheckpoint.open(directory, { ...identity, seed });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'renderer-checkpoint-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('a checkpoint', () => {
  it('that is finished is forgotten, so that another run can begin', async () => {
    await (await open()).finish({ networks, costs: {} });
    expect(Object.keys((await open()).finished)).toEqual(Object.keys(networks));
    expect(await forgetFinished(directory)).toBe(true);
    expect((await open(2)).finished).toEqual({});
  });

  it('between two networks stays', async () => {
    await (await open()).finish({ networks: { regression: tensors }, costs: {} });
    expect(await forgetFinished(directory)).toBe(false);
    expect(Object.keys((await open()).finished)).toEqual(['regression']);
  });

  it('within a network stays', async () => {
    const train = { step: 3, parameters: tensors, firstMoments: tensors, secondMoments: tensors, buffers: {} };
    await (await open()).save('student', { train, average: tensors, elapsed: 5 }, { networks, costs: {} });
    expect(await forgetFinished(directory)).toBe(false);
    expect((await open()).state?.elapsed).toBe(5);
  });

  it('that was never made is not missed', async () => {
    expect(await forgetFinished(directory)).toBe(false);
  });
});
