/**
 * The contracts of planning. A `Dynamics` predicts, an `Objective` scores, a `Solver` searches; none knows another's
 * inside, so that every oracle row of an evaluation is a matter of composition. A *latent* is a row of numbers for a
 * learned model; for the true physics it stands for a snapshot. All arrays are row-major float32.
 */
import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import type { Space } from '../../shared/space.ts';
import type { HostTensors, Tensors } from '../tensor/program.ts';

/** Rows of equal length: `data` is `[rows, columns]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** The predicted futures of many candidates: `latents` is `[candidates, horizon, latent]`, the start not included. */
export interface Rollout {
  readonly candidates: number;
  readonly horizon: number;
  readonly latentSize: number;
  readonly latents: Float32Array;
}

/** Predicts. */
export interface Dynamics {
  readonly latentSize: number;
  /** One latent for each frame of a clip, in order: `[frames, latent]`. What came before the first is not known. */
  encode(frames: readonly Frame[]): Promise<Matrix>;
  /** From one latent under many action sequences: `actions` is `[candidates, horizon, action]`. */
  rollout(latent: Float32Array, actions: Float32Array, candidates: number, horizon: number): Promise<Rollout>;
  /** Rollout and cost in one compiled graph, where the dynamics is made of tensors: `[candidates]` costs. */
  score?(query: ScoreQuery): Promise<Float32Array>;
  /** The same costs, and their slopes. */
  slope?(query: ScoreQuery): Promise<Slope>;
}

/** Candidates to imagine from one latent and to score on the way. */
export interface ScoreQuery {
  readonly latent: Float32Array;
  /** `[candidates, horizon, action]`. */
  readonly actions: Float32Array;
  readonly candidates: number;
  readonly horizon: number;
  readonly cost: TracedCost;
  /**
   * Candidates that are imagined to their end: the cheapest after half of their steps. The others are given up there,
   * and cost infinitely much. All are unless told, or where half of the steps tell nothing.
   */
  readonly survivors?: number;
}

/** Costs `[candidates]`, and the derivative of each by its own actions `[candidates, horizon, action]`. */
export interface Slope {
  readonly costs: Float32Array;
  readonly gradients: Float32Array;
}

/** A cost as a function of tensors, which can be compiled into one graph with the rollout that it scores. */
export interface TracedCost {
  /** Costs of equal keys are the same function and differ in their feeds alone. */
  readonly key: string;
  /** What the function takes beside the latents: the goal. */
  readonly feeds: HostTensors;
  /**
   * Predicted latents `[steps, candidates, latent]` → `[candidates]`. They are all steps of a plan unless told: what the
   * parts of a plan cost adds up to what it costs.
   */
  cost(latents: Tensor3D, feeds: Tensors, part?: PlanPart): Tensor1D;
  /** Whether the first `steps` of a plan of `horizon` tell anything of what it costs. */
  tellsAfter(steps: number, horizon: number): boolean;
}

/** Some steps of a plan, one after another. */
export interface PlanPart {
  /** The first of them, from 0. */
  readonly first: number;
  /** Steps of the whole plan. */
  readonly horizon: number;
}

/** Scores: one cost a candidate, lower is better. */
export interface Objective {
  cost(rollout: Rollout): Promise<Float32Array>;
  /** The same cost for dynamics that compile it; left out where a cost cannot be written so. */
  readonly traced?: TracedCost;
}

/** What a solver reports after each iteration; the arrays are only valid during the call. */
export interface Iteration {
  readonly index: number;
  /** `[candidates, horizon, action]`. */
  readonly actions: Float32Array;
  readonly costs: Float32Array;
  /** Indices of the elites, best first. */
  readonly elites: readonly number[];
}

export interface PlanRequest {
  readonly dynamics: Dynamics;
  readonly objective: Objective;
  /** Where to plan from: one latent. */
  readonly latent: Float32Array;
  readonly space: Space;
  readonly random: Random;
  /** The previous plan, shifted by the steps already executed: `[horizon, action]`. */
  readonly warmStart?: Float32Array;
  /** Sequences that a search in a box takes up among its first candidates: `[steps, action]` each. */
  readonly proposals?: readonly Float32Array[];
  /** Longer ones, for a search that looks further than those go; they cost something to make. */
  readonly furtherProposals?: () => Promise<readonly Float32Array[]>;
  /** Search until then, however many iterations that is, instead of the solver's own number of them. */
  readonly deadline?: Deadline;
  readonly observe?: (iteration: Iteration) => void;
}

/** A time on a clock, in its milliseconds, by which a plan must be there. */
export interface Deadline {
  readonly clock: Clock;
  readonly until: number;
}

/** The chosen actions, `[horizon, action]`, and the cost that the solver expects of them. */
export interface Plan {
  readonly horizon: number;
  readonly actions: Float32Array;
  readonly cost: number;
}

/** Searches for a sequence of actions of low cost. */
export interface Solver {
  readonly name: string;
  readonly horizon: number;
  plan(request: PlanRequest): Promise<Plan>;
}
