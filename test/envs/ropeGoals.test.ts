import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import rope from '../../envs/worlds/rope/rope.ts';
import {
  anchor,
  chainOf,
  distanceBetween,
  linkCount,
  meanLinkDistance,
  pegs,
  stateOf,
} from '../../envs/worlds/rope/ropeGeometry.ts';
import { ropeTask } from '../../envs/worlds/rope/ropeTask.ts';
import { crossesPeg, mostTurnBetween, sweptAngles, wayLengths } from '../../envs/worlds/rope/ropeWinding.ts';
import type { Point } from '../../shared/scene.ts';
import type { Difficulty } from '../../shared/world.ts';

const sizes = { linkRadius: 8, pegRadius: 14 };
const clearance = sizes.linkRadius + sizes.pegRadius;
const seed = fc.integer({ min: 0, max: 0x7fffffff });

describe('the way around the pegs', () => {
  const peg = pegs[2] as Point;
  const below = { x: peg.x, y: peg.y + 50 };
  const above = { x: peg.x, y: peg.y - 50 };
  const left = [anchor, above, { x: peg.x - 50, y: peg.y }, below];
  const right = [anchor, above, { x: peg.x + 50, y: peg.y }, below];

  it('sweeps a full turn around a peg that the chain goes around, and none around the others', () => {
    const square = [
      { x: peg.x + 40, y: peg.y },
      { x: peg.x, y: peg.y + 40 },
      { x: peg.x - 40, y: peg.y },
      { x: peg.x, y: peg.y - 40 },
      { x: peg.x + 40, y: peg.y },
    ];
    expect(sweptAngles(square, peg).at(-1)).toBeCloseTo(2 * Math.PI);
    expect(sweptAngles([...square].reverse(), peg).at(-1)).toBeCloseTo(-2 * Math.PI);
    expect(sweptAngles(square, pegs[0] as Point).at(-1)).toBeCloseTo(0);
  });

  it('is straight where no peg is in the way, and leads to the peg and half around it where one is', () => {
    const [atAnchor, atAbove, atSide, atEnd] = wayLengths(left, right, clearance);
    expect([atAnchor, atAbove]).toEqual([0, 0]);
    expect(atSide).toBeCloseTo(100);
    expect(atEnd).toBeCloseTo(50 + 50 + clearance * Math.PI);
    expect(mostTurnBetween(left, right)).toBeCloseTo(2 * Math.PI);
  });

  it('crosses a peg where a part of the rope comes to its other side, and not where it goes around', () => {
    expect(crossesPeg(left, right)).toBe(true);
    expect(crossesPeg(left, left)).toBe(false);
    const aside = left.map(({ x, y }) => ({ x: x - 40, y }));
    expect(crossesPeg(left, aside)).toBe(false);
    const hanging = [anchor, above, { x: peg.x - 50, y: peg.y }];
    const turned = [anchor, above, { x: peg.x - 10, y: peg.y + 50 }];
    expect(crossesPeg(hanging, turned)).toBe(false);
    expect(crossesPeg(hanging, [anchor, above, { x: peg.x + 50, y: peg.y + 10 }])).toBe(true);
  });

  it('is as long back, never shorter than the straight line, and nothing between equal shapes', () => {
    const world = rope.create();
    fc.assert(
      fc.property(seed, seed, (one, other) => {
        world.reset(one);
        const a = chainOf(world.state());
        world.reset(other);
        const b = chainOf(world.state());
        const [there, back] = [wayLengths(a, b, clearance), wayLengths(b, a, clearance)];
        for (const [i, length] of there.entries()) {
          expect(length).toBeCloseTo(back[i] as number, 9);
          expect(length).toBeGreaterThanOrEqual(distanceBetween(a[i] as Point, b[i] as Point) - 1e-9);
        }
        expect(Math.max(...wayLengths(a, a, clearance))).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the goals of rope', () => {
  const world = rope.create();
  const rehearsal = rope.create();
  world.reset(5);
  const goal = world.state();
  const moved = (units: number) => stateOf(chainOf(goal).map(({ x, y }) => ({ x, y: y + units })));

  it('are met within a mean of 14 units of the links, strictly 7', () => {
    expect(world.achieved(moved(13.9), goal)).toBe(true);
    expect(world.achieved(moved(14.1), goal)).toBe(false);
    expect(world.achieved(moved(6.9), goal, true)).toBe(true);
    expect(world.achieved(moved(7.1), goal, true)).toBe(false);
    const handleOff = { ...goal, handleX: (goal.handleX ?? 0) + 14 * linkCount - 1 };
    expect(world.achieved(handleOff, goal)).toBe(true);
  });

  it('cost nothing when met, a unit a unit near by, and less and less far off', () => {
    const cost = (units: number) => world.distance(moved(units), goal);
    expect(cost(0)).toBe(0);
    expect(cost(0.01)).toBeCloseTo(0.01, 3);
    expect(cost(2)).toBeGreaterThan(cost(1));
    expect(cost(20) - cost(19)).toBeLessThan(cost(2) - cost(1));
  });

  it.each<[Difficulty, number, number, boolean | undefined]>([
    ['easy', 25, 45, false],
    ['default', 45, 100, undefined],
    ['hard', 60, 200, true],
  ])('are %s when the links must go %d to %d units', (difficulty, least, most, around) => {
    fc.assert(
      fc.property(seed, (drawn) => {
        const { task, actions } = ropeTask(drawn, difficulty, rehearsal, sizes);
        expect(world.task(drawn, difficulty)).toEqual(task);
        const [from, to] = [chainOf(task.start), chainOf(task.goal)];
        const way = meanLinkDistance(task.start, task.goal);
        expect(way).toBeGreaterThanOrEqual(least);
        expect(way).toBeLessThanOrEqual(most);
        if (around !== undefined) expect(mostTurnBetween(from, to) > Math.PI).toBe(around);
        expect(actions.length).toBeLessThanOrEqual(task.budget);
        world.place(task.start);
        for (const action of actions) world.step(action);
        expect(world.state()).toEqual(task.goal);
        for (const points of [from, to]) {
          for (const [i, point] of points.entries()) {
            for (const other of points.slice(i + 2)) expect(distanceBetween(point, other)).toBeGreaterThan(18 - 1e-9);
          }
        }
      }),
      { numRuns: 5 },
    );
  });
});
