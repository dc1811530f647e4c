/**
 * Whether the planner's cost ranks plans as the truth does: sequences of random actions from the tasks' starts, each
 * judged by the model (its prediction, the agent's objective) and by the true physics (the world's own distance). What
 * matters to a solver is the order, so that the figure is Spearman's rank correlation, averaged over starts.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import { type GoalObjectiveConfig, goalObjective } from '../../models/latent/goalObjective.ts';
import type { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { OracleDynamics, trueDistance } from '../../models/planning/oracleDynamics.ts';
import { Random } from '../../shared/random.ts';
import { sample } from '../../shared/space.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { EvaluationTask } from './evaluate.ts';
import { standardised } from './standardised.ts';

const STARTS = 20;
const CANDIDATES = 24;
const HORIZON = 8;
/** Steps for which an action is held, so that sequences lead somewhere. */
const HELD = 4;

export interface CandidateCosts {
  /** For each candidate its learned and its true cost, both standardised within its start. */
  readonly points: readonly (readonly [number, number])[];
  /** Mean over the starts. */
  readonly rankCorrelation: number;
}

export async function candidateCosts(
  dynamics: LearnedDynamics,
  definition: WorldDefinition,
  tasks: readonly EvaluationTask[],
  objective: GoalObjectiveConfig,
  seed: number,
): Promise<CandidateCosts> {
  const random = new Random(seed).fork('candidate costs');
  const points: [number, number][] = [];
  const correlations: number[] = [];
  for (const { start, goal, variation } of tasks.slice(0, STARTS)) {
    const world = createWorld(definition, variation);
    world.place(goal);
    const goalLatent = (await dynamics.encode([world.frame()])).data;
    world.place(start);
    const latent = (await dynamics.encode([world.frame()])).data;
    const oracle = new OracleDynamics(createWorld(definition, variation));
    oracle.startFrom(world.snapshot());
    const actions = heldActions(definition, random);
    const learned = await goalObjective(dynamics, goalLatent, objective).cost(
      await dynamics.rollout(latent, actions, CANDIDATES, HORIZON),
    );
    const imagined = await oracle.rollout(latent, actions, CANDIDATES, HORIZON);
    const truth = await trueDistance(world, oracle, goal).cost(imagined);
    correlations.push(rankCorrelation(learned, truth));
    const [x, y] = [standardised(learned), standardised(truth)];
    x.forEach((value, i) => {
      points.push([value, y[i] as number]);
    });
  }
  return { points, rankCorrelation: correlations.reduce((sum, value) => sum + value, 0) / correlations.length };
}

function heldActions({ spec }: WorldDefinition, random: Random): Float32Array {
  const all: number[] = [];
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    for (let t = 0; t < HORIZON; t += HELD) {
      const action = sample(spec.action, random);
      for (let held = 0; held < Math.min(HELD, HORIZON - t); held++) all.push(...action);
    }
  }
  return Float32Array.from(all);
}

/** Spearman's: the correlation of ranks; equal values share their mean rank. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [standardised(ranks(a)), standardised(ranks(b))];
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0) / x.length;
}

function ranks(values: ArrayLike<number>): number[] {
  const list = Array.from(values);
  return list.map((value) => {
    const below = list.filter((other) => other < value).length;
    return below + (list.filter((other) => other === value).length - 1) / 2;
  });
}
