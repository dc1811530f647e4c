/**
 * What made an agent, for its card: all commands one after another, the seed of the last and their minutes together. A
 * stage that goes on with an agent adds its command to what had made it before, which its run keeps: the card tells of
 * the stage already where that is resumed after its latent model was written.
 */
import type { AgentCard } from '../agent/agentCard.ts';

export type Recipe = AgentCard['recipe'];

/** What a stage adds: its own command, seed and minutes, and whether it is resumed. */
export type Added = Recipe & { readonly resumed: boolean };

/**
 * @param former what had made the agent before, where the run keeps it
 * @param told what its card says now, where the stage goes on with one
 */
export function recipeAfter({ resumed, ...made }: Added, former: Recipe | undefined, told: Recipe | undefined): Recipe {
  // A run of before that was kept: the card may tell of its command already.
  if (!former && told && resumed && told.command.endsWith(made.command)) return told;
  const before = former ?? told;
  if (!before) return made;
  return { ...made, command: `${before.command} && ${made.command}`, minutes: before.minutes + made.minutes };
}
