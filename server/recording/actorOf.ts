/**
 * Who acts, in the words of a recording: the command line's names of behaviours and rows, with the seed of their draws
 * and, for an agent, its weights.
 */
import { agentWeights } from './agentWeights.ts';
import type { Actor } from './recordingHeader.ts';

/** Who can act: a world's script, uniform draws, a trained agent, or a planner on the true physics. */
export type ActingName = 'scripted' | 'random' | 'agent' | 'oracle';

/** `directory` is where the agent's weights lie. @throws WeightsError when there is no agent in it. */
export async function actorOf(name: ActingName, seed: number, directory: string): Promise<Actor> {
  switch (name) {
    case 'scripted':
      return { kind: 'script', seed };
    case 'agent':
      return { kind: 'agent', seed, weights: await agentWeights(directory) };
    default:
      return { kind: name, seed };
  }
}
