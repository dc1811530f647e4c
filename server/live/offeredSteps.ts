/**
 * The renderer step counts that a session may be painted in: those of the protocol that its agent's renderer has. What
 * is asked for beyond them is brought down to the nearest below, and whoever asked is told; an agent that has none of
 * them, or no renderer, is left to say so itself when it is to paint.
 */
import {
  RENDERER_STEPS,
  type RendererSteps,
  type ServerMessageOf,
  type Settings,
} from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';

/** Upwards. */
export function offeredSteps({ stepCounts }: Pick<Agent, 'stepCounts'>): RendererSteps[] {
  return RENDERER_STEPS.filter((count) =>
    typeof stepCounts === 'number' ? count <= stepCounts : stepCounts.includes(count),
  );
}

/** The settings with the most steps up to theirs that the agent has, or its fewest. */
export function paintable<S extends Partial<Settings>>(settings: S, agent: Pick<Agent, 'stepCounts'>): S {
  const { rendererSteps } = settings;
  const offered = offeredSteps(agent);
  if (rendererSteps === undefined || offered.length === 0 || offered.includes(rendererSteps)) return settings;
  return { ...settings, rendererSteps: offered.findLast((count) => count < rendererSteps) ?? offered[0] };
}

/** What is said of settings that were brought down; nothing of those that were not. */
export function broughtDown(
  asked: Partial<Settings>,
  settings: Partial<Settings>,
  agent: Pick<Agent, 'world' | 'stepCounts'>,
): ServerMessageOf<'error'> | undefined {
  if (asked.rendererSteps === settings.rendererSteps) return undefined;
  const known = offeredSteps(agent).join(', ');
  return {
    type: 'error',
    code: 'lacked-steps',
    message: `The renderer of ${agent.world} has no ${asked.rendererSteps} steps, only ${known}; it goes on with ${settings.rendererSteps}. Train a renderer that has more, or choose one of these.`,
  };
}
