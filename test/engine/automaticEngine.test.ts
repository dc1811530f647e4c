/** How `auto` chooses, and what it remembers. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineName, engineNames } from '../../models/tensor/engineNames.ts';
import type { EngineStatus } from '../../models/tensor/engines.ts';
import { chooseEngine } from '../../server/engine/chooseEngine.ts';
import { automaticEngine, openEngine } from '../../server/engine/openEngine.ts';
import { readChoice, writeChoice } from '../../server/engine/rememberedChoice.ts';
import { EngineError, UsageError } from '../../shared/errors.ts';

/** The list of engines where these run. */
function running(...names: readonly EngineName[]): EngineStatus[] {
  return engineNames.map((name) => {
    const available = names.includes(name);
    return { name, available, reason: available ? null : 'absent', device: available ? 'processor' : null };
  });
}

/** A measurement that reads times from a list, and fails for what is not in it. */
function taking(times: Partial<Record<EngineName, number>>) {
  const asked: EngineName[] = [];
  const measure = async (engine: EngineName): Promise<number> => {
    asked.push(engine);
    const time = times[engine];
    if (time === undefined) throw new EngineError(`${engine} hangs`);
    return time;
  };
  return { asked, measure };
}

describe('the choice', () => {
  it.each([
    [{ cpu: 100, webgpu: 20, cuda: 5 }, 'cuda'],
    [{ cpu: 100, webgpu: 20, cuda: 50 }, 'webgpu'],
    [{ cpu: 100, webgpu: 3000 }, 'cpu'],
    [{ cpu: 100, webgpu: 95 }, 'cpu'], // no more than noise
    [{ cpu: 100 }, 'cpu'],
    [{ webgpu: 20 }, 'webgpu'],
    [{}, 'cpu'],
  ] as const)('of what takes %j is %s', async (times, engine) => {
    const { measure } = taking(times);
    expect((await chooseEngine(running('cpu', 'webgpu', 'cuda'), measure)).engine).toBe(engine);
  });

  it('says what was measured, and why an engine is out', async () => {
    const { measure } = taking({ cpu: 100, webgpu: 20 });
    const { why, measured } = await chooseEngine(running('cpu', 'webgpu', 'cuda'), measure);
    expect(why).toBe('cpu took 100.0 ms, webgpu took 20.0 ms, cuda failed (cuda hangs)');
    expect(measured).toContainEqual({ engine: 'cuda', ms: null, remark: 'cuda hangs' });
  });

  it('needs no measuring where nothing could be faster than the CPU', async () => {
    const { asked, measure } = taking({});
    expect(await chooseEngine(running('cpu', 'wasm', 'tensorflow'), measure)).toMatchObject({ engine: 'cpu' });
    expect(asked).toEqual([]);
  });

  it('tries libtensorflow where it has a GPU', async () => {
    const { measure } = taking({ cpu: 100, tensorflow: 10 });
    const statuses = running('cpu', 'tensorflow').map((status) =>
      status.name === 'tensorflow' ? { ...status, device: 'GPU' } : status,
    );
    expect((await chooseEngine(statuses, measure)).engine).toBe('tensorflow');
  });
});

describe('what is remembered', () => {
  const choice = { engine: 'webgpu', why: 'it was fast', measured: [] } as const;
  const before = process.env.XDG_CACHE_HOME;
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'engine-choice-'));
    process.env.XDG_CACHE_HOME = home;
  });
  afterEach(() => {
    process.env.XDG_CACHE_HOME = before;
    rmSync(home, { recursive: true });
  });
  const file = () => join(home, 'reverie', 'engine.json');

  it('is the choice of this machine and its libraries alone', async () => {
    expect(await readChoice('this machine')).toBeUndefined();
    await writeChoice(choice, 'this machine');
    expect(await readChoice('this machine')).toEqual(choice);
    expect(await readChoice('another machine')).toBeUndefined();
  });

  it('is not believed where the file is damaged', async () => {
    await writeChoice(choice, 'this machine');
    const text = readFileSync(file(), 'utf8');
    for (const damaged of [text.slice(0, 40), text.replace('webgpu', 'abacus'), '[]']) {
      writeFileSync(file(), damaged);
      expect(await readChoice('this machine')).toBeUndefined();
    }
  });

  it('is what auto is, until it is measured again', async () => {
    await writeChoice(choice);
    expect(await automaticEngine()).toEqual(choice);
    const again = await automaticEngine(true, running('cpu'));
    expect(again.engine).toBe('cpu');
    expect(await automaticEngine()).toEqual(again);
  });

  it('gives way to the CPU without a word when it no longer runs', async () => {
    await writeChoice({ ...choice, engine: 'cuda' });
    const engine = await openEngine('auto', { threads: 1 });
    expect(engine.name).toBe('cpu');
    await engine.dispose();
  });

  it('does not concern an engine that is named', async () => {
    await writeChoice(choice);
    expect((await openEngine('cpu')).name).toBe('cpu');
    await expect(openEngine('abacus')).rejects.toThrow(UsageError);
    await expect(openEngine('cuda')).rejects.toThrow(EngineError);
  });
});
