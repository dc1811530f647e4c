import fc from 'fast-check';
import Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import type { Simulation } from '../../envs/matter/simulation.ts';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import { pushTFactors } from '../../envs/worlds/push-t/pushTFactors.ts';
import { distanceToBlock } from '../../envs/worlds/push-t/pushTGeometry.ts';
import { drawVariation, type Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { State } from '../../shared/world.ts';

const pusherRadius = pushTFactors.pusherRadius.default;
const rested = { pusherX: 256, pusherY: 100, blockX: 256, blockY: 256, blockAngle: 0 };
const degree = Math.PI / 180;

/** The state after the same action for some steps. */
function stateAfter(state: State, action: readonly number[], steps: number): State {
  const world = pushT.create();
  world.place(state);
  for (let i = 0; i < steps; i++) world.step(action);
  return world.state();
}

/** From the pusher's edge to the block's; negative where they overlap. */
function gapOf(state: State, radius = pusherRadius): number {
  return distanceToBlock(state, { x: state.pusherX ?? 0, y: state.pusherY ?? 0 }) - radius;
}

describe('push-t', () => {
  it('moves the pusher 40 units a step at full action, and no further than the edge', () => {
    expect(stateAfter(rested, [1, 0.5], 1)).toMatchObject({ pusherX: 296, pusherY: 120 });
    expect(stateAfter(rested, [1, -1], 30)).toMatchObject({ pusherX: 512 - pusherRadius, pusherY: pusherRadius });
  });

  it('leaves a block alone that nothing touches', () => {
    expect(stateAfter(rested, [-1, 0], 10)).toMatchObject({ blockX: 256, blockY: 256, blockAngle: 0 });
  });

  it('pushes the block straight through its middle', () => {
    const { blockX = 0, blockY = 0, blockAngle = 0 } = stateAfter(rested, [0, 1], 6);
    expect(blockY).toBeGreaterThan(300);
    expect(Math.abs(blockX - 256)).toBeLessThan(2);
    expect(Math.abs(blockAngle)).toBeLessThan(2 * degree);
  });

  it('turns the block when an arm is pushed: clockwise on the screen at the right arm from above', () => {
    expect(stateAfter({ ...rested, pusherX: 306 }, [0, 1], 4).blockAngle).toBeGreaterThan(15 * degree);
    expect(stateAfter({ ...rested, pusherX: 206 }, [0, 1], 4).blockAngle).toBeLessThan(-15 * degree);
  });

  it('brings the block to rest within a few steps of the push', () => {
    const world = pushT.create();
    world.place(rested);
    for (let i = 0; i < 5; i++) world.step([0, 1]);
    for (let i = 0; i < 5; i++) world.step([0, -1]);
    const before = world.state();
    world.step([0, 0]);
    expect(Math.abs((world.state().blockY ?? 0) - (before.blockY ?? 0))).toBeLessThan(0.5);
  });

  it('never lets the pusher through the block, nor either out of the arena, however hard it chases', () => {
    const world = pushT.create();
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, wander) => {
        world.reset(seed);
        const random = new Random(seed);
        for (let i = 0; i < 80; i++) {
          const { pusherX = 0, pusherY = 0, blockX = 0, blockY = 0 } = world.state();
          const heading = Math.atan2(blockY - pusherY, blockX - pusherX) + random.normal(0, wander);
          world.step([Math.cos(heading), Math.sin(heading)]);
          expect(gapOf(world.state())).toBeGreaterThan(-9);
          for (const value of [blockX, blockY, pusherX, pusherY]) {
            expect(value).toBeGreaterThan(0);
            expect(value).toBeLessThan(512);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('judges the block alone: within 20 units and 20 degrees, strictly half', () => {
    const world = pushT.create();
    const goal = { ...rested, blockAngle: 175 * degree };
    const off = (units: number, degrees: number) => ({
      ...goal,
      pusherX: 20,
      blockX: 256 + units,
      blockAngle: (175 + degrees > 180 ? 175 + degrees - 360 : 175 + degrees) * degree,
    });
    expect(world.achieved(off(19, 19), goal)).toBe(true);
    expect(world.achieved(off(21, 0), goal)).toBe(false);
    expect(world.achieved(off(0, 21), goal)).toBe(false);
    expect(world.achieved(off(9, 9), goal, true)).toBe(true);
    expect(world.achieved(off(11, 0), goal, true)).toBe(false);
    expect(world.achieved(off(0, -11), goal, true)).toBe(false);
  });

  it('measures a unit and a degree alike, and draws the pusher near', () => {
    const world = pushT.create();
    const atGoal = world.distance(rested, rested);
    const near = { ...rested, pusherY: 200 };
    expect(world.distance(near, rested)).toBeLessThan(atGoal);
    const aside = { ...rested, blockX: 276, pusherX: 276 };
    const turned = { ...rested, blockAngle: 20 * degree };
    expect(world.distance(aside, rested) - atGoal).toBeCloseTo(20);
    expect(world.distance(turned, rested) - atGoal).toBeCloseTo(20);
  });

  it('has a behaviour that moves and turns the block in most steps, and keeps it off the walls', () => {
    const world = pushT.create();
    let [steps, moved, turned, atWall] = [0, 0, 0, 0];
    for (let seed = 0; seed < 40; seed++) {
      world.reset(seed);
      const behaviour = world.behaviour(new Random(seed));
      let before = world.state();
      for (let i = 0; i < 50; i++, steps++) {
        world.step(behaviour.act(before));
        const now = world.state();
        const [dx, dy] = [(now.blockX ?? 0) - (before.blockX ?? 0), (now.blockY ?? 0) - (before.blockY ?? 0)];
        if (Math.hypot(dx, dy) > 1) moved++;
        if (Math.abs((now.blockAngle ?? 0) - (before.blockAngle ?? 0)) > 3 * degree) turned++;
        if (Math.max(Math.abs((now.blockX ?? 0) - 256), Math.abs((now.blockY ?? 0) - 256)) > 190) atWall++;
        before = now;
      }
    }
    expect(moved / steps).toBeGreaterThan(0.5);
    expect(turned / steps).toBeGreaterThan(0.25);
    expect(atWall / steps).toBeLessThan(0.15);
  });

  it('goes as it went when version 1 was measured: raise the version when this changes', () => {
    const world = pushT.create();
    world.reset(1);
    const behaviour = world.behaviour(new Random(2));
    for (let i = 0; i < 50; i++) world.step(behaviour.act(world.state()));
    expect(pushT.spec.version).toBe(1);
    const { pusherX, pusherY, blockX, blockY, blockAngle } = world.state();
    expect(pusherX).toBeCloseTo(223.454243, 5);
    expect(pusherY).toBeCloseTo(408.64735, 5);
    expect(blockX).toBeCloseTo(280.818515, 5);
    expect(blockY).toBeCloseTo(333.843754, 5);
    expect(blockAngle).toBeCloseTo(0.624882, 5);
  });
});

/** The state of `push-t` after the same action for some steps. */
function pushed(variation: Variation, from: State, action: readonly number[], steps: number): Required<typeof rested> {
  const world = pushT.create(variation);
  world.place(from);
  for (let i = 0; i < steps; i++) world.step(action);
  return { ...rested, ...world.state() };
}

describe('the factors of push-t', () => {
  it('pusherRadius: the pusher meets the block, and the edge, that much earlier, and is drawn as wide', () => {
    for (const pusherRadius of [14, 20, 26]) {
      const { pusherX, pusherY } = pushed({ pusherRadius }, rested, [1, -1], 30);
      expect([pusherX, pusherY]).toEqual([512 - pusherRadius, pusherRadius]);
      const after = pushed({ pusherRadius }, rested, [0, 1], 6);
      expect(Math.abs(gapOf(after, pusherRadius))).toBeLessThan(1);
      expect(pushT.create({ pusherRadius }).scene().at(-1)).toMatchObject({ name: 'pusher', radius: pusherRadius });
    }
  });

  it('blockMass: the heavier the block, the more it holds the pusher up', () => {
    const [light, usual, heavy] = [0.3, 1, 20].map((blockMass) => pushed({ blockMass }, rested, [0, 1], 6).pusherY);
    expect(usual as number).toBeLessThan(light as number);
    expect(heavy as number).toBeLessThan((usual as number) - 5);
  });

  it('blockDrag: that share of its speed the block loses in every update', () => {
    for (const blockDrag of [0.15, 0.3, 0.6]) {
      const world = pushT.create({ blockDrag });
      world.place({ ...rested, pusherX: 30, pusherY: 30 });
      const simulation: Simulation = Reflect.get(world, 'simulation');
      Matter.Body.setVelocity(simulation.body('block'), { x: 0, y: 8 });
      world.step([0, 0]);
      const kept = 1 - blockDrag;
      const way = 8 * kept * ((1 - kept ** 5) / (1 - kept));
      expect(world.state().blockY).toBeCloseTo(256 + way, 6);
    }
  });

  it('contactFriction: a pusher that slides along the block drags it along, or not at all', () => {
    const along = [0, 0.2, 0.8].map((contactFriction) => {
      const after = pushed({ contactFriction }, { ...rested, pusherY: 200 }, [0.3, 0.5], 4);
      return after.blockX - rested.blockX;
    });
    expect(along[0] as number).toBeLessThan(1);
    expect(along[1] as number).toBeGreaterThan(8);
    expect(along[2] as number).toBeGreaterThan(along[1] as number);
  });

  it('colours: each object is drawn in its own, where it is', () => {
    const variation = { pusherColor: '#b5179e', barColor: '#0a9396', stemColor: '#ffd60a', backgroundColor: '#20242c' };
    const world = pushT.create(variation);
    world.place(rested);
    const frame = world.frame();
    const pixel = (x: number, y: number) => {
      const at = (Math.floor(y / 8) * 64 + Math.floor(x / 8)) * 3;
      return `#${Buffer.from(frame.subarray(at, at + 3)).toString('hex')}`;
    };
    const middles = world.scene().map(({ name, pose }) => [name, pixel(pose.x, pose.y)]);
    expect(middles).toEqual([
      ['stem', '#ffd60a'],
      ['bar', '#0a9396'],
      ['pusher', '#b5179e'],
    ]);
    expect(pixel(4, 4)).toBe('#20242c');
  });

  it('together leave a world that is played as ever: nothing gets through, the script pushes and turns the block', () => {
    let [steps, moved] = [0, 0];
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const variation = drawVariation(pushTFactors, random);
        const world = pushT.create(variation);
        const radius = Number(variation.pusherRadius);
        world.reset(seed);
        expect(gapOf(world.state(), radius)).toBeGreaterThan(0);
        const behaviour = world.behaviour(random);
        for (let i = 0; i < 60; i++, steps++) {
          const before = world.state();
          world.step(i < 30 ? behaviour.act(before) : towardsBlock(before, random));
          const after = world.state();
          if (blockMoved(before, after) > 1) moved++;
          expect(gapOf(after, radius)).toBeGreaterThan(-10);
          for (const value of [after.pusherX ?? 0, after.pusherY ?? 0]) {
            expect(value).toBeGreaterThan(radius - 5);
            expect(value).toBeLessThan(512 - radius + 5);
          }
        }
      }),
      { numRuns: 25 },
    );
    expect(moved / steps).toBeGreaterThan(0.4);
  });
});

function blockMoved(from: State, to: State): number {
  return Math.hypot((to.blockX ?? 0) - (from.blockX ?? 0), (to.blockY ?? 0) - (from.blockY ?? 0));
}

/** Full speed at the block, more or less. */
function towardsBlock({ pusherX = 0, pusherY = 0, blockX = 0, blockY = 0 }: State, random: Random): number[] {
  const heading = Math.atan2(blockY - pusherY, blockX - pusherX) + random.normal(0, 0.4);
  return [Math.cos(heading), Math.sin(heading)];
}
