import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import { distanceToBlock, pusherRadius } from '../../envs/worlds/push-t/pushTGeometry.ts';
import { Random } from '../../shared/random.ts';
import type { State } from '../../shared/world.ts';

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
function gapOf(state: State): number {
  return distanceToBlock(state, { x: state.pusherX ?? 0, y: state.pusherY ?? 0 }) - pusherRadius;
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
