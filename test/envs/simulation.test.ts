import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import Matter from 'matter-js';
import { describe, expect, it } from 'vitest';
import type { MatterRules } from '../../envs/matter/matterRules.ts';
import { Simulation, UPDATE_MILLISECONDS } from '../../envs/matter/simulation.ts';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import type { World } from '../../shared/world.ts';
import { futureOf, type Machine, machineKinds, randomMachine, type Stepped } from './randomMachines.ts';

const updates = 300;

/** The engine inside, which only the tests look at. */
function engineOf(simulation: Simulation): Matter.Engine {
  return Reflect.get(simulation, 'engine');
}

/** The whole engine cloned, with all that matter keeps: what a copy must not differ from. */
function reference(simulation: Simulation): Stepped {
  const engine = structuredClone(engineOf(simulation));
  return {
    body: (label) => engine.world.bodies.find((body) => body.label === label) as Matter.Body,
    update: () => Matter.Engine.update(engine, UPDATE_MILLISECONDS),
  };
}

/** A simulation of the machine after some updates. */
function running(machine: Machine, warmUp: number): Simulation {
  const simulation = new Simulation(machine.build);
  simulation.put(machine.placements);
  futureOf(simulation, machine, 0, warmUp);
  return simulation;
}

/** The machines in which something touches before long, whatever the seed; a chain may hang free for ever. */
const touchingKinds = machineKinds.filter((kind) => kind !== 'chain');

/** Lets the simulation, `update` updates old, go on until something touches, and returns how old it is then. */
function goOnToContact(simulation: Simulation, machine: Machine, update: number): number {
  let now = update;
  for (; engineOf(simulation).pairs.list.length === 0; now++) {
    if (now > update + 1000) throw new Error('nothing has touched in 1000 updates');
    futureOf(simulation, machine, now, 1);
  }
  return now;
}

/** Whether two rows of numbers are equal to the bit, without a test runner's walk through each. */
function expectEqualBits(seen: Float64Array, expected: Float64Array): void {
  expect(seen.length).toBe(expected.length);
  const at = seen.findIndex((value, i) => !Object.is(value, expected[i]));
  if (at >= 0) expect(`number ${at} is ${seen[at]}`).toBe(`number ${at} is ${expected[at]}`);
}

/** A copy of the simulation, `age` updates old, leads where a clone of the whole engine does, each time. */
function expectToGoOnAlike(simulation: Simulation, made: Machine, age: number): void {
  const expected = futureOf(reference(simulation), made, age, updates);
  const copy = simulation.copy();
  const kept = copy.slice();
  expectEqualBits(futureOf(simulation, made, age, updates), expected);
  for (let time = 0; time < 2; time++) {
    simulation.resume(copy);
    expectEqualBits(futureOf(simulation, made, age, updates), expected);
  }
  expectEqualBits(copy, kept);
}

const machine = fc.record({
  kind: fc.constantFrom(...machineKinds),
  seed: fc.nat(),
  warmUp: fc.nat(150),
  elsewhere: fc.nat(60),
});

