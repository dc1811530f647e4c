/**
 * An agent's first plan and picture take seconds where its graphs have never been compiled on a machine. Who starts an
 * agent before anybody waits for it lets it plan and paint once, from nothing towards nothing.
 */
import { FRAME_BYTES } from '../../shared/frame.ts';
import type { Agent, AgentPlanRequest } from './agent.ts';

const blank = new Uint8Array(FRAME_BYTES);

/** A plan from nothing towards nothing, for the compilation alone. */
export const planOfNothing: AgentPlanRequest = { frame: blank, previous: blank, goal: blank, seed: 0 };

/** Lets the agent plan, and paint the plan in so many steps where it has a renderer. @throws whatever these throw */
export async function warmUp(agent: Agent, rendererSteps: number): Promise<void> {
  const { latents } = await agent.plan(planOfNothing);
  const paints = typeof agent.stepCounts === 'number' || agent.stepCounts.length > 0;
  if (paints) await agent.render(latents, { steps: rendererSteps, seed: 0, before: [blank, blank] });
}
