/**
 * Where a world's shipped weights lie: a JSON card and safetensors files in `models/weights/<world id>/`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shippedWeights = fileURLToPath(new URL('../../models/weights/', import.meta.url));

/** Directory of the weights that ship for the world of this id, whether or not there are any. */
export function weightsDirectory(worldId: string): string {
  return join(shippedWeights, worldId);
}

/** Whether the directory holds a trained agent. */
export function hasWeights(directory: string): boolean {
  return existsSync(join(directory, 'card.json'));
}
