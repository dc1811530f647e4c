import { serialize } from 'node:v8';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import { pushTFactors } from '../../envs/worlds/push-t/pushTFactors.ts';
import { distanceToBlock } from '../../envs/worlds/push-t/pushTGeometry.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { Random } from '../../shared/random.ts';
import type { Action } from '../../shared/space.ts';
import type { State, World } from '../../shared/world.ts';

/** Steps by the scripted behaviour and returns the actions. */
function play(world: World, seed: number, steps: number): Action[] {
  const behaviour = world.behaviour(new Random(seed));
  return Array.from({ length: steps }, () => {
    const action = behaviour.act(world.state());
    world.step(action);
    return action;
  });
}

/** The states after each action. */
function follow(world: World, actions: readonly Action[]): State[] {
  return actions.map((action) => {
    world.step(action);
    return world.state();
  });
}

function touches(state: State): boolean {
  return distanceToBlock(state, { x: state.pusherX ?? 0, y: state.pusherY ?? 0 }) < pushTFactors.pusherRadius.default;
}

/** Plays until the pusher has pressed on the block for two steps, so that contacts are warm. */
function playIntoContact(world: World): void {
  world.reset(5);
  const behaviour = world.behaviour(new Random(5));
  for (let touching = 0; touching < 2; ) {
    world.step(behaviour.act(world.state()));
    touching = touches(world.state()) ? touching + 1 : 0;
  }
}

describe('snapshots', () => {
  it('goes on to the bit for 300 steps from the middle of a contact, every time it is restored', () => {
    const world = pushT.create();
    playIntoContact(world);
    const snapshot = world.snapshot();
    const actions = play(world, 6, 300);
    const restored = () => {
      world.restore(snapshot);
      return follow(world, actions);
    };
    const first = restored();
    expect(new Set(first.map(({ blockX }) => blockX)).size).toBeGreaterThan(100);
    expect(restored()).toEqual(first);
    expect(restored()).toEqual(first);
  });

  it('is equal to never having left', () => {
    const [stayed, left] = [pushT.create(), pushT.create()];
    playIntoContact(stayed);
    playIntoContact(left);
    const snapshot = left.snapshot();
    play(left, 9, 40);
    left.restore(snapshot);
    const actions = play(stayed, 7, 300);
    const end = follow(left, actions).at(-1);
    expect(end).toEqual(stayed.state());
  });

  it('keeps what resting the bodies forgets: a snapshot and a placement of one moment part ways', () => {
    const world = pushT.create();
    playIntoContact(world);
    const [snapshot, state] = [world.snapshot(), world.state()];
    world.step([0, 0]);
    const coasted = world.state();
    world.restore(snapshot);
    expect(world.state()).toEqual(state);
    world.place(state);
    world.step([0, 0]);
    expect(world.state()).not.toEqual(coasted);
  });

  it('goes on in another world of the same kind, whatever was built in between', () => {
    const world = pushT.create();
    playIntoContact(world);
    const snapshot = world.snapshot();
    const actions = play(world, 8, 50);
    twoRoom.create();
    Matter.Bodies.circle(0, 0, 1);
    const other = pushT.create();
    other.restore(snapshot);
    expect(follow(other, actions).at(-1)).toEqual(world.state());
  });

  it('is plain data: a copy sent to a worker and back is as good', () => {
    const world = pushT.create();
    playIntoContact(world);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(world.snapshot());
    const received = receiveMessageOnPort(port2)?.message;
    port1.close();
    const actions = play(world, 8, 50);
    const other = pushT.create();
    other.restore(received);
    expect(follow(other, actions).at(-1)).toEqual(world.state());
  });

  it('takes less room than half a frame', () => {
    const world = pushT.create();
    playIntoContact(world);
    expect(serialize(world.snapshot()).length).toBeLessThan(12_288 / 2);
  });

  it('brings the step count back', () => {
    const world = twoRoom.create();
    world.reset(0);
    for (let i = 1; i < twoRoom.spec.budget; i++) world.step([0, 0]);
    const snapshot = world.snapshot();
    expect(world.step([0, 0]).truncated).toBe(true);
    world.restore(snapshot);
    expect(world.step([0, 0]).truncated).toBe(true);
  });

  it('is refused by a world of the same kind that other numbers are true of', () => {
    const wide = pushT.create({ pusherRadius: 20 });
    expect(() => pushT.create().restore(wide.snapshot())).toThrow(/with pusherRadius 20 cannot .* where it is 15/);
    pushT.create({ pusherRadius: 20, pusherColor: '#f72585' }).restore(wide.snapshot());
  });

  it('is refused by another kind of world', () => {
    expect(() => twoRoom.create().restore(pushT.create().snapshot())).toThrow(
      /'push-t' cannot be restored in 'two-room'/,
    );
  });
});

describe('placement', () => {
  it('depends on the state alone, to the bit', () => {
    const used = pushT.create();
    fc.assert(
      fc.property(fc.integer(), fc.nat(60), (seed, past) => {
        used.reset(seed);
        play(used, seed, past);
        const state = used.state();
        const fresh = pushT.create();
        fresh.place(state);
        used.place(state);
        expect(used.state()).toEqual(state);
        const actions = play(fresh, seed + 1, 20);
        expect(follow(used, actions).at(-1)).toEqual(fresh.state());
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a state with a number missing or not finite', () => {
    const world = twoRoom.create();
    expect(() => world.place({ ballX: 1 })).toThrow(/ballY is undefined/);
    expect(() => world.place({ ballX: Number.NaN, ballY: 1 })).toThrow(/ballX is NaN/);
  });
});
