import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawScene } from '../../envs/drawScene.ts';
import lander from '../../envs/worlds/lander/lander.ts';
import { land } from '../../envs/worlds/lander/landerAutopilot.ts';
import { craftShape, groundY, onCraft } from '../../envs/worlds/lander/landerGeometry.ts';
import {
  airDrag,
  gyration,
  spinDrag,
  turnAcceleration,
  updatesPerStep,
} from '../../envs/worlds/lander/landerPhysics.ts';
import { createCemSolver } from '../../models/planning/cemSolver.ts';
import { createReadout } from '../../server/bench/readout.ts';
import { playTask } from '../../server/evaluation/evaluate.ts';
import { oracleController } from '../../server/evaluation/planningControllers.ts';
import { ManualClock } from '../../shared/clock.ts';
import { drawVariation, type Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { Difficulty, State, Task, World } from '../../shared/world.ts';

const degree = Math.PI / 180;
const usual = { gravity: 0.05, thrust: 0.11, mass: 1, wind: 0 };
const { standingHeight } = craftShape(1);
const still = { landerAngle: 0, landerVelocityX: 0, landerVelocityY: 0, landerSpin: 0 };
const standing: State = { ...still, landerX: 200, landerY: groundY - standingHeight, padX: 200 };
const aloft: State = { ...standing, landerY: 200 };
const hover = (2 * usual.gravity) / usual.thrust - 1;

/** The state after the same action for some steps. */
function stateAfter(state: State, action: readonly number[], steps: number, variation: Variation = {}): State {
  const world = lander.create(variation);
  world.place(state);
  for (let i = 0; i < steps; i++) world.step(action);
  return world.state();
}

/** Steps that the autopilot needs to land for the task, strictly; infinite beyond its budget. */
function stepsToLand(world: World, { start, goal, budget }: Task, physics = usual): number {
  const target = { x: goal.landerX ?? 0, standingY: goal.landerY ?? 0, touchdown: 0.4 };
  world.place(start);
  for (let step = 1; step <= budget; step++) {
    world.step(land(world.state(), target, physics));
    if (world.achieved(world.state(), goal, true)) return step;
  }
  return Number.POSITIVE_INFINITY;
}

/** Energy of a craft of mass 1 in units²/update². */
function energyOf(state: State): number {
  const { landerY = 0, landerVelocityX = 0, landerVelocityY = 0, landerSpin = 0 } = state;
  const motion = landerVelocityX ** 2 + landerVelocityY ** 2 + (gyration * landerSpin) ** 2;
  return motion / 2 - usual.gravity * landerY;
}

function value(state: State, name: string): number {
  return state[name] ?? Number.NaN;
}

describe('the physics of lander', () => {
  it('is free fall with drag while the engine is off', () => {
    const updates = 10 * updatesPerStep;
    const kept = (1 - airDrag) ** updates;
    const limit = usual.gravity / airDrag;
    const { landerX, landerY = 0, landerVelocityY, landerAngle } = stateAfter(aloft, [-1, 0], 10);
    expect(landerVelocityY).toBeCloseTo(limit * (1 - kept), 9);
    expect(landerY - 200).toBeCloseTo(limit * (updates - ((1 - kept) * (1 - airDrag)) / airDrag), 6);
    expect([landerX, landerAngle]).toEqual([200, 0]);
  });

  it('is a hover where the engine carries the weight, and a flight along the tilt', () => {
    expect(value(stateAfter(aloft, [hover, 0], 20), 'landerY')).toBeCloseTo(200, 6);
    expect(value(stateAfter(aloft, [1, 0], 5), 'landerVelocityY')).toBeLessThan(-1);
    expect(value(stateAfter({ ...aloft, landerAngle: 0.5 }, [1, 0], 5), 'landerVelocityX')).toBeGreaterThan(1);
  });

  it('turns clockwise for a positive action, up to the spin that drag allows, and stops by itself', () => {
    const limit = turnAcceleration / (spinDrag + airDrag);
    const turned = stateAfter(aloft, [hover, 1], 3);
    expect(turned.landerSpin).toBeCloseTo(limit * (1 - (1 - spinDrag - airDrag) ** (3 * updatesPerStep)), 9);
    expect(turned.landerAngle).toBeGreaterThan(0.5);
    expect(value(stateAfter(turned, [hover, 0], 3), 'landerSpin')).toBeLessThan(0.002);
  });

  it.each([0, 1, -1])('leaves a standing craft where it stands, in a wind of %d too', (wind) => {
    const rested = stateAfter(standing, [-1, 0], 60, { wind });
    expect(Math.abs(value(rested, 'landerX') - 200)).toBeLessThan(8);
    expect(lander.create().achieved(rested, standing, true)).toBe(true);
  });

  it('tips over where the centre of mass is beyond the foot, and else stands up', () => {
    const { outline } = craftShape(1);
    const footing = Math.max(...outline.map(({ x }) => x));
    const limit = Math.atan2(footing, standingHeight);
    for (const side of [-1, 1]) {
      const comeDown = (tilt: number) => ({ ...standing, landerY: 390, landerAngle: side * tilt });
      expect(stateAfter(comeDown(limit - 4 * degree), [-1, 0], 40).landerAngle).toBeCloseTo(0, 2);
      expect(side * value(stateAfter(comeDown(limit + 4 * degree), [-1, 0], 40), 'landerAngle')).toBeGreaterThan(1.5);
    }
  });

  it('loses energy on the ground, whatever the craft falls on', () => {
    const world = lander.create();
    fc.assert(
      fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (landerAngle) => {
        world.place({ ...standing, landerY: 390, landerAngle, landerVelocityX: 1 });
        for (let i = 0, before = Number.POSITIVE_INFINITY; i < 40; i++) {
          world.step([-1, 0]);
          const energy = energyOf(world.state());
          expect(energy).toBeLessThan(before + 0.05);
          before = energy;
        }
        const { landerVelocityX = 1, landerVelocityY = 1 } = world.state();
        expect(Math.hypot(landerVelocityX, landerVelocityY)).toBeLessThan(0.1);
      }),
    );
  });

  it('lets a craft that lies on its side take off again and land', () => {
    const world = lander.create();
    for (const tilt of [100, -100, 170]) {
      const start = stateAfter({ ...standing, landerY: 390, landerAngle: tilt * degree, padX: 400 }, [-1, 0], 40);
      const goal = { ...standing, landerX: 400, padX: 400 };
      expect(stepsToLand(world, { start, goal, budget: 60, seed: 0, difficulty: 'hard' })).toBeLessThan(60);
    }
  });

  it('keeps the whole craft in the arena and the pad in its place, however it is flown', () => {
    const factors = lander.spec.factors ?? {};
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const variation = drawVariation(factors, random);
        const world = lander.create(variation);
        const { outline } = craftShape(Number(variation.craftSize));
        world.reset(seed);
        const { padX } = world.state();
        let action = [1, 0];
        for (let i = 0; i < 60; i++) {
          if (random.chance(0.15)) action = [random.choice([-1, 1, 1]), random.choice([-1, -0.3, 0, 0.3, 1])];
          world.step(action);
          const state = world.state();
          expect(state.padX).toBe(padX);
          for (const corner of outline) {
            const { x, y } = onCraft(state, corner);
            expect(Math.max(-x, x - 512, -y, y - groundY)).toBeLessThan(4);
          }
        }
      }),
      { numRuns: 80 },
    );
  });
});

