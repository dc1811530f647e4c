/**
 * What a training run was asked for, kept in its directory from the first second: `--resume` goes on with the same
 * world, seed and minutes, and a run in a directory that already holds one is refused rather than mixed with it.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BACKBONES } from '../../models/diffusion/network/backboneNames.ts';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import { TrainingError, UsageError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/writeAtomically.ts';

const runRecordSchema = z.object({
  world: z.string(),
  worldVersion: z.number().int(),
  seed: z.number().int(),
  minutes: z.number().positive(),
  /** Of the renderer; the default when left out. */
  backbone: z.enum(BACKBONES).optional(),
  /** What the renderer is told beyond its latent; nothing when left out. */
  context: z.number().int().min(1).max(MOST_CONTEXT).optional(),
  guidable: z.boolean().optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

const FILE = 'run.json';

/** Begins a run, or takes up the one in the directory. @throws UsageError when that would mix two runs */
export async function openRun(directory: string, wanted: RunRecord, resume: boolean): Promise<RunRecord> {
  const path = join(directory, FILE);
  if (!existsSync(path)) {
    if (resume)
      throw new UsageError(`there is no training run in "${directory}" to resume; leave out --resume to begin one`);
    await writeAtomically(path, `${JSON.stringify(wanted, undefined, 2)}\n`);
    return wanted;
  }
  if (!resume)
    throw new UsageError(
      `"${directory}" already holds a training run; add --resume to go on with it, or choose another --out`,
    );
  const kept = await readRun(path);
  if (kept.world !== wanted.world || kept.worldVersion !== wanted.worldVersion)
    throw new UsageError(
      `"${directory}" holds a run in ${kept.world} version ${kept.worldVersion}, not ${wanted.world} version ${wanted.worldVersion}; choose another --out`,
    );
  return kept;
}

/** Whether the directory holds a run: an agent that was copied there came without. */
export function hasRun(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

async function readRun(path: string): Promise<RunRecord> {
  try {
    return runRecordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new TrainingError(`"${path}" is damaged; choose another --out and train anew`, { cause: error });
  }
}
