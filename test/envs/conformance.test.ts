/**
 * The worlds that come with Reverie keep its contract; how `checkWorld` reports. What it finds is tried out on broken
 * worlds in `test/check/`.
 */
import { describe, expect, it, vi } from 'vitest';
import { type CheckResult, checkNames, checkWorld } from '../../envs/conformance/checkWorld.ts';
import { describeThrown, plainText } from '../../envs/conformance/describeThrown.ts';
import { heldOutFit } from '../../envs/conformance/ridge.ts';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { Random } from '../../shared/random.ts';
import type { World } from '../../shared/world.ts';

// A world is checked at some length, which a busy machine may take a minute for.
vi.setConfig({ testTimeout: 300_000 });

describe('checkWorld', () => {
  // The rope's many links make a step five times as slow as elsewhere: `allWorlds.long.ts` checks it, and all at length.
  it.each(worldIds().filter((id) => id !== 'rope'))('passes %s', async (id) => {
    const results = await checkWorld(await loadWorld(id), { size: 'quick' });
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(checkNames.filter((name) => name !== 'speed'));
  });

  it('tells each check and each result as it comes', async () => {
    const told: (string | CheckResult)[] = [];
    const results = await checkWorld(twoRoom, {
      only: ['seeds', 'actions'],
      begin: (name) => told.push(name),
      observe: (result) => told.push(result),
    });
    expect(told).toEqual(results.flatMap((result) => [result.name, result]));
    expect(results.map(({ name }) => name)).toEqual(['definition', 'answers', 'seeds', 'actions']);
  });

  it('reports speed only by a clock', async () => {
    let now = 0;
    const clock = { now: () => now++ };
    const [, , timed] = await checkWorld(twoRoom, { clock, size: 'scant', only: ['speed'] });
    expect(timed).toMatchObject({ name: 'speed', ok: true, detail: expect.stringMatching(/steps, .* frames/) });
    expect(await checkWorld(twoRoom, { size: 'scant', only: ['speed'] })).toHaveLength(2);
  });

  it('stops at a definition that is no world', async () => {
    const wrong = await checkWorld({ spec: { ...twoRoom.spec, budget: 0 }, create: twoRoom.create });
    expect(wrong).toHaveLength(1);
    expect(wrong[0]?.detail).toMatch(/'two-room' is wrong at 'budget': .*, not 0/);
    const lacking = await checkWorld({ spec: twoRoom.spec, create: () => ({}) as World });
    expect(lacking).toHaveLength(1);
    expect(lacking[0]?.detail).toMatch(/lacks reset, step, frame/);
  });
});

describe('the probe', () => {
  it('reads what is linear in the features, and nothing of what is not in them', () => {
    const random = new Random(1);
    const features = Array.from({ length: 300 }, () => Float64Array.from(random.normals(6)));
    const sums = features.map((row) => row.reduce((sum, value, i) => sum + i * value, 3));
    const noise = features.map(() => random.normal());
    const still = features.map(() => 7);
    const [read, unread, constant] = heldOutFit(features, [sums, noise, still], (row) => row % 3 !== 0);
    expect(read).toBeGreaterThan(0.999);
    expect(unread).toBeLessThan(0.2);
    expect(constant).toBeNaN();
  });
});

describe('describeThrown', () => {
  it.each([
    [new Error('no licence'), 'no licence'],
    ['boom', "the string 'boom'"],
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
    [Symbol('odd'), 'Symbol(odd)'],
    [{ code: 3 }, 'the object {"code":3}'],
    [
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
      'something that cannot be shown',
    ],
    [
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('no');
          },
        },
      ),
      'something that cannot be shown',
    ],
    [new Error('\u001b[31mred\u001b[0m\nand\tlong'), 'red and long'],
  ])('says what was thrown: %#', (thrown, words) => {
    expect(describeThrown(thrown)).toBe(words);
  });

  it('cuts what is long', () => {
    expect(plainText('x'.repeat(10_000)).length).toBeLessThan(500);
  });
});