describe('the goal of lander', () => {
  const world = lander.create();

  it.each([
    ['landerX', 27, 29],
    ['landerY', -7.5, -8.5],
    ['landerAngle', 14 * degree, 16 * degree],
    ['landerVelocityX', -0.45, -0.55],
    ['landerVelocityY', 0.45, 0.55],
    ['landerSpin', 0.019, 0.021],
  ])('asks for %s, strictly for half of what is off', (name, within, beyond) => {
    const off = (by: number): State => ({ ...standing, [name]: value(standing, name) + by });
    expect(world.achieved(off(within), standing)).toBe(true);
    expect(world.achieved(off(beyond), standing)).toBe(false);
    expect(world.achieved(off(within / 2), standing, true)).toBe(true);
    expect(world.achieved(off(beyond / 2), standing, true)).toBe(false);
  });

  it('is 0 away when landed, and further away askew, aside, too fast', () => {
    expect(world.distance(standing, standing)).toBe(0);
    const ofEach: State[] = [{ landerX: 230 }, { landerY: 390 }, { landerAngle: 0.3 }, { landerVelocityY: 1 }];
    for (const change of ofEach) expect(world.distance({ ...standing, ...change }, standing)).toBeGreaterThan(5);
    const near = { ...standing, landerY: 380, landerVelocityY: 1 };
    expect(world.distance({ ...near, landerVelocityY: 4 }, standing)).toBeGreaterThan(world.distance(near, standing));
  });

  it('is reached by a search eight steps ahead on the distance', async () => {
    const solver = createCemSolver();
    const controller = oracleController(lander, solver, 0, new ManualClock());
    for (const difficulty of ['default', 'hard'] as const) {
      const result = await playTask(lander.create(), world.task(7, difficulty), controller);
      expect(result).toMatchObject({ moderate: true, strict: true });
    }
  });
});

