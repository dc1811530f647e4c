/**
 * The world contract: what the author of a plug-in world writes, and all that the rest of Reverie knows of it. The
 * semantics are Gymnasium's (https://gymnasium.farama.org/api/env/): `reset(seed)` begins an episode that the seed
 * determines, `step` advances it by one action, and an episode that ends is either *terminated* (the world says so) or
 * *truncated* (its budget of steps is spent). What differs is for planning and for honesty: the state can be saved and
 * restored to the bit, named quantities are there for evaluation but never for the agent, and tasks are pairs of a
 * start and a goal that can be reached.
 *
 * A world is one module whose default export is a `WorldDefinition`.
 *
 * @example
 * ```ts
 * const definition: WorldDefinition = { spec, create: () => new MyWorld() };
 * export default definition;
 * ```
 */
import type { Controls } from './controls.ts';
import type { Factors, Variation } from './factors.ts';
import type { Frame } from './frame.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { Action, Space } from './space.ts';

/** A value now or later: physics answers at once, a learned world after its network has run. */
export type Awaitable<T> = T | Promise<T>;

/** What one named number of a state means. */
export interface Quantity {
  /** Unit for people: `'units'`, `'rad'`, `'units/step'`. */
  readonly unit: string;
  /** `angle` quantities wrap around at ±π; evaluation compares them by sine and cosine. */
  readonly kind: 'position' | 'angle' | 'velocity' | 'other';
}

/** Something that moves and can be told apart by its colour in the frame; the physical readout looks for it. */
export interface VisibleObject {
  readonly name: string;
  /** `#rrggbb`, the colour in which the frame shows it. */
  readonly color: string;
}

/** What is fixed about a world. */
export interface WorldSpec {
  /** Lower-case words joined by hyphens: `push-t`. */
  readonly id: string;
  /** Raised whenever trajectories or frames change. */
  readonly version: number;
  readonly title: string;
  /** One sentence for people. */
  readonly description: string;
  readonly action: Space;
  /** Size of the arena in world units; the frame shows all of it. */
  readonly arena: { readonly width: number; readonly height: number };
  /** Simulated seconds that one step lasts. */
  readonly stepSeconds: number;
  /** Physics updates inside one step; part of the dynamics, hence part of the version. */
  readonly subSteps: number;
  /** Steps after which an episode is truncated. */
  readonly budget: number;
  readonly quantities: Readonly<Record<string, Quantity>>;
  readonly objects: readonly VisibleObject[];
  /** `#rrggbb` of the empty arena. */
  readonly background: string;
  /** How a person drives it; by the first two numbers of an action when left out. */
  readonly controls?: Controls;
  /** What can be varied by `create`; none when left out. */
  readonly factors?: Factors;
}

/**
 * Named numbers that say all that matters about the physics, velocities included where it remembers them; for
 * evaluation, probes and drawing, never for the agent.
 */
export type State = Readonly<Record<string, number>>;

/** How a step left the episode. */
export interface StepResult {
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** An opaque copy of everything that determines the future of a world. */
export interface Snapshot {
  readonly world: string;
}

/** A start and a goal that can be reached from it, and the steps allowed. */
export interface Task {
  readonly seed: number;
  readonly difficulty: Difficulty;
  readonly start: State;
  readonly goal: State;
  readonly budget: number;
}

export type Difficulty = 'easy' | 'default' | 'hard';

/** Chooses actions from the true state: what collects data, and the floor that an agent must beat. */
export interface Behaviour {
  act(state: State): Action;
}

/**
 * What can be played, recorded and watched: a real world, the dream of one, or a recording. Callers await every answer,
 * so that they never ask which of the three they hold (after DIAMOND's `world_model_env.py`).
 */
export interface Playable {
  readonly spec: WorldSpec;
  /** Begins the episode that the seed determines. */
  reset(seed: number): Awaitable<void>;
  /** Advances by one action of `spec.action`. */
  step(action: Action): Awaitable<StepResult>;
  /** What an agent sees now. */
  frame(): Awaitable<Frame>;
}

/** A true physics world. */
export interface World extends Playable {
  reset(seed: number): void;
  /** @throws WorldError when the action lies outside `spec.action`. */
  step(action: Action): StepResult;
  frame(): Frame;
  /** The quantities named in `spec.quantities`. */
  state(): State;
  /** Puts the world into the given state, with no contact remembered, and begins a new episode from it. */
  place(state: State): void;
  snapshot(): Snapshot;
  /** Returns to the snapshot to the bit: the same actions then give the same states. */
  restore(snapshot: Snapshot): void;
  /** A task determined by the seed, which does not disturb the current episode. */
  task(seed: number, difficulty?: Difficulty): Task;
  /** Whether the state meets the goal; `strict` halves the tolerance. */
  achieved(state: State, goal: State, strict?: boolean): boolean;
  /**
   * How far the state is from the goal, in steps or any unit that falls towards 0: the true cost that an oracle plans
   * with.
   */
  distance(state: State, goal: State): number;
  /** The scripted behaviour, blind to any goal. */
  behaviour(random: Random): Behaviour;
  /** Shapes and poses to draw, in arena units. */
  scene(): Scene;
}

/** The default export of a world's module. */
export interface WorldDefinition {
  readonly spec: WorldSpec;
  /**
   * A new world. With a variation, some of the spec's factors are other than usual, and the spec of that world shows
   * the colours that it has then.
   * @throws UsageError when the variation names no factor of the world, or a value that it cannot have.
   */
  create(variation?: Variation): World;
}
