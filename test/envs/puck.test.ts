import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import puck from '../../envs/worlds/puck/puck.ts';
import { malletRadius, malletReach, reachOf, usualPuck } from '../../envs/worlds/puck/puckTable.ts';
import { restOf } from '../../envs/worlds/puck/restOf.ts';
import { stanceFor } from '../../envs/worlds/puck/stanceFor.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, State, World } from '../../shared/world.ts';

const rested = { malletX: 150, malletY: 256, puckX: 256, puckY: 256, puckVelocityX: 0, puckVelocityY: 0 };
const contact = malletRadius + usualPuck.radius;
const puckReach = reachOf(usualPuck.radius);
const seed = fc.integer({ min: 0, max: 0x7fffffff });
const difficulty = fc.constantFrom<Difficulty>('easy', 'default', 'hard');

function number(min: number, max: number) {
  return fc.double({ min, max, noNaN: true });
}

function stateAfter(state: State, action: readonly number[], steps: number, world: World = puck.create()): State {
  world.place(state);
  for (let i = 0; i < steps; i++) world.step(action);
  return world.state();
}

function puckSpeed({ puckVelocityX = 0, puckVelocityY = 0 }: State): number {
  return Math.hypot(puckVelocityX, puckVelocityY);
}

/** From edge to edge; negative where mallet and puck overlap. */
function gapOf({ malletX = 0, malletY = 0, puckX = 0, puckY = 0 }: State, radius = usualPuck.radius): number {
  return Math.hypot(malletX - puckX, malletY - puckY) - malletRadius - radius;
}

function puckMotion(start: State, goal: State): number {
  return Math.hypot((start.puckX ?? 0) - (goal.puckX ?? 0), (start.puckY ?? 0) - (goal.puckY ?? 0));
}

