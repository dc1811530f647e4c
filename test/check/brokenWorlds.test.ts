/**
 * One broken world for each way to break the contract: its check must fail, and say what was seen, what was expected
 * and how to mend it, so that the world's author needs nothing else.
 */
import { describe, expect, it } from 'vitest';
import { checkNames, checkWorld } from '../../envs/conformance/checkWorld.ts';
import { answering } from './brokenWorlds/answering.ts';
import { asking } from './brokenWorlds/asking.ts';
import { ending } from './brokenWorlds/ending.ts';
import marble from './brokenWorlds/marble.ts';
import { moving } from './brokenWorlds/moving.ts';
import { repeating } from './brokenWorlds/repeating.ts';
import { returning } from './brokenWorlds/returning.ts';
import { showing } from './brokenWorlds/showing.ts';
import { varying } from './brokenWorlds/varying.ts';

const brokenWorlds = [
  ...answering,
  ...repeating,
  ...returning,
  ...ending,
  ...showing,
  ...asking,
  ...moving,
  ...varying,
];

describe('checkWorld', () => {
  it('has nothing to say against the world that the broken ones are made of', async () => {
    const results = await checkWorld(marble, { size: 'quick' });
    expect(results.filter(({ ok, remarks }) => !ok || remarks)).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(checkNames.filter((name) => name !== 'speed'));
  });

  it.each(brokenWorlds)('finds $defect, by $check', async ({ check, says, mend, make }) => {
    const results = await checkWorld(make(), { size: 'quick', only: [check] });
    const result = results.at(-1);
    expect(result).toMatchObject({ name: check, ok: false, detail: expect.stringMatching(says) });
    expect(result?.mend).toMatch(mend);
    expect(results.slice(0, -1).every(({ ok }) => ok)).toBe(true);
  });

  it('has a broken world for every check that can fail', () => {
    const tried = new Set(brokenWorlds.map(({ check }) => check));
    expect(checkNames.filter((name) => !tried.has(name))).toEqual(['floors', 'speed']);
  });
});
