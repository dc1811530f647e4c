import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VectorWorld } from '../../envs/vectorWorld.ts';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { WorldError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { type Action, sample } from '../../shared/space.ts';
import type { State, WorldDefinition } from '../../shared/world.ts';

const size = 3;
const still: readonly Action[] = Array.from({ length: size }, () => [0, 0]);

function drawActions(random: Random): Action[] {
  return Array.from({ length: size }, () => sample(pushT.spec.action, random));
}

/** The numbers of row i of a block of states. */
function rowOf(worlds: VectorWorld, i: number): number[] {
  const width = worlds.quantities.length;
  return Array.from(worlds.states().subarray(i * width, (i + 1) * width));
}

function valuesOf(state: State, worlds: VectorWorld): number[] {
  return worlds.quantities.map((name) => state[name] as number);
}

/** A world that counts its steps, and terminates at the third. */
const counter: WorldDefinition = {
  spec: { ...twoRoom.spec, id: 'counter', budget: 5 },
  create() {
    const world = twoRoom.create();
    let steps = 0;
    let seed = 0;
    return Object.assign(Object.create(world), {
      reset: (given: number) => {
        [seed, steps] = [given, 0];
      },
      step: () => {
        steps++;
        return { terminated: steps === 3, truncated: steps >= 5 };
      },
      state: () => ({ ballX: seed, ballY: steps }),
    });
  },
};

describe.each([
  ['push-t', pushT],
  ['two-room', twoRoom],
])('%s, three at once', (_, definition) => {
  it('does in each row what a world alone does, to the bit', () => {
    const worlds = new VectorWorld(definition, size);
    const alone = Array.from({ length: size }, () => definition.create());
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: size, maxLength: size }), fc.nat(), (seeds, drawn) => {
        const random = new Random(drawn);
        worlds.reset(seeds);
        alone.forEach((world, i) => {
          world.reset(seeds[i] as number);
        });
        for (let step = 0; step < 10; step++) {
          const actions = drawActions(random);
          worlds.step(actions);
          alone.forEach((world, i) => {
            world.step(actions[i] as Action);
          });
        }
        const frames = worlds.frames();
        alone.forEach((world, i) => {
          expect(rowOf(worlds, i)).toEqual(valuesOf(world.state(), worlds));
          expect(Buffer.compare(frames.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES), world.frame())).toBe(0);
        });
      }),
      { numRuns: 10 },
    );
  });

  it('plans from one snapshot: all rows begin where it was taken, and go on by their own actions', () => {
    const world = definition.create();
    world.reset(4);
    const behaviour = world.behaviour(new Random(4));
    for (let i = 0; i < 15; i++) world.step(behaviour.act(world.state()));
    const snapshot = world.snapshot();
    const worlds = new VectorWorld(definition, size);
    worlds.restore(snapshot);
    const random = new Random(6);
    const plans = Array.from({ length: 8 }, () => drawActions(random));
    for (const actions of plans) worlds.step(actions);
    for (let i = 0; i < size; i++) {
      world.restore(snapshot);
      for (const actions of plans) world.step(actions[i] as Action);
      expect(rowOf(worlds, i)).toEqual(valuesOf(world.state(), worlds));
    }
  });
});