describe('puck', () => {
  it('turns the puck back at a cushion with its restitution, fast or slow', () => {
    for (const speed of [0.01, 1, 20]) {
      const state = { ...rested, puckX: puckReach.high - speed / 10, puckVelocityX: speed };
      const { puckVelocityX } = stateAfter({ ...state, puckVelocityY: 0.5 }, [0, 0], 1);
      expect(puckVelocityX).toBeCloseTo(-0.9 * speed * 0.955 ** 6, 9);
    }
  });

  it('moves the mallet 36 units a step at full action, and no further than the cushions', () => {
    const state = stateAfter(rested, [0.5, -1], 1);
    expect(state.malletX).toBeCloseTo(168, 9);
    expect(state.malletY).toBeCloseTo(220, 9);
    const cornered = stateAfter(rested, [-1, -1], 20);
    expect(cornered.malletX).toBeCloseTo(24 + malletRadius, 9);
    expect(cornered.malletY).toBeCloseTo(24 + malletRadius, 9);
  });

  it('brakes a gliding puck by the same share in every update, and brings it to rest in 10 to 20 steps', () => {
    const state = { ...rested, puckVelocityY: -9 };
    expect(stateAfter(state, [0, 0], 2).puckVelocityY).toBeCloseTo(-9 * 0.955 ** 12, 9);
    expect(puckSpeed(stateAfter(state, [0, 0], 5))).toBeGreaterThan(2);
    expect(puckSpeed(stateAfter(state, [0, 0], 15))).toBeLessThan(0.2);
  });

  it('comes to rest where restOf says, after any number of rebounds', () => {
    const world = puck.create();
    fc.assert(
      fc.property(
        number(300, puckReach.high),
        number(puckReach.low, puckReach.high),
        number(-60, 60),
        (y, x, speed) => {
          const state = { ...rested, malletY: 60, puckX: x, puckY: y, puckVelocityX: speed };
          const rest = restOf(state, usualPuck);
          const { puckX, puckY } = stateAfter(state, [0, 0], 100, world);
          expect(puckX).toBeCloseTo(rest.x, 6);
          expect(puckY).toBeCloseTo(rest.y, 6);
        },
      ),
      { numRuns: 30 },
    );
    expect(restOf({ ...rested, puckVelocityY: 1e300 }, usualPuck).y).toBeLessThanOrEqual(puckReach.high);
  });

  it('goes on from a placed state as it would have, at every moment of a stroke: no contact is remembered', () => {
    const [world, other] = [puck.create(), puck.create()];
    for (let from = 0; from < 12; from++) {
      world.place({ ...rested, puckX: 400, puckY: 262 });
      for (let i = 0; i < from; i++) world.step([1, 0]);
      other.place(world.state());
      for (let i = 0; i < 8; i++) {
        for (const each of [world, other]) each.step([1, 0.2]);
        const [ahead, placed] = [world.state(), other.state()];
        for (const [name, value] of Object.entries(ahead)) expect(placed[name]).toBeCloseTo(value, 6);
      }
    }
  });

  it('keeps both in the field and apart at full speed, for pucks of every kind, however hard the mallet chases', () => {
    const variation = fc.record({
      puckRadius: fc.constantFrom(17, 26),
      puckMass: fc.constantFrom(0.5, 2),
      restitution: fc.constantFrom(0.6, 0.98),
      airFriction: fc.constantFrom(0.03, 0.06),
    });
    fc.assert(
      fc.property(seed, variation, number(0, 1), (drawn, varied, wander) => {
        const world = puck.create(varied);
        world.reset(drawn);
        const random = new Random(drawn);
        const { low, high } = reachOf(varied.puckRadius);
        for (let i = 0; i < 60; i++) {
          const { malletX = 0, malletY = 0, puckX = 0, puckY = 0 } = world.state();
          const heading = Math.atan2(puckY - malletY, puckX - malletX) + random.normal(0, wander);
          const [x, y] = [Math.cos(heading), Math.sin(heading)];
          const most = Math.max(Math.abs(x), Math.abs(y));
          world.step([x / most, y / most]);
          const state = world.state();
          expect(gapOf(state, varied.puckRadius)).toBeGreaterThan(-1e-6);
          expect(puckSpeed(state)).toBeLessThan(60);
          for (const value of [state.puckX ?? 0, state.puckY ?? 0]) {
            expect(value).toBeGreaterThan(low - 1e-6);
            expect(value).toBeLessThan(high + 1e-6);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('lets go of a puck that was squeezed into a corner: a blind script has it out within an episode', () => {
    const world = puck.create();
    let freed = 0;
    for (let drawn = 0; drawn < 40; drawn++) {
      const [right, bottom] = [drawn % 2 === 0, drawn % 4 < 2];
      const corner = (far: boolean) => (far ? puckReach.high : puckReach.low);
      const squeezed = { ...rested, malletX: 256, puckX: corner(right), puckY: corner(bottom) };
      world.place(stateAfter(squeezed, [right ? 1 : -1, bottom ? 1 : -1], 12));
      const behaviour = world.behaviour(new Random(drawn));
      let out = false;
      for (let i = 0; i < 50 && !out; i++) {
        world.step(behaviour.act(world.state()));
        const { puckX = 0, puckY = 0 } = world.state();
        out = Math.hypot(puckX - corner(right), puckY - corner(bottom)) > 100;
      }
      if (out) freed++;
    }
    expect(freed).toBeGreaterThanOrEqual(34);
  });

  it('judges the puck alone: within 48 units and 2 units an update, strictly half', () => {
    const world = puck.create();
    const off = (units: number, speed: number) => ({
      ...rested,
      malletX: 60,
      puckX: 256 + units,
      puckVelocityY: speed,
    });
    expect(world.achieved(off(47, 1.9), rested)).toBe(true);
    expect(world.achieved(off(49, 0), rested)).toBe(false);
    expect(world.achieved(off(0, 2.1), rested)).toBe(false);
    expect(world.achieved(off(23, 0.9), rested, true)).toBe(true);
    expect(world.achieved(off(25, 0), rested, true)).toBe(false);
    expect(world.achieved(off(0, 1.1), rested, true)).toBe(false);
  });

  it('measures from where the puck will come to rest, and draws the mallet behind it', () => {
    const world = puck.create();
    const goal = { ...rested, puckX: 400 };
    const speed = (144 * 0.045) / 0.955;
    expect(world.distance({ ...rested, puckVelocityX: speed }, goal)).toBeCloseTo(0, 6);
    expect(world.distance({ ...rested, malletX: 350 }, goal)).toBeGreaterThan(world.distance(rested, goal) + 10);
    expect(world.distance({ ...rested, puckVelocityX: speed / 2 }, goal)).toBeLessThan(world.distance(rested, goal));
  });

  it('finds a stance beside the puck where a cushion is behind it, always in the field and clear of the puck', () => {
    fc.assert(
      fc.property(number(46, 466), number(46, 466), number(-Math.PI, Math.PI), (x, y, heading) => {
        const place = stanceFor({ x: 256, y: 256 }, { x, y }, heading, contact + 10);
        expect(Math.hypot(place.x - x, place.y - y)).toBeCloseTo(contact + 10, 6);
        for (const value of [place.x, place.y]) {
          expect(value).toBeGreaterThanOrEqual(malletReach.low);
          expect(value).toBeLessThanOrEqual(malletReach.high);
        }
      }),
    );
    const straight = stanceFor({ x: 0, y: 0 }, { x: 256, y: 256 }, 0, 60);
    expect(straight).toEqual({ x: 196, y: 256 });
  });

  it('has factors that act as they say', () => {
    const speedAfter = (varied: Record<string, number>) =>
      puckSpeed(stateAfter(rested, [1, 0], 2, puck.create(varied)));
    expect(speedAfter({ puckMass: 2 })).toBeLessThan(speedAfter({}));
    expect(speedAfter({ puckMass: 0.5 })).toBeGreaterThan(speedAfter({}));
    expect(speedAfter({ restitution: 0.6 })).toBeLessThan(speedAfter({}));
    expect(speedAfter({ airFriction: 0.06 })).toBeLessThan(speedAfter({}));
    const shape = puck
      .create({ puckRadius: 26, puckColor: '#00a651' })
      .scene()
      .find(({ name }) => name === 'puck');
    expect(shape).toMatchObject({ radius: 26, color: '#00a651' });
  });

  it('has a behaviour that strikes, rebounds and waits, all over the field', () => {
    const world = puck.create();
    let [steps, strikes, rebounds, still] = [0, 0, 0, 0];
    const seen = new Set<number>();
    for (let drawn = 0; drawn < 60; drawn++) {
      world.reset(drawn);
      const behaviour = world.behaviour(new Random(drawn));
      let before = world.state();
      for (let i = 0; i < 50; i++, steps++) {
        world.step(behaviour.act(before));
        const now = world.state();
        const sped = puckSpeed(now) > puckSpeed(before) + 0.05;
        const turned = ['puckVelocityX', 'puckVelocityY'].some(
          (name) => (now[name] ?? 0) * (before[name] ?? 0) < -0.01,
        );
        if (sped) strikes++;
        if (turned && !sped) rebounds++;
        if (puckSpeed(now) < 0.5) still++;
        seen.add(Math.floor((now.puckX ?? 0) / 64) * 8 + Math.floor((now.puckY ?? 0) / 64));
        before = now;
      }
    }
    expect(strikes / steps).toBeGreaterThan(0.08);
    expect(rebounds / steps).toBeGreaterThan(0.03);
    expect(still / steps).toBeGreaterThan(0.15);
    expect(seen.size).toBe(64);
  });

  it('goes as it went when version 1 was measured: raise the version when this changes', () => {
    const world = puck.create();
    world.reset(1);
    const behaviour = world.behaviour(new Random(2));
    for (let i = 0; i < 50; i++) world.step(behaviour.act(world.state()));
    expect(puck.spec.version).toBe(1);
    const { malletX, malletY, puckX, puckY } = world.state();
    expect(malletX).toBeCloseTo(320.290581, 5);
    expect(malletY).toBeCloseTo(334.440785, 5);
    expect(puckX).toBeCloseTo(421.458717, 5);
    expect(puckY).toBeCloseTo(268.584276, 5);
  });
});

describe('the tasks of puck', () => {
  const world = puck.create();

  it('start unsolved and at rest, with a goal that meets itself strictly, a way as long as the difficulty asks', () => {
    const ways = { easy: [80, 160], default: [160, 320], hard: [240, 440] } as const;
    fc.assert(
      fc.property(seed, difficulty, (drawn, level) => {
        const { start, goal, budget } = world.task(drawn, level);
        expect(world.achieved(start, goal)).toBe(false);
        expect(world.achieved(goal, goal, true)).toBe(true);
        expect(world.distance(goal, goal)).toBe(0);
        expect(world.distance(start, goal)).toBeGreaterThan(0);
        expect([puckSpeed(start), puckSpeed(goal)]).toEqual([0, 0]);
        expect(gapOf(goal)).toBeGreaterThan(-1e-6);
        expect(puckMotion(start, goal)).toBeGreaterThanOrEqual(ways[level][0]);
        expect(puckMotion(start, goal)).toBeLessThanOrEqual(ways[level][1]);
        expect(budget).toBeLessThanOrEqual(puck.spec.budget);
      }),
      { numRuns: 30 },
    );
  });

  it('have a cushion in the place of the mallet when they are hard', () => {
    fc.assert(
      fc.property(seed, (drawn) => {
        const { start, goal } = world.task(drawn, 'hard');
        const [puckX, puckY] = [start.puckX ?? 0, start.puckY ?? 0];
        const back = contact / puckMotion(start, goal);
        const behind = [puckX - ((goal.puckX ?? 0) - puckX) * back, puckY - ((goal.puckY ?? 0) - puckY) * back];
        const inCushion = behind.map((value) => Math.max(malletReach.low - value, value - malletReach.high));
        expect(Math.max(...inCushion)).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });
});