describe('the tasks of lander', () => {
  const difficulty = fc.constantFrom<Difficulty>('easy', 'default', 'hard');

  it('can be solved within their budget, and show the craft landed on their own pad', () => {
    const [world, pilot] = [lander.create(), lander.create()];
    fc.assert(
      fc.property(fc.nat(), difficulty, (seed, level) => {
        const task = world.task(seed, level);
        expect(stepsToLand(pilot, task)).toBeLessThanOrEqual(task.budget);
        expect(task.goal).toEqual({ ...standing, landerX: task.start.padX, padX: task.start.padX });
        expect(world.achieved(stateAfter(task.goal, [-1, 0], 5), task.goal, true)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('can be drawn and solved at every corner of the factors', () => {
    const numbers = Object.entries(lander.spec.factors ?? {}).flatMap(([name, factor]) =>
      factor.kind === 'number' ? [{ name, factor }] : [],
    );
    for (let corner = 0; corner < 2 ** numbers.length; corner++) {
      const ends = numbers.map(({ name, factor }, i) => [name, corner & (1 << i) ? factor.high : factor.low]);
      const variation: Record<string, number> = Object.fromEntries(ends);
      const world = lander.create(variation);
      const task = world.task(corner, corner % 2 ? 'default' : 'hard');
      expect(stepsToLand(world, task, { ...usual, ...variation })).toBeLessThanOrEqual(task.budget);
    }
  });

  it('start further away, higher and more askew the harder they are', () => {
    const world = lander.create();
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [easy, normal, hard] = (['easy', 'default', 'hard'] as const).map(
          (level) => world.task(seed, level).start,
        );
        const aside = (start: State = {}) => Math.abs(value(start, 'landerX') - value(start, 'padX'));
        expect(aside(easy)).toBeLessThanOrEqual(40);
        expect(aside(normal)).toBeGreaterThanOrEqual(80);
        expect(aside(hard)).toBeGreaterThanOrEqual(200);
        expect(Math.abs(value(hard ?? {}, 'landerAngle'))).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 15 },
    );
  });
});

describe('the factors of lander', () => {
  it('act on the flight as their names say', () => {
    const down = (variation: Variation, main = -1) =>
      value(stateAfter(aloft, [main, 0], 5, variation), 'landerVelocityY');
    expect(down({ gravity: 0.06 }) / down({ gravity: 0.04 })).toBeCloseTo(1.5, 6);
    expect(down({ mass: 1.15 })).toBeCloseTo(down({ mass: 0.85 }), 9);
    expect(down({ mass: 1.15 }, 1)).toBeGreaterThan(down({ mass: 0.85 }, 1));
    expect(down({ thrust: 0.13 }, 1)).toBeLessThan(down({ thrust: 0.1 }, 1));
    expect(value(stateAfter(aloft, [hover, 0], 5, { wind: 1 }), 'landerVelocityX')).toBeCloseTo(
      1 - (1 - airDrag) ** 40,
      9,
    );
    const wide = lander.create({ padWidth: 140 });
    expect(wide.achieved({ ...standing, landerX: 234 }, standing)).toBe(true);
  });

  it('can be seen in a frame when they are not hidden, and only then', () => {
    const frameOf = (variation: Variation) => {
      const world = lander.create(variation);
      world.place({ ...aloft, landerAngle: 0.4 });
      return world.frame();
    };
    for (const [name, factor] of Object.entries(lander.spec.factors ?? {})) {
      const isHidden = factor.kind === 'number' && factor.hidden;
      const other = factor.kind === 'number' ? factor.high : (factor.choices.at(-1) ?? '');
      if (isHidden) expect(frameOf({ [name]: other })).toEqual(frameOf({}));
      else expect(frameOf({ [name]: other })).not.toEqual(frameOf({}));
    }
  });

  it('leave the angle readable from a frame within 4°, in every colour and size', () => {
    const factors = lander.spec.factors ?? {};
    const seen = Object.keys(factors).filter((name) => /Color|Size|Width/.test(name));
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(seed);
      const world = lander.create(drawVariation(factors, random, seen));
      world.place({ ...aloft, landerX: random.uniform(60, 450), landerAngle: random.uniform(-Math.PI, Math.PI) });
      const backdrop = drawScene(
        world.scene().filter(({ fixed }) => fixed),
        world.spec,
      );
      const readout = createReadout(world.spec.objects, backdrop);
      const [hull, legs] = readout(world.frame());
      const angle = Math.atan2((hull?.x ?? 0) - (legs?.x ?? 0), (legs?.y ?? 0) - (hull?.y ?? 0));
      expect(Math.cos(angle - value(world.state(), 'landerAngle'))).toBeGreaterThan(Math.cos(4 * degree));
    }
  });
});
