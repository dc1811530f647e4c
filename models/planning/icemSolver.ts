/**
 * The improved cross-entropy method (iCEM, Pinneri et al. 2020, arXiv 2008.06389): CEM that needs a fraction of the
 * candidates. Its noise is coloured (§3.1), elites of an iteration stay in the next one's pool (§3.2), and the best
 * sequence ever seen is the plan, not the mean (§3.4). Kept elites keep their costs too: a model that is asked the same
 * gives the same answer, so that they take no candidate's place. Of the last plan's elites the caller knows the best,
 * which the warm start is: it is the first mean and a candidate of its own. The paper's shrinking populations are left
 * out: every size would be a graph of its own.
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

export interface IcemConfig {
  readonly candidates: number;
  readonly iterations: number;
  readonly elites: number;
  /** Elites that stay in the next iteration's pool. */
  readonly kept: number;
  /** Steps of a plan. */
  readonly horizon: number;
  /** Deviation of the first iteration's noise, and the floor of the later ones'. */
  readonly initialDeviation: number;
  readonly deviationFloor: number;
  /** β of the noise's power f^−β. */
  readonly noiseExponent: number;
  /** Share of the previous mean and deviation kept at each refit. */
  readonly momentum: number;
  /** What is executed: the best sequence ever seen, as in the paper, or the mean of the last elites. */
  readonly plan: 'best' | 'mean';
}

export const defaultIcemConfig: IcemConfig = {
  candidates: 64,
  iterations: 5,
  elites: 10,
  kept: 5,
  horizon: 8,
  initialDeviation: 0.7,
  deviationFloor: 0.05,
  noiseExponent: 2,
  momentum: 0.1,
  plan: 'best',
};

/** iCEM for boxes; choices are searched as `categoricalCem.ts` says. */
export function createIcemSolver(config: IcemConfig = defaultIcemConfig): Solver {
  const noise = new ColouredNoise(config.horizon, config.noiseExponent);
  return { name: 'icem', horizon: config.horizon, plan: (request) => planByIcem(request, config, noise) };
}

async function planByIcem(request: PlanRequest, config: IcemConfig, noise: ColouredNoise): Promise<Plan> {
  const { space, random, warmStart, proposals = [], deadline, observe } = request;
  if (space.kind === 'discrete') return planByCategoricalCem(request, space, config);
  const { candidates, horizon } = config;
  const gaussian = firstGaussian(warmStart, space, config);
  const size = gaussian.mean.length;
  const pool = new Float32Array((candidates + config.kept) * size);
  let kept: { readonly samples: Float32Array; readonly costs: Float32Array } | undefined;
  const pace = new Pace(config.iterations, deadline);

  for (let index = 0; pace.goesOn(); index++) {
    drawCandidates(pool, gaussian, candidates, noise, random);
    if (index === 0) takeUp(pool.subarray(0, candidates * size), gaussian.mean, proposals, space);
    const fresh = await costsOf(request, toActions(pool.subarray(0, candidates * size), space), candidates, horizon);
    if (kept) pool.set(kept.samples, candidates * size);
    const costs = kept ? Float32Array.of(...fresh, ...kept.costs) : fresh;
    const samples = pool.subarray(0, costs.length * size);
    const elites = elitesOf(costs, Math.max(config.elites, config.kept));
    observe?.({ index, actions: toActions(samples, space), costs, elites });
    refit(gaussian, samples, elites.slice(0, config.elites), config);
    kept = keep(samples, costs, elites.slice(0, config.kept), size);
  }
  const { samples, costs } = kept as NonNullable<typeof kept>;
  if (config.plan === 'mean') return { horizon, actions: toActions(gaussian.mean, space), cost: costs[0] as number };
  return { horizon, actions: toActions(samples.subarray(0, size), space), cost: costs[0] as number };
}

/** Copies of the elites, best first, with their costs. */
function keep(samples: Float32Array, costs: Float32Array, elites: readonly number[], size: number) {
  const copies = new Float32Array(elites.length * size);
  elites.forEach((elite, rank) => {
    copies.set(samples.subarray(elite * size, (elite + 1) * size), rank * size);
  });
  return { samples: copies, costs: Float32Array.from(elites, (elite) => costs[elite] as number) };
}
