/**
 * Proposals twice as long: each is imagined to its end, and what the agent would do from there follows it. Where a goal is
 * more than a plan away, a search seldom comes upon the way there by chance.
 */
import { dimensionsOf } from '../../shared/space.ts';
import type { LearnedDynamics } from './learnedDynamics.ts';

/** Of the ways that the agent would go on, those that are followed. */
const WAYS_ON = 2;

export interface FurtherProposalsRequest {
  /** Where they begin and what they lead to, `[latent]` each. */
  readonly latent: Float32Array;
  readonly goal: Float32Array;
  /** `[steps, action]` each. */
  readonly proposals: readonly Float32Array[];
}

/** `[2 · steps, action]` each, in the world's own units; none where the agent has not learned to propose. */
export async function furtherProposals(
  dynamics: Pick<LearnedDynamics, 'latentSize' | 'space' | 'rollout' | 'propose'>,
  { latent, goal, proposals }: FurtherProposalsRequest,
): Promise<readonly Float32Array[]> {
  const longer: Float32Array[] = [];
  for (const proposal of proposals) {
    const steps = proposal.length / dimensionsOf(dynamics.space);
    const { latents } = await dynamics.rollout(latent, proposal, 1, steps);
    const ways = await dynamics.propose(latents.slice(-dynamics.latentSize), goal);
    for (const way of ways.slice(0, WAYS_ON)) longer.push(Float32Array.from([...proposal, ...way]));
  }
  return longer;
}
