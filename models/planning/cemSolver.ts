/**
 * The cross-entropy method (Rubinstein 1999; PlaNet, Hafner et al. 2019, appendix A.1): draw action sequences from a
 * Gaussian, keep the elites, refit, repeat. From iCEM (Pinneri et al. 2020) come noise that is correlated in time and
 * the mean as a candidate of its own; a floor under the deviation keeps the search alive, and the previous plan shifted
 * by what was executed is its warm start. A search that goes on from one has less to find: it begins narrower and takes
 * two iterations fewer, so that a plan at every step costs what a thorough one at every second does, two iterations a
 * step (three instead of two and a half without proposals), and answers sooner to what came otherwise (docs/log.md, *A
 * plan at every step*).
 */
import type { Random } from '../../shared/random.ts';
import { planByCategoricalCem } from './categoricalCem.ts';
import type { Plan, PlanRequest, Solver } from './contracts.ts';
import { elitesOf, meanCost } from './elites.ts';
import { firstGaussian, type Gaussian, refit } from './gaussian.ts';
import { Pace } from './pace.ts';
import { costsOf } from './scoring.ts';
import { clipped, toActions } from './searchUnits.ts';
import { takeUp } from './takeUp.ts';

export interface CemConfig {
  readonly candidates: number;
  /** Of a search from nothing. */
  readonly iterations: number;
  /** Iterations fewer where the search is told proposals, and where it goes on from a warm start. */
  readonly spared: { readonly byProposals: number; readonly byWarmStart: number };
  readonly elites: number;
  /** Share of the candidates that a learned model imagines to their end; the others are given up half-way. */
  readonly survivors: number;
  /** Steps of a plan. */
  readonly horizon: number;
  /** Deviation of the first iteration's noise from nothing and from a warm start, and the floor of the later ones'. */
  readonly initialDeviation: number;
  readonly warmDeviation: number;
  readonly deviationFloor: number;
  /** Correlation of the noise between neighbouring steps. */
  readonly correlation: number;
  /** Share of the previous mean and deviation kept at each refit. */
  readonly momentum: number;
}

/** On push-t a search of 128 × 8 finds no better plans than one of 64 × 5 in a third of its time (docs/agent.md). */
export const defaultCemConfig: CemConfig = {
  candidates: 64,
  iterations: 5,
  spared: { byProposals: 1, byWarmStart: 2 },
  elites: 8,
  survivors: 0.5,
  horizon: 8,
  initialDeviation: 0.7,
  warmDeviation: 0.5,
  deviationFloor: 0.05,
  correlation: 0.5,
  momentum: 0.1,
};

/** The cross-entropy method, for boxes as above and for discrete choices as `categoricalCem.ts` says. */
export function createCemSolver(config: CemConfig = defaultCemConfig): Solver {
  return { name: 'cem', horizon: config.horizon, plan: (request) => planByCem(request, config) };
}

async function planByCem(request: PlanRequest, config: CemConfig): Promise<Plan> {
  const { space, random, warmStart, proposals = [], deadline, observe } = request;
  if (space.kind === 'discrete') {
    const iterations = iterationsFor({ ...request, proposals: [] }, config); // it takes up none
    return planByCategoricalCem(request, space, { ...config, iterations });
  }
  const { candidates, horizon } = config;
  const width = space.low.length;
  const initialDeviation = warmStart ? config.warmDeviation : config.initialDeviation;
  const gaussian = firstGaussian(warmStart, space, { horizon, initialDeviation });
  const samples = new Float32Array(candidates * gaussian.mean.length);
  let eliteCost = Number.POSITIVE_INFINITY;

  const pace = new Pace(iterationsFor(request, config), deadline);
  for (let index = 0; pace.goesOn(); index++) {
    drawCandidates(samples, gaussian, width, config, random);
    if (index === 0) takeUp(samples, gaussian.mean, proposals, space);
    const actions = toActions(samples, space);
    const costs = await costsOf(request, actions, candidates, horizon, survivorsOf(config));
    const elites = elitesOf(costs, config.elites);
    observe?.({ index, actions, costs, elites });
    refit(gaussian, samples, elites, config);
    eliteCost = meanCost(costs, elites);
  }
  return { horizon, actions: toActions(gaussian.mean, space), cost: eliteCost };
}

/** What a search takes from where it begins; one at least. */
function iterationsFor({ warmStart, proposals = [] }: PlanRequest, { iterations, spared }: CemConfig): number {
  const byProposals = proposals.length > 0 ? spared.byProposals : 0;
  const byWarmStart = warmStart ? spared.byWarmStart : 0;
  return Math.max(1, iterations - byProposals - byWarmStart);
}

/** At least the elites. */
function survivorsOf({ candidates, elites, survivors }: CemConfig): number {
  return Math.max(elites, Math.round(survivors * candidates));
}

/** Fills `samples` `[candidates, horizon, action]`; candidate 0 is the mean itself. */
function drawCandidates(
  samples: Float32Array,
  { mean, deviation }: Gaussian,
  width: number,
  config: CemConfig,
  random: Random,
): void {
  const size = mean.length;
  const fresh = Math.sqrt(1 - config.correlation ** 2);
  const noise = new Float32Array(size);
  samples.set(mean, 0);
  for (let candidate = 1; candidate < config.candidates; candidate++) {
    for (let i = 0; i < size; i++) {
      noise[i] =
        i < width ? random.normal() : config.correlation * (noise[i - width] as number) + fresh * random.normal();
      const value = (mean[i] as number) + (deviation[i] as number) * (noise[i] as number);
      samples[candidate * size + i] = clipped(value);
    }
  }
}
