/**
 * A search that looks further where it finds nothing near. The way around a peg or behind a block is often longer than a
 * plan, so that every plan costs about as much as to stay, and the agent stands there for good (docs/log.md, *Looking
 * further*). Plans that are always twice as long take twice the time and mislead more, since the end of a prediction is
 * its worst part. So the near search goes first, and the far one only where the near one's plan hardly lowers the cost.
 * The far one needs to be told where to look: by what the agent itself would do, imagined twice over. So does a near one
 * that looks further than a proposal does, for an agent whose predictions bear it (docs/log.md, *As far as an agent sees*).
 */
import { dimensionsOf } from '../../shared/space.ts';
import { type CemConfig, createCemSolver, defaultCemConfig } from './cemSolver.ts';
import type { Solver } from './contracts.ts';
import { costAt } from './scoring.ts';

export interface FurtherLookingConfig {
  readonly near: CemConfig;
  readonly far: CemConfig;
  /** Share of the present cost that a near plan must save to be followed at once. */
  readonly gain: number;
  /** Present cost below which the goal is all but met, so that to stay is right. */
  readonly met: number;
}

export const defaultFurtherLookingConfig: FurtherLookingConfig = {
  near: defaultCemConfig,
  far: { ...defaultCemConfig, iterations: 4, spared: { byProposals: 0, byWarmStart: 2 }, horizon: 16 },
  gain: 0.1,
  met: 1,
};

/** The same with near plans of so many steps. */
export function furtherLookingConfig(horizon: number): FurtherLookingConfig {
  const { near, far, ...when } = defaultFurtherLookingConfig;
  return { ...when, near: { ...near, horizon }, far: { ...far, horizon: Math.max(far.horizon, horizon) } };
}

/**
 * The cross-entropy method that looks further. Plans have the near search's length: of a far one the agent takes the
 * beginning and thinks again. A plan that must be there by a deadline is the near search's.
 */
export function createFurtherLookingSolver({
  near,
  far,
  gain,
  met,
}: FurtherLookingConfig = defaultFurtherLookingConfig): Solver {
  const { horizon } = near;
  const [nearSolver, farSolver] = [createCemSolver(near), createCemSolver(far)];
  return {
    name: 'cem',
    horizon,
    async plan(request) {
      const { furtherProposals, deadline, observe, proposals = [] } = request;
      const width = dimensionsOf(request.space);
      const short = proposals.some(({ length }) => length < horizon * width);
      const further = short ? await furtherProposals?.() : undefined;
      const plan = await nearSolver.plan({ ...request, ...(further && { proposals: further }) });
      if (furtherProposals === undefined || deadline !== undefined) return plan;
      const present = await costAt(request.objective, request.latent);
      if (present < met || plan.cost < (1 - gain) * present) return plan;
      const farPlan = await farSolver.plan({
        ...request,
        proposals: further ?? (await furtherProposals()),
        ...(observe && {
          observe: (iteration) =>
            observe({ ...iteration, actions: beginnings(iteration.actions, far, horizon, width) }),
        }),
      });
      if (farPlan.cost >= plan.cost) return plan;
      return { horizon, actions: beginnings(farPlan.actions, far, horizon, width), cost: farPlan.cost };
    },
  };
}

/** The first steps of sequences that lie one after another. */
function beginnings(sequences: Float32Array, { horizon }: CemConfig, steps: number, width: number): Float32Array {
  const count = sequences.length / (horizon * width);
  const first = new Float32Array(count * steps * width);
  for (let i = 0; i < count; i++)
    first.set(sequences.subarray(i * horizon * width, (i * horizon + steps) * width), i * steps * width);
  return first;
}
