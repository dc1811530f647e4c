/**
 * A matter-js engine whose whole future is in our hands: it can be stepped, copied, resumed to the bit, and set to
 * poses with no memory of the past.
 *
 * Invariants. Physics updates last 1000/60 ms each, the longest that matter recommends, and always the same:
 * trajectories depend on it. Bodies and constraints are numbered from 1 in the order in which they are built, because
 * matter orders contacts by body id, which it otherwise draws from a counter shared by the process. No event handlers
 * are registered: a copy could not hold functions. Nothing ever sleeps.
 */
import Matter from 'matter-js';
import { WorldError } from '../../shared/errors.ts';
import type { Parts, Placement } from './matterRules.ts';
import { RestConstraint } from './restConstraint.ts';
import { RestPose } from './restPose.ts';

/** Milliseconds of simulated time in one physics update. */
export const UPDATE_MILLISECONDS = 1000 / 60;

/** A copy of an engine, never stepped itself. */
export type EngineCopy = Matter.Engine;

/** Bodies by label, in the order in which they take part in the physics. */
export class Simulation {
  private engine: Matter.Engine;
  private bodies = new Map<string, Matter.Body>();
  private readonly restPoses = new Map<string, RestPose>();
  private readonly restConstraints: readonly RestConstraint[];

  /** `build` returns the parts; bodies that are not static are first put at the origin. */
  constructor(build: () => Parts) {
    this.engine = withOwnCounters(() => {
      const { bodies, constraints = [], gravity = 0 } = build();
      const scale = gravity / UPDATE_MILLISECONDS ** 2;
      const engine = Matter.Engine.create({ gravity: { x: 0, y: scale === 0 ? 0 : 1, scale } });
      Matter.Composite.add(engine.world, [...bodies, ...constraints]);
      return engine;
    });
    this.indexBodies();
    this.restConstraints = this.engine.world.constraints.map((constraint) => new RestConstraint(constraint));
    for (const [label, body] of this.bodies) {
      if (!body.isStatic) this.restPoses.set(label, new RestPose(body));
    }
  }

  /** The body with the label. It is another object after `resume`, so don't keep it. */
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
   * equal to a new simulation given the same placements.
   */
  put(placements: Readonly<Record<string, Placement>>): void {
    const { engine } = this;
    Matter.Engine.clear(engine);
    Matter.Detector.setBodies(engine.detector, Matter.Composite.allBodies(engine.world));
    engine.timing.timestamp = 0;
    engine.timing.lastDelta = 0;
    for (const [label, body] of this.bodies) {
      const placement = placements[label];
      if (placement) this.restPoseOf(label, body).put(body, placement);
      else if (!body.isStatic)
        throw new WorldError(`no pose is given for the body '${label}': give one for every body that can move`);
    }
    this.restConstraints.forEach((rest, i) => {
      rest.put(engine.world.constraints[i] as Matter.Constraint);
    });
  }

  /** How the body was built; a static one stays where it was built until a state moves it. */
  private restPoseOf(label: string, body: Matter.Body): RestPose {
    const known = this.restPoses.get(label);
    if (known) return known;
    const rest = new RestPose(body);
    this.restPoses.set(label, rest);
    return rest;
  }

  /** A copy of everything that determines the future: bodies, contacts and the impulses that warm-start them. */
  copy(): EngineCopy {
    return structuredClone(this.engine);
  }

  /** Goes on from the copy, which stays as it is and can be resumed again. */
  resume(copy: EngineCopy): void {
    this.engine = structuredClone(copy);
    this.indexBodies();
  }

  private indexBodies(): void {
    this.bodies = new Map(Matter.Composite.allBodies(this.engine.world).map((body) => [body.label, body]));
  }
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
