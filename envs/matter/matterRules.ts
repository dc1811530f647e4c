/**
 * What makes one matter-js world differ from another, as functions without memory: which bodies there are, how a state
 * lays them out and is read back, what an action does, what is drawn, and what counts as reaching a goal. `MatterWorld`
 * turns such rules into a world.
 */
import type Matter from 'matter-js';
import type { Random } from '../../shared/random.ts';
import type { Point, Pose, Scene } from '../../shared/scene.ts';
import type { Action } from '../../shared/space.ts';
import type { Behaviour, Difficulty, State, Task, World } from '../../shared/world.ts';

/** Finds a body by its label. */
export type Bodies = (label: string) => Matter.Body;

/** What a world is made of. */
export interface Parts {
  /** In a fixed order, each with a label of its own. None may be added or removed later. */
  readonly bodies: readonly Matter.Body[];
  /** Ties between them, in a fixed order. */
  readonly constraints?: readonly Matter.Constraint[];
  /** Downward acceleration in units per update²; 0 when left out. */
  readonly gravity?: number;
}

/** Where a body is and how it moves: at rest unless velocities are given. */
export interface Placement extends Pose {
  /** Units per physics update. */
  readonly velocity?: Point;
  /** Radians per physics update. */
  readonly angularVelocity?: number;
}

export interface MatterRules {
  /** A new set of parts. */
  build(): Parts;
  /** Where an episode begins. */
  start(random: Random): State;
  /**
   * The placement of every body that can move, by label, in the given state; of a static body, where the state moves
   * it.
   */
  poses(state: State): Readonly<Record<string, Placement>>;
  /** The state that the bodies are in: `read` after `poses` gives back the same numbers. */
  read(bodies: Bodies): State;
  /** Applies an action before each physics update, by setting velocities (in units per update) or forces. */
  drive(bodies: Bodies, action: Action): void;
  /** Puts right, after each physics update, what the solver only holds roughly: a rail, a limit; `before` it was so. */
  settle?(bodies: Bodies, before: State): void;
  /** Whether the episode is over in the given state, whatever its budget: `StepResult.terminated`. */
  terminated?(state: State): boolean;
  /** What is drawn in the given state, the last shape on top. */
  scene(state: State): Scene;
  /** As `World.achieved`. */
  achieved(state: State, goal: State, strict: boolean): boolean;
  /** As `World.distance`. */
  distance(state: State, goal: State): number;
  /** As `World.behaviour`. */
  behaviour(random: Random): Behaviour;
  /** As `World.task`; `rehearsal` is a world of the same rules to try things out in. */
  task(seed: number, difficulty: Difficulty, rehearsal: World): Task;
}
