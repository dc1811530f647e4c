/**
 * What makes one matter-js world differ from another, as functions without memory: which bodies there are, how a state
 * lays them out and is read back, what an action does, what is drawn, and what counts as reaching a goal. `MatterWorld`
 * turns such rules into a world.
 */
import type Matter from 'matter-js';
import type { Random } from '../shared/random.ts';
import type { Pose, Scene } from '../shared/scene.ts';
import type { Action } from '../shared/space.ts';
import type { Behaviour, Difficulty, State, Task, World } from '../shared/world.ts';

/** Finds a body by its label. */
export type Bodies = (label: string) => Matter.Body;

export interface MatterRules {
  /** New bodies in a fixed order, each with a label of its own. None may be added or removed later. */
  build(): readonly Matter.Body[];
  /** Where an episode begins. */
  start(random: Random): State;
  /** The pose of every body that can move, by label, in the given state. */
  poses(state: State): Readonly<Record<string, Pose>>;
  /** The state that the bodies are in: `read` after `poses` gives back the same numbers. */
  read(bodies: Bodies): State;
  /** Applies an action before each physics update, by setting velocities (in units per update) or forces. */
  drive(bodies: Bodies, action: Action): void;
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
