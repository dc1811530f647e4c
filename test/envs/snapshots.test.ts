import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../envs/matter/simulation.ts';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import { distanceToBlock, pusherRadius } from '../../envs/worlds/push-t/pushTGeometry.ts';
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
  return distanceToBlock(state, { x: state.pusherX ?? 0, y: state.pusherY ?? 0 }) < pusherRadius;
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

  it('brings the step count back', () => {
    const world = twoRoom.create();
    world.reset(0);
    for (let i = 1; i < twoRoom.spec.budget; i++) world.step([0, 0]);
    const snapshot = world.snapshot();
    expect(world.step([0, 0]).truncated).toBe(true);
    world.restore(snapshot);
    expect(world.step([0, 0]).truncated).toBe(true);
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

  it('leaves nothing of the past in the engine', () => {
    const poses = { pusher: { x: 112, y: 118, angle: 0 }, block: { x: 130, y: 120, angle: 1 } };
    const build = () => {
      const block = Matter.Body.create({
        label: 'block',
        parts: [Matter.Bodies.rectangle(0, 0, 40, 10), Matter.Bodies.rectangle(0, 20, 10, 40)],
      });
      return { bodies: [block, Matter.Bodies.circle(0, 0, 15, { label: 'pusher' })] };
    };
    const [used, fresh] = [new Simulation(build), new Simulation(build)];
    used.put(poses);
    Matter.Body.setVelocity(used.body('pusher'), { x: 5, y: 5 });
    for (let i = 0; i < 100; i++) used.update();
    expect(digestOf(used)).not.toEqual(digestOf(fresh));
    for (const simulation of [used, fresh]) {
      simulation.put(poses);
      simulation.update();
    }
    expect(digestOf(used)).toEqual(digestOf(fresh));
  });

  it('refuses a state with a number missing or not finite', () => {
    const world = twoRoom.create();
    expect(() => world.place({ ballX: 1 })).toThrow(/ballY is undefined/);
    expect(() => world.place({ ballX: Number.NaN, ballY: 1 })).toThrow(/ballX is NaN/);
  });
});

/** A digest of everything in the engine but the time that an update took. */
function digestOf(simulation: Simulation): string {
  const engine = simulation.copy();
  engine.timing.lastElapsed = 0;
  return createHash('sha256').update(serialize(engine)).digest('hex');
}

describe('a simulation', () => {
  it('numbers its bodies alike however many were built before, and leaves the shared counter alone', () => {
    const build = () => ({ bodies: [Matter.Bodies.circle(0, 0, 5, { label: 'ball' })] });
    const before = Matter.Bodies.circle(0, 0, 1).id;
    const first = new Simulation(build).body('ball').id;
    expect(new Simulation(build).body('ball').id).toBe(first);
    expect(Matter.Bodies.circle(0, 0, 1).id).toBe(before + 1);
  });

  it('names the bodies that there are when one is missing', () => {
    const simulation = new Simulation(() => ({ bodies: [Matter.Bodies.circle(0, 0, 5, { label: 'ball' })] }));
    expect(() => simulation.body('bell')).toThrow(/'bell': the bodies are ball/);
    expect(() => simulation.put({})).toThrow(/no pose is given for the body 'ball'/);
  });
});