describe('a vector of worlds', () => {
  const worlds = new VectorWorld(pushT, size);

  it('gives world i the seed plus i when it is given one', () => {
    worlds.reset(10);
    const begun = worlds.states();
    worlds.reset([10, 11, 12]);
    expect(worlds.states()).toEqual(begun);
    expect(new Set(begun).size).toBe(begun.length);
    worlds.reset(0);
    expect(new VectorWorld(pushT, size).states()).toEqual(worlds.states());
  });

  it('takes actions in one row of float32 as it takes a list of them', () => {
    const actions = drawActions(new Random(1)).map((action) => action.map(Math.fround));
    const after = [actions, Float32Array.from(actions.flat())].map((given) => {
      worlds.reset(1);
      worlds.step(given);
      return worlds.states();
    });
    expect(after[1]).toEqual(after[0]);
  });

  it('places and returns all worlds alike, or each to its own', () => {
    const starts = [1, 2, 3].map((seed) => pushT.create().task(seed).start);
    worlds.place(starts);
    expect(starts.flatMap((start) => valuesOf(start, worlds))).toEqual(Array.from(worlds.states()));
    const snapshots = worlds.snapshots();
    worlds.place(starts[1] as State);
    for (let i = 0; i < size; i++) expect(rowOf(worlds, i)).toEqual(valuesOf(starts[1] as State, worlds));
    worlds.restore(snapshots);
    expect(Array.from(worlds.states())).toEqual(starts.flatMap((start) => valuesOf(start, worlds)));
  });

  it('writes frames and states where it is told to', () => {
    const [frames, states] = [new Uint8Array(size * FRAME_BYTES), new Float64Array(size * worlds.quantities.length)];
    expect(worlds.frames(frames)).toBe(frames);
    expect(worlds.states(states)).toBe(states);
    expect(frames).toEqual(worlds.frames());
    expect(states).toEqual(worlds.states());
  });

  it('moves no world when one action lies outside the space, or there are too few or too many', () => {
    worlds.reset(2);
    const before = worlds.states();
    const wrong: [readonly Action[] | Float32Array, RegExp][] = [
      [
        [
          [0, 0],
          [0, 0],
          [0, 1.5],
        ],
        /action 2, \[0, 1.5\], is outside the action space of 'push-t'/,
      ],
      [
        [
          [0, 0],
          [Number.NaN, 0],
          [0, 0],
        ],
        /action 1, \[NaN, 0\], is outside/,
      ],
      [still.slice(1), /2 actions are given for 3 worlds/],
      [new Float32Array(8), /4 actions are given for 3 worlds/],
      [new Float32Array(5), /action 2, \[0\], is outside/],
    ];
    for (const [actions, message] of wrong) {
      expect(() => worlds.step(actions)).toThrow(message);
      expect(worlds.states()).toEqual(before);
    }
    expect(() => worlds.reset([1])).toThrow(/1 seeds are given for 3 worlds/);
    expect(() => worlds.place([])).toThrow(/0 states are given/);
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be of %s worlds', (count) => {
    expect(() => new VectorWorld(pushT, count)).toThrow(WorldError);
  });

  it('can be of worlds that vary, each by itself', () => {
    const varied = new VectorWorld(twoRoom, 2, { variation: [{ ballSpeed: 4 }, { ballSpeed: 6 }] });
    varied.place({ ballX: 40, ballY: 40 });
    varied.step([
      [1, 0],
      [1, 0],
    ]);
    expect(Array.from(varied.states())).toEqual([60, 40, 70, 40]);
    const alike = new VectorWorld(twoRoom, 2, { variation: { ballColor: '#0096c7' } });
    expect(alike.worlds.map((world) => world.spec.objects[0]?.color)).toEqual(['#0096c7', '#0096c7']);
    expect(() => new VectorWorld(twoRoom, 3, { variation: [{}, {}] })).toThrow(/2 variations are given for 3 worlds/);
  });
});

describe('the end of an episode', () => {
  const flags = ({ terminated, truncated }: ReturnType<VectorWorld['step']>) => [terminated[0], truncated[0]];

  it('is said at every step after it, and nothing is reset, unless asked for', () => {
    const worlds = new VectorWorld(counter, size);
    worlds.reset(7);
    const seen = Array.from({ length: 6 }, () => flags(worlds.step(still)));
    expect(seen).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 1],
      [0, 1],
    ]);
    expect(rowOf(worlds, 0)).toEqual([7, 6]);
  });

  it('is followed by the episode of the next free seed, at the next step and without that action, when asked for', () => {
    const worlds = new VectorWorld(counter, size, { autoreset: true });
    worlds.reset(7);
    const seen = Array.from({ length: 8 }, () => [...flags(worlds.step(still)), ...rowOf(worlds, 0)]);
    const episode = (seed: number) => [
      [0, 0, seed, 1],
      [0, 0, seed, 2],
      [1, 0, seed, 3],
    ];
    expect(seen).toEqual([...episode(7), [0, 0, 10, 0], ...episode(10), [0, 0, 13, 0]]);
    expect(Array.from(worlds.states()).filter((_, i) => i % 2 === 0)).toEqual([13, 14, 15]);
  });

  it('is forgotten when a world is placed or restored', () => {
    const worlds = new VectorWorld(twoRoom, 2, { autoreset: true });
    const idle: readonly Action[] = [
      [0, 0],
      [0, 0],
    ];
    const start = { ballX: 40, ballY: 60 };
    const back = [() => worlds.place(start), () => worlds.restore(snapshot)];
    worlds.place(start);
    const snapshot = worlds.worlds[0]?.snapshot() ?? { world: '' };
    for (const goBack of back) {
      for (let i = 0; i < twoRoom.spec.budget; i++) worlds.step(idle);
      goBack();
      worlds.step(idle);
      expect(Array.from(worlds.states())).toEqual([40, 60, 40, 60]);
    }
  });
});
