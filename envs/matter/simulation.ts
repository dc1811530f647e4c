/**
 * A matter-js engine whose whole future is in our hands: it can be stepped, copied, resumed to the bit, and set to
 * poses with no memory of the past.
 *
 * Invariants. Physics updates last 1000/60 ms each, the longest that matter recommends, and always the same:
 * trajectories depend on it. Bodies and constraints are numbered from 1 in the order in which they are built, because
 * matter orders contacts by body id, which it otherwise draws from a counter shared by the process. No event handlers
 * are registered, nothing ever sleeps, and what bodies are made of stays as built: a copy holds what moves, no more.
 */
import Matter from 'matter-js';
import { WorldError } from '../../shared/errors.ts';
import { EngineNumbers } from './engineNumbers.ts';
import type { Parts, Placement } from './matterRules.ts';
import { placeBody } from './placeBody.ts';

/** Milliseconds of simulated time in one physics update. */
export const UPDATE_MILLISECONDS = 1000 / 60;

/** A copy of all that determines an engine's future: a row of numbers, to be treated as read-only. */
export type EngineCopy = Float64Array;

/** Bodies by label, in the order in which they take part in the physics. */
export class Simulation {
  private readonly engine: Matter.Engine;
  private readonly bodies: ReadonlyMap<string, Matter.Body>;
  private readonly numbers: EngineNumbers;
  /** The engine before its first update, with all movable bodies at rest at the origin. */
  private readonly built: EngineCopy;

  /** `build` returns the parts; bodies that are not static are first put at the origin. */
  constructor(build: () => Parts) {
    this.engine = withOwnCounters(() => createEngine(build()));
    const all = Matter.Composite.allBodies(this.engine.world);
    this.bodies = new Map(all.map((body) => [body.label, body]));
    for (const body of all) {
      if (body.isStatic) continue;
      if (this.bodies.get(body.label) !== body)
        throw new WorldError(`two bodies are labelled '${body.label}': give each that can move a label of its own`);
      Matter.Body.setPosition(body, { x: 0, y: 0 });
    }
    this.numbers = new EngineNumbers(this.engine);
    this.built = this.numbers.save();
  }

  /** The body with the label: the same object for as long as the simulation lasts. */
  body(label: string): Matter.Body {
    const body = this.bodies.get(label);
    if (!body)
      throw new WorldError(`no body is labelled '${label}': the bodies are ${[...this.bodies.keys()].join(', ')}`);
    return body;
  }

  /** One physics update. */
  update(): void {
    Matter.Engine.update(this.engine, UPDATE_MILLISECONDS);
  }

  /**
   * Puts the movable bodies at their placements, and the static ones that have any, and forgets contacts and time:
   * equal to a new simulation given the same placements. A static body without one is where it was built.
   */
  put(placements: Readonly<Record<string, Placement>>): void {
    this.numbers.load(this.built);
    for (const [label, body] of this.bodies) {
      const placement = placements[label];
      if (placement) placeBody(body, placement);
      else if (!body.isStatic)
        throw new WorldError(`no pose is given for the body '${label}': give one for every body that can move`);
    }
  }

  /** A copy of everything that determines the future: bodies, contacts and the impulses that warm-start them. */
  copy(): EngineCopy {
    return this.numbers.save();
  }

  /**
   * Goes on from the copy, which stays as it is and can be resumed again, here or in another simulation of the same
   * build.
   * @throws WorldError when the copy is of an engine with more or fewer parts.
   */
  resume(copy: EngineCopy): void {
    this.numbers.load(copy);
  }
}

/** An engine of the parts, its detector set up as the first update would. */
function createEngine({ bodies, constraints = [], gravity = 0 }: Parts): Matter.Engine {
  const scale = gravity / UPDATE_MILLISECONDS ** 2;
  const engine = Matter.Engine.create({ gravity: { x: 0, y: scale === 0 ? 0 : 1, scale } });
  Matter.Composite.add(engine.world, [...bodies, ...constraints]);
  Matter.Detector.setBodies(engine.detector, Matter.Composite.allBodies(engine.world));
  engine.world.isModified = false;
  return engine;
}

/**
 * Runs `build` with matter's shared counters at their first values, and puts them back: equal builds are then equal to
 * the bit.
 */
function withOwnCounters<T>(build: () => T): T {
  const shared = Matter.Common as unknown as { _nextId: number; _seed: number };
  const { _nextId, _seed } = shared;
  Object.assign(shared, { _nextId: 1, _seed: 0 });
  try {
    return build();
  } finally {
    Object.assign(shared, { _nextId, _seed });
  }
}
