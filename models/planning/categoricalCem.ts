/**
 * The cross-entropy method over discrete choices (Rubinstein 1999; Rubinstein & Kroese 2004, §4): each step of the plan
 * has its own probabilities of the choices, sequences are drawn from them, and they are refitted to how often the
 * elites chose what. A share of uniform probability keeps every choice possible. The most probable sequence and the
 * best one so far are candidates of their own, and the best is the plan: the choices that are the most probable one by
 * one need not be good together.
 */
import type { Random } from '../../shared/random.ts';
import type { Discrete } from '../../shared/space.ts';
import type { Plan, PlanRequest } from './contracts.ts';
import { elitesOf, meanCost } from './elites.ts';
import { Pace } from './pace.ts';
import { costsOf } from './scoring.ts';

/** Probability that a warm start gives to the choices of the previous plan. */
const WARM_PROBABILITY = 0.7;

/** Share of uniform probability mixed into every refit. */
const UNIFORM_SHARE = 0.05;

/** What every solver that samples has to say about a search among choices. */
export interface CategoricalConfig {
  readonly candidates: number;
  readonly iterations: number;
  readonly elites: number;
  readonly horizon: number;
  /** Share of the previous probabilities kept at each refit. */
  readonly momentum: number;
}

/** Searches a discrete space. */
export async function planByCategoricalCem(
  request: PlanRequest,
  space: Discrete,
  config: CategoricalConfig,
): Promise<Plan> {
  const { random, warmStart, deadline, observe } = request;
  const { candidates, iterations, horizon } = config;
  const probabilities = firstProbabilities(warmStart, space.count, horizon); // [horizon, choices]
  const actions = new Float32Array(candidates * horizon);
  let best = mostProbable(probabilities, space.count, horizon);
  let eliteCost = Number.POSITIVE_INFINITY;
  const pace = new Pace(iterations, deadline);
  for (let index = 0; pace.goesOn(); index++) {
    for (let i = 0; i < actions.length; i++) {
      actions[i] = drawChoice(probabilities, (i % horizon) * space.count, space.count, random);
    }
    actions.set(mostProbable(probabilities, space.count, horizon));
    actions.set(best, (candidates - 1) * horizon);
    const costs = await costsOf(request, actions, candidates, horizon);
    const elites = elitesOf(costs, config.elites);
    observe?.({ index, actions, costs, elites });
    refit(probabilities, actions, elites, space.count, horizon, config.momentum);
    eliteCost = meanCost(costs, elites);
    const [lowest = 0] = elites;
    best = actions.slice(lowest * horizon, (lowest + 1) * horizon);
  }
  return { horizon, actions: best, cost: eliteCost };
}

/** Uniform, but for the steps that the previous plan has already chosen; its last choice goes on. */
function firstProbabilities(warmStart: Float32Array | undefined, count: number, horizon: number): Float64Array {
  const probabilities = new Float64Array(horizon * count).fill(1 / count);
  if (!warmStart || warmStart.length === 0 || count === 1) return probabilities;
  for (let t = 0; t < horizon; t++) {
    const chosen = warmStart[Math.min(t, warmStart.length - 1)] as number;
    probabilities.fill((1 - WARM_PROBABILITY) / (count - 1), t * count, (t + 1) * count);
    probabilities[t * count + chosen] = WARM_PROBABILITY;
  }
  return probabilities;
}

function drawChoice(probabilities: Float64Array, offset: number, count: number, random: Random): number {
  let left = random.uniform();
  for (let choice = 0; choice < count - 1; choice++) {
    left -= probabilities[offset + choice] as number;
    if (left < 0) return choice;
  }
  return count - 1;
}

/** One choice a step: `[horizon]`; the first of equals. */
function mostProbable(probabilities: Float64Array, count: number, horizon: number): Float32Array {
  return Float32Array.from({ length: horizon }, (_, t) => {
    const row = probabilities.subarray(t * count, (t + 1) * count);
    return row.indexOf(Math.max(...row));
  });
}

function refit(
  probabilities: Float64Array,
  actions: Float32Array,
  elites: readonly number[],
  count: number,
  horizon: number,
  momentum: number,
): void {
  const frequencies = new Float64Array(horizon * count);
  for (const elite of elites) {
    for (let t = 0; t < horizon; t++) {
      const cell = t * count + (actions[elite * horizon + t] as number);
      frequencies[cell] = (frequencies[cell] as number) + 1 / elites.length;
    }
  }
  for (let i = 0; i < probabilities.length; i++) {
    const kept = momentum * (probabilities[i] as number) + (1 - momentum) * (frequencies[i] as number);
    probabilities[i] = (1 - UNIFORM_SHARE) * kept + UNIFORM_SHARE / count;
  }
}
