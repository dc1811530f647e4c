/** The cache of optimised graphs: programs answer the same with it, and nothing in its directory can make them fail. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../models/tensor/engines.ts';
import { ModelCache } from '../../models/tensor/modelCache.ts';
import type { HostTensors, TensorFunction } from '../../models/tensor/program.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds } from './randomFeeds.ts';

tf.enableProdMode();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'model-cache-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const signature = { x: { shape: [2, 8, 8, 3] }, filter: { shape: [3, 3, 3, 16] } };
const feeds = randomFeeds(signature, new Random(1));
const convolution: TensorFunction = ({ x, filter }) => ({
  y: tf.relu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same')),
});

async function answer(cache: string | undefined, worker = false): Promise<HostTensors> {
  const engine = await createEngine('cpu', { threads: 1, worker, ...(cache !== undefined && { cache }) });
  const program = await engine.compile(convolution, signature);
  const outputs = await program.run(feeds);
  await engine.dispose();
  return outputs;
}

const entries = () => readdirSync(directory).map((name) => join(directory, name));

describe('an engine with a cache', () => {
  it.each([{ worker: false }, { worker: true }])(
    'keeps each graph once, and answers the same: %j',
    async ({ worker }) => {
      const expected = await answer(undefined);
      expect(await answer(directory, worker)).toEqual(expected);
      const [entry, ...others] = entries();
      expect(others).toEqual([]);
      const written = statSync(entry as string).mtimeMs;
      expect(await answer(directory, worker)).toEqual(expected);
      expect(entries()).toEqual([entry]);
      expect(statSync(entry as string).mtimeMs).toBe(written);
    },
  );

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one bit', (bytes: Buffer) => bytes.fill((bytes.at(-1) as number) ^ 1, bytes.length - 1)],
  ])('makes an entry again that is %s', async (_, damage) => {
    const expected = await answer(directory);
    const [entry] = entries() as [string];
    const sound = readFileSync(entry);
    writeFileSync(entry, damage(Buffer.from(sound)));
    expect(await answer(directory)).toEqual(expected);
    expect(readFileSync(entry).equals(sound)).toBe(true);
  });

  it('works where nothing can be written', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(await answer(join(file, 'cache'))).toEqual(await answer(undefined));
  });
});

describe('the cache', () => {
  const load = async (optimised: Uint8Array) => `loaded ${new TextDecoder().decode(optimised)}`;
  const make = (cache: ModelCache, model: string, loader = load) =>
    cache.load(new TextEncoder().encode(model), loader, async (saveTo) => {
      if (saveTo !== undefined) writeFileSync(saveTo, `${model} optimised`);
      return `made ${model}`;
    });

  it('tells graphs and circumstances apart', async () => {
    const [cache, other] = [new ModelCache(directory, 'runtime 1'), new ModelCache(directory, 'runtime 2')];
    expect(await make(cache, 'a')).toBe('made a');
    expect(await make(cache, 'b')).toBe('made b');
    expect(await make(other, 'a')).toBe('made a');
    expect(await make(cache, 'a')).toBe('loaded a optimised');
    expect(entries()).toHaveLength(3);
  });

  it('makes an entry again that the runtime refuses', async () => {
    const cache = new ModelCache(directory, '');
    await make(cache, 'a');
    expect(await make(cache, 'a', () => Promise.reject(new Error('no such operator')))).toBe('made a');
  });

  it('passes on what the runtime says of the graph itself, and leaves nothing behind', async () => {
    const failing = new ModelCache(directory, '').load(new Uint8Array(), load, () => Promise.reject(new Error('bad')));
    await expect(failing).rejects.toThrow('bad');
    expect(entries()).toEqual([]);
  });

  it('removes the oldest entries when it is full', async () => {
    const cache = new ModelCache(directory, '', 25); // an entry is of 43 bytes, 11 of them content
    await make(cache, 'a');
    const [first] = entries() as [string];
    utimesSync(first, 1, 1);
    await make(cache, 'b');
    expect(entries()).toHaveLength(1);
    expect(entries()).not.toContain(first);
  });
});
