/**
 * From candidates to costs: in one compiled graph where both the dynamics and the objective can be compiled, otherwise
 * the rollout first and then its cost. Every solver asks here, so that none knows which of the two it got.
 */
import { UsageError } from '../../shared/errors.ts';
import type { Objective, PlanRequest, Slope } from './contracts.ts';

/**
 * Costs of the candidates: `actions` `[candidates, horizon, action]` → `[candidates]`. Where both can be compiled, those
 * that are not among the `survivors` half-way cost infinitely much.
 */
export async function costsOf(
  { dynamics, objective, latent }: PlanRequest,
  actions: Float32Array,
  candidates: number,
  horizon: number,
  survivors = candidates,
): Promise<Float32Array> {
  const cost = objective.traced;
  if (dynamics.score && cost) return dynamics.score({ latent, actions, candidates, horizon, cost, survivors });
  return objective.cost(await dynamics.rollout(latent, actions, candidates, horizon));
}

/** What it costs to be at a latent `[latent]`, before any step. */
export async function costAt(objective: Objective, latent: Float32Array): Promise<number> {
  const [cost] = await objective.cost({ candidates: 1, horizon: 1, latentSize: latent.length, latents: latent });
  return cost as number;
}

/**
 * Costs and their derivatives by the actions.
 * @throws UsageError when the dynamics or the objective cannot be differentiated: the true physics cannot
 */
export async function slopesOf(
  { dynamics, objective, latent }: PlanRequest,
  actions: Float32Array,
  candidates: number,
  horizon: number,
): Promise<Slope> {
  const cost = objective.traced;
  if (!dynamics.slope || !cost)
    throw new UsageError(
      'the solver "gradient" needs a model and a cost that can be differentiated; choose cem, icem or mppi',
    );
  return dynamics.slope({ latent, actions, candidates, horizon, cost });
}
