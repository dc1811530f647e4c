import { describe, expect, it } from 'vitest';
import { type CheckResult, checkWorld } from '../../envs/conformance/checkWorld.ts';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { ManualClock } from '../../shared/clock.ts';
import type { State, World, WorldDefinition } from '../../shared/world.ts';

/** `two-room` with some of its methods replaced. */
function broken(change: (world: World) => Partial<World>): WorldDefinition {
  return {
    spec: twoRoom.spec,
    create() {
      const world = twoRoom.create();
      const original = Object.fromEntries(
        Object.getOwnPropertyNames(Object.getPrototypeOf(world))
          .filter((name) => name !== 'constructor')
          .map((name) => [name, (world[name as keyof World] as () => unknown).bind(world)]),
      ) as unknown as World;
      return Object.assign(world, change(original));
    },
  };
}

function failures(results: readonly CheckResult[]): string[] {
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}

describe('checkWorld', () => {
  it.each(worldIds())('passes %s', async (id) => {
    const results = await checkWorld(await loadWorld(id));
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    expect(results.length).toBeGreaterThan(10);
  });

  it('tells each result as it comes, and reports speed only by a clock', async () => {
    const seen: CheckResult[] = [];
    const results = await checkWorld(twoRoom, new ManualClock(), (result) => seen.push(result));
    expect(seen).toEqual(results);
    expect(results.at(-1)?.name).toBe('speed');
    expect((await checkWorld(twoRoom)).at(-1)?.name).not.toBe('speed');
  });

  it('stops at a definition that is no world', async () => {
    const results = await checkWorld({ spec: { ...twoRoom.spec, budget: 0 }, create: twoRoom.create });
    expect(results).toHaveLength(1);
    expect(results[0]?.detail).toMatch(/'two-room' is wrong at 'budget'/);
    const lacking = { spec: twoRoom.spec, create: () => ({}) as World };
    expect((await checkWorld(lacking))[0]?.detail).toMatch(/lacks reset, step, frame/);
  });

  let unseeded = 0;
  const cases: [string, string, RegExp, WorldDefinition][] = [
    [
      'a start that no seed chooses',
      'seeds',
      /seeds 0, 1, 2, 3 all start in/,
      broken((world) => ({ reset: () => world.reset(0) })),
    ],
    [
      'a start that differs from world to world',
      'seeds',
      /ballX is .* at the start of seed 3 in a second world: expected/,
      broken((world) => ({ reset: () => world.reset(unseeded++) })),
    ],
    [
      'a restore that loses velocity or place',
      'snapshots',
      /restored at step \d+ for the first time: expected .*, to the bit/,
      broken((world) => ({ restore: (snapshot) => [world.restore(snapshot), world.step([0.1, 0])] })),
    ],
    [
      'a placement nearby',
      'placement',
      /after it was placed/,
      broken((world) => ({ place: (state) => world.place({ ...state, ballX: (state.ballX as number) + 1e-9 }) })),
    ],
    [
      'any action accepted',
      'actions',
      /was accepted/,
      broken((world) => ({ step: ([x = 0]) => world.step([x > 1 ? 1 : 0, 0]) })),
    ],
    [
      'no truncation',
      'truncation',
      /step 50 says truncated: false, with a budget of 50/,
      broken((world) => ({ step: (action) => ({ ...world.step(action), truncated: false }) })),
    ],
    [
      'a quantity missing',
      'states',
      /a state has ballX at the start of seed 0: the spec names ballX, ballY/,
      broken((world) => ({ state: () => ({ ballX: world.state().ballX as number }) })),
    ],
    [
      'a quantity that is no number',
      'states',
      /ballY is NaN at the start of seed 0/,
      broken((world) => ({ state: () => ({ ...world.state(), ballY: Number.NaN }) })),
    ],
    [
      'a frame that shows nothing',
      'frames',
      /changed in 0 of 200 steps/,
      broken(() => ({ frame: () => new Uint8Array(64 * 64 * 3) })),
    ],
    [
      'a frame of another size',
      'frames',
      /16384 long: expected a Uint8Array of 12288/,
      broken(() => ({ frame: () => new Uint8Array(64 * 64 * 4) })),
    ],
    [
      'an object that is not in the scene',
      'scene',
      /the object 'ball' is no shape/,
      broken((world) => ({ scene: () => world.scene().slice(0, -1) })),
    ],
    [
      'tasks solved at the start',
      'tasks',
      /task 0 \(easy\) is solved at its start/,
      broken(() => ({ achieved: () => true })),
    ],
    ['a distance that does not fall', 'tasks', /it must fall/, broken(() => ({ distance: () => 1 }))],
    [
      'a task that disturbs the episode',
      'tasks',
      /the episode in progress after 24 tasks/,
      broken((world) => ({
        task: (...drawn) => [world.task(...drawn), world.step([1, 1])][0] as ReturnType<World['task']>,
      })),
    ],
    [
      'a behaviour that draws from elsewhere',
      'behaviour',
      /draw from its generator/,
      broken(() => ({ behaviour: () => ({ act: (_: State) => [Math.sin(unseeded++), 0] }) })),
    ],
  ];

  it.each(cases)('finds %s', async (_, name, message, definition) => {
    const results = await checkWorld(definition);
    expect(failures(results)).toContain(name);
    expect(results.find((result) => result.name === name)?.detail).toMatch(message);
  });
});