describe('a copy of an engine', () => {
  it('goes on as a clone of the whole engine does, to the bit, again and again', () => {
    fc.assert(
      fc.property(machine, ({ kind, seed, warmUp }) => {
        const made = randomMachine(kind, seed);
        expectToGoOnAlike(running(made, warmUp), made, warmUp);
      }),
      { numRuns: 8 },
    );
  });

  it('does so in mid-contact', () => {
    fc.assert(
      fc.property(fc.constantFrom(...touchingKinds), fc.nat(), fc.nat(150), (kind, seed, warmUp) => {
        const made = randomMachine(kind, seed);
        const simulation = running(made, warmUp);
        const age = goOnToContact(simulation, made, warmUp);
        expect(engineOf(simulation).pairs.list.length).toBeGreaterThan(0);
        expectToGoOnAlike(simulation, made, age);
      }),
      { numRuns: 8 },
    );
  });

  it('is plain data, and goes on in another engine of the same build, whatever that did before', () => {
    fc.assert(
      fc.property(machine, ({ kind, seed, warmUp, elsewhere }) => {
        const made = randomMachine(kind, seed);
        const simulation = running(made, warmUp);
        const expected = futureOf(reference(simulation), made, warmUp, updates);
        const sent = structuredClone(simulation.copy());
        Matter.Bodies.circle(0, 0, 1);
        for (const other of [new Simulation(made.build), running(made, elsewhere)]) {
          other.resume(sent);
          expectEqualBits(futureOf(other, made, warmUp, updates), expected);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('can be taken of what was resumed, anywhere on the way', () => {
    fc.assert(
      fc.property(machine, fc.nat(updates), ({ kind, seed, warmUp, elsewhere }, middle) => {
        const made = randomMachine(kind, seed);
        const simulation = running(made, warmUp);
        const expected = futureOf(reference(simulation), made, warmUp, updates);
        const other = running(made, elsewhere);
        other.resume(simulation.copy());
        expectEqualBits(other.copy(), simulation.copy());
        const before = futureOf(other, made, warmUp, middle);
        const later = other.copy();
        futureOf(other, made, 0, elsewhere);
        simulation.resume(later);
        const after = futureOf(simulation, made, warmUp + middle, updates - middle);
        expectEqualBits(before, expected.subarray(0, before.length));
        expectEqualBits(after, expected.subarray(expected.length - after.length));
      }),
      { numRuns: 12 },
    );
  });

  it('keeps the order of bodies that stand level next, which it breaks the tie by', () => {
    for (let seed = 0; seed < 8; seed++) {
      const made = randomMachine('plates', seed);
      const simulation = running(made, 22);
      const expected = futureOf(reference(simulation), made, 22, 8);
      const other = running(made, 24);
      other.resume(simulation.copy());
      expectEqualBits(futureOf(other, made, 22, 8), expected);
    }
  });

  it('leaves the bodies the objects that they were', () => {
    const made = randomMachine('shove', 1);
    const simulation = running(made, 20);
    const [pusher, block] = ['pusher', 'block0'].map((label) => simulation.body(label));
    const copy = simulation.copy();
    futureOf(simulation, made, 20, 50);
    simulation.resume(copy);
    simulation.put(made.placements);
    expect(simulation.body('pusher')).toBe(pusher);
    expect(simulation.body('block0')).toBe(block);
  });

  it('is refused by an engine with other parts, and by one with other corners', () => {
    const of = (...bodies: Matter.Body[]) => new Simulation(() => ({ bodies }));
    const ball = of(Matter.Bodies.circle(0, 0, 5, { label: 'ball' }));
    for (const other of [
      of(Matter.Bodies.rectangle(0, 0, 5, 5, { label: 'ball' })),
      of(Matter.Bodies.circle(0, 0, 5, { label: 'ball' }), Matter.Bodies.circle(0, 0, 5, { label: 'second' })),
    ]) {
      expect(() => ball.resume(other.copy())).toThrow(/numbers are no copy of this engine, which has \d+/);
    }
  });
});

describe('a world', () => {
  it('restored goes on as a clone of its engine under the same rules does: push-t, in contact', () => {
    const world = pushT.create();
    const simulation: Simulation = Reflect.get(world, 'simulation');
    const rules: MatterRules = Reflect.get(world, 'rules');
    for (const seed of [1, 2, 3]) {
      playToContact(world, simulation, seed);
      const snapshot = structuredClone(world.snapshot());
      const clone = reference(simulation);
      for (let i = 0; i < 100; i++) world.step([Math.cos(i), Math.sin(i)]);
      world.restore(snapshot);
      const random = new Random(seed);
      for (let step = 0; step < updates / pushT.spec.subSteps; step++) {
        const action = sample(pushT.spec.action, random);
        for (let update = 0; update < pushT.spec.subSteps; update++) {
          rules.drive(clone.body, action);
          clone.update();
        }
        world.step(action);
        expect(world.state()).toEqual(rules.read(clone.body));
      }
    }
  });
});

/** Plays the script until the pusher presses on the block. */
function playToContact(world: World, simulation: Simulation, seed: number): void {
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed));
  do world.step(behaviour.act(world.state()));
  while (engineOf(simulation).pairs.list.length === 0);
}

describe('placement', () => {
  it('leaves nothing of the past in the engine', () => {
    fc.assert(
      fc.property(machine, ({ kind, seed, warmUp, elsewhere }) => {
        const made = randomMachine(kind, seed);
        const [used, fresh] = [running(made, warmUp), new Simulation(made.build)];
        expect(digestOf(used)).not.toEqual(digestOf(fresh));
        for (const simulation of [used, fresh]) {
          simulation.put(made.placements);
          futureOf(simulation, made, 0, elsewhere + 1);
        }
        expect(digestOf(used)).toEqual(digestOf(fresh));
      }),
      { numRuns: 12 },
    );
  });
});

/** A digest of everything in the engine but the time that an update took, and the events that nobody hears. */
function digestOf(simulation: Simulation): string {
  const engine = structuredClone(engineOf(simulation));
  engine.timing.lastElapsed = 0;
  return createHash('sha256').update(serialize(engine)).digest('hex');
}

describe('a simulation', () => {
  const ball = () => Matter.Bodies.circle(0, 0, 5, { label: 'ball' });

  it('numbers its bodies alike however many were built before, and leaves the shared counter alone', () => {
    const build = () => ({ bodies: [ball()] });
    const before = Matter.Bodies.circle(0, 0, 1).id;
    const first = new Simulation(build).body('ball').id;
    expect(new Simulation(build).body('ball').id).toBe(first);
    expect(Matter.Bodies.circle(0, 0, 1).id).toBe(before + 1);
  });

  it('names the bodies that there are when one is missing, and refuses two of one name', () => {
    const simulation = new Simulation(() => ({ bodies: [ball()] }));
    expect(() => simulation.body('bell')).toThrow(/'bell': the bodies are ball/);
    expect(() => simulation.put({})).toThrow(/no pose is given for the body 'ball'/);
    expect(() => new Simulation(() => ({ bodies: [ball(), ball()] }))).toThrow(/two bodies are labelled 'ball'/);
  });
});
