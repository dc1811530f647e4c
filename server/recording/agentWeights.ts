/**
 * Which weights an agent acted with, as recordings say it: where they lay, and the SHA-256 of the card beside them,
 * which names their world, recipe, data and commit.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WeightsError } from '../../shared/errors.ts';
import { CARD_FILE } from '../agent/agentCard.ts';
import type { Actor } from './recordingHeader.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Of the agent in the directory.
 * @throws WeightsError when there is no card.
 */
export async function agentWeights(directory: string): Promise<NonNullable<Actor['weights']>> {
  const path = join(directory, CARD_FILE);
  try {
    const card = createHash('sha256').update(await readFile(path));
    return { directory: placeOf(directory), card: card.digest('hex').slice(0, 16) };
  } catch (cause) {
    throw new WeightsError(`"${path}" cannot be read; name the directory of an agent`, { cause });
  }
}

/** Weights that come with Reverie are called by their place in it, wherever it is installed. */
function placeOf(directory: string): string {
  const inside = relative(root, directory);
  return inside.startsWith('..') || isAbsolute(inside) ? directory : inside;
}
