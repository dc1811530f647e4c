/**
 * Model-predictive path integral control (MPPI, Williams et al. 2017, "Information theoretic MPC", §III), as TD-MPC2
 * uses it (Hansen et al. 2024, appendix B): over several iterations, mean and deviation become those of the elites,
 * each weighted by exp(−cost/λ). λ is a share of the elites' own spread of costs, so that one temperature serves every
 * unit of cost. Noise is coloured as in `icemSolver.ts`; the plan is the mean.
 */
import { planByCategoricalCem } from './categoricalCem.ts';
import { ColouredNoise } from './colouredNoise.ts';
import type { Plan, PlanRequest, Solver } from './contracts.ts';
import { elitesOf } from './elites.ts';
import { drawCandidates, firstGaussian, refit } from './gaussian.ts';
import { Pace } from './pace.ts';
import { costsOf } from './scoring.ts';
import { toActions } from './searchUnits.ts';
import { takeUp } from './takeUp.ts';

export interface MppiConfig {
  readonly candidates: number;
  readonly iterations: number;
  readonly elites: number;
  /** Steps of a plan. */
  readonly horizon: number;
  /** λ in deviations of the elites' costs. */
  readonly temperature: number;
  /** Deviation of the first iteration's noise, and the floor of the later ones'. */
  readonly initialDeviation: number;
  readonly deviationFloor: number;
  /** β of the noise's power f^−β. */
  readonly noiseExponent: number;
  /** Share of the previous mean and deviation kept at each refit. */
  readonly momentum: number;
}

export const defaultMppiConfig: MppiConfig = {
  candidates: 64,
  iterations: 5,
  elites: 24,
  horizon: 8,
  temperature: 0.5,
  initialDeviation: 0.7,
  deviationFloor: 0.05,
  noiseExponent: 2,
  momentum: 0.1,
};

/** MPPI for boxes; choices are searched as `categoricalCem.ts` says. */
export function createMppiSolver(config: MppiConfig = defaultMppiConfig): Solver {
  const noise = new ColouredNoise(config.horizon, config.noiseExponent);
  return { name: 'mppi', horizon: config.horizon, plan: (request) => planByMppi(request, config, noise) };
}

async function planByMppi(request: PlanRequest, config: MppiConfig, noise: ColouredNoise): Promise<Plan> {
  const { space, random, warmStart, proposals = [], deadline, observe } = request;
  if (space.kind === 'discrete') return planByCategoricalCem(request, space, config);
  const { candidates, horizon } = config;
  const gaussian = firstGaussian(warmStart, space, config);
  const size = gaussian.mean.length;
  const samples = new Float32Array(candidates * size);
  let expected = Number.POSITIVE_INFINITY;
  const pace = new Pace(config.iterations, deadline);

  for (let index = 0; pace.goesOn(); index++) {
    drawCandidates(samples, gaussian, candidates, noise, random);
    if (index === 0) takeUp(samples, gaussian.mean, proposals, space);
    const actions = toActions(samples, space);
    const costs = await costsOf(request, actions, candidates, horizon);
    const elites = elitesOf(costs, config.elites);
    observe?.({ index, actions, costs, elites });
    const weights = pathWeights(
      elites.map((elite) => costs[elite] as number),
      config.temperature,
    );
    refit(gaussian, samples, elites, config, weights);
    expected = elites.reduce((sum, elite, rank) => sum + (weights[rank] as number) * (costs[elite] as number), 0);
  }
  return { horizon, actions: toActions(gaussian.mean, space), cost: expected };
}

/** Weights that add up to 1, in the order of the costs, lowest first; costs that are not finite weigh nothing. */
export function pathWeights(costs: readonly number[], temperature: number): number[] {
  const finite = costs.filter(Number.isFinite);
  const lowest = finite[0] ?? 0;
  const mean = finite.reduce((sum, cost) => sum + cost, 0) / finite.length;
  const spread = Math.sqrt(finite.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / finite.length);
  const scale = temperature * spread || 1;
  const weights = costs.map((cost) => (Number.isFinite(cost) ? Math.exp((lowest - cost) / scale) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return weights.map((weight) => weight / total);
}
