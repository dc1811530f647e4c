/**
 * The goal's ghost and bodies in other places, in the shipped worlds: what can be carried, what the goal asks for, and
 * what cannot be.
 */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { belongs, type Carried, movedBody, movedGoal } from '../../server/live/carriedShapes.ts';
import { gripsOf, sceneOf } from '../../server/live/grips.ts';
import type { Pose } from '../../shared/scene.ts';
import type { World } from '../../shared/world.ts';

/** A world with the goal of its task 3, and a hand that carries a shape of the goal by some of the arena's width. */
async function atGoal(id: string) {
  const world: World = (await loadWorld(id)).create();
  const { start, goal } = world.task(3);
  const scene = sceneOf(world, goal);
  const indexOf = (name: string) => scene.findIndex((shape) => shape.name === name);
  const poseOf = (name: string): Pose => scene[indexOf(name)]?.pose ?? expect.fail(`${id} has no ${name}`);
  const carry = (name: string, x: number, y: number, angle = 0) => {
    const from = poseOf(name);
    const { width } = world.spec.arena;
    const pose = { x: from.x + x * width, y: from.y + y * width, angle: from.angle + angle };
    return { pose, result: movedGoal(world, goal, start, indexOf(name), pose) };
  };
  const grips = gripsOf(world, goal).map((grip) => ({
    names: grip.shapes.map((i) => scene[i]?.name),
    by: [grip.x, grip.y, grip.angle],
    asked: belongs(world, goal, grip),
  }));
  return { world, start, goal, grips, indexOf, carry };
}

const refusal = ({ result }: { readonly result: Carried }) => ('refusal' in result ? result.refusal : 'none');

describe('grips', () => {
  test.each([
    ['push-t', ['stem', 'bar'], ['blockX', 'blockY', 'blockAngle'], true],
    ['push-t', ['pusher'], ['pusherX', 'pusherY', undefined], false],
    ['two-room', ['ball'], ['ballX', 'ballY', undefined], true],
    ['cart-pole', ['pole', 'bob', 'cart'], ['cartX', undefined, 'poleAngle'], true],
    ['puck', ['puck'], ['puckX', 'puckY', undefined], true],
    ['lander', ['legs', 'hull'], ['landerX', 'landerY', 'landerAngle'], true],
    ['lander', ['pad'], ['padX', undefined, undefined], false],
  ])('of %s: %s, by %s', async (id, names, by, asked) => {
    expect((await atGoal(id)).grips).toContainEqual({ names, by, asked });
  });
});

describe('a goal carried elsewhere', () => {
  test('is the state in which the shape is there, turned about itself, and nothing else has moved', async () => {
    const { world, goal, carry, indexOf } = await atGoal('push-t');
    const { pose, result } = carry('bar', 0.2, 0.2, 0.5);
    if ('refusal' in result) return expect.fail(result.refusal);
    const there = sceneOf(world, result.state)[indexOf('bar')]?.pose;
    for (const axis of ['x', 'y', 'angle'] as const) expect(there?.[axis]).toBeCloseTo(pose[axis], 6);
    expect(result.state.pusherX).toBe(goal.pusherX);
    expect(world.achieved(result.state, result.state, true)).toBe(true);
    expect(world.achieved(goal, result.state)).toBe(false);
  });

  test('pushes aside what it does not ask for, to where that is now', async () => {
    const { start, goal, carry } = await atGoal('push-t');
    const { result } = carry('bar', -0.1, 0);
    if ('refusal' in result) return expect.fail(result.refusal);
    expect([result.state.pusherX, result.state.pusherY]).toEqual([start.pusherX, start.pusherY]);
    expect(result.state.blockX).toBeCloseTo((goal.blockX ?? 0) - 51.2, 6);
  });

  test.each([
    ['push-t', 'bar', 0.6, 0, /outside the arena/],
    ['push-t', 'pusher', 0.1, 0, /does not belong to what the goal asks for/],
    ['lander', 'legs', 0, 0.1, /would lie in the ground/],
    ['rope', 'handle', -0.1, 0, /would not stay there/],
    ['rope', 'root', 0.1, 0, /cannot be moved by itself/],
    ['cart-pole', 'rail', 0.1, 0, /cannot be moved by itself/],
  ])('in %s is refused: the %s by %d and %d', async (id, name, x, y, reason) => {
    expect(refusal((await atGoal(id)).carry(name, x, y))).toMatch(reason);
  });

  test('is refused inside a wall that stands in the way', async () => {
    const { world, start, goal, indexOf } = await atGoal('two-room');
    const { pose } = sceneOf(world, goal)[indexOf('upper wall')] ?? expect.fail('there is no wall');
    expect(refusal({ result: movedGoal(world, goal, start, indexOf('ball'), pose) })).toMatch(/in the upper wall/);
  });
});

describe('a body carried elsewhere', () => {
  test('is there, and everything else is where it was, at the speed that it had', async () => {
    const { world, start, indexOf } = await atGoal('puck');
    const moving = { ...start, puckVelocityX: 3 };
    const from = sceneOf(world, moving)[indexOf('mallet')]?.pose ?? expect.fail('there is no mallet');
    const aside = from.x > 256 ? -60 : 60;
    const result = movedBody(world, moving, indexOf('mallet'), { ...from, x: from.x + aside });
    expect(result).toEqual({ state: { ...moving, malletX: (start.malletX ?? 0) + aside } });
  });

  test('is refused where another body is', async () => {
    const { world, start, indexOf } = await atGoal('push-t');
    const bar = sceneOf(world, start)[indexOf('bar')]?.pose ?? expect.fail('there is no bar');
    expect(refusal({ result: movedBody(world, start, indexOf('pusher'), bar) })).toMatch(/would lie in the bar/);
    expect(refusal({ result: movedBody(world, start, 99, bar) })).toMatch(/cannot be moved by itself/);
  });
});
