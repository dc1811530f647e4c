/**
 * What a training run was asked for, kept in its directory from the first second: `--resume` goes on with the same
 * world, stage, seed and minutes, and a run in a directory that already holds one is refused rather than mixed with it.
 * A stage that goes on with the agent of a run is kept beside that, so that it too is resumed as it was asked for.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BACKBONES } from '../../models/diffusion/network/backboneNames.ts';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import { TrainingError, UsageError } from '../../shared/errors.ts';
import { recipeSchema } from '../agent/agentCard.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { STAGE_CHOICES, type StageChoice } from './trainingOptions.ts';

const requestShape = {
  seed: z.number().int(),
  minutes: z.number().positive(),
  /** False where the agent shall not learn to propose. */
  proposal: z.literal(false).optional(),
  /** Of the renderer; the default when left out. */
  backbone: z.enum(BACKBONES).optional(),
  /** What the renderer is told beyond its latent; nothing when left out. */
  context: z.number().int().min(1).max(MOST_CONTEXT).optional(),
  guidable: z.boolean().optional(),
  /** What had made the agent before, where the stage goes on with one. */
  recipe: recipeSchema.optional(),
  /** How far it has come: the latent model is written, or all there is. */
  reached: z.enum(['latent', 'end']).optional(),
};
const requestSchema = z.object(requestShape);

/** What one stage was asked for. */
export type StageRequest = z.infer<typeof requestSchema>;

const runRecordSchema = z.object({
  world: z.string(),
  worldVersion: z.number().int(),
  /** What the run was begun with; not known of runs of before it was kept. */
  stage: z.enum(STAGE_CHOICES).optional(),
  ...requestShape,
  /** The latest stage that went on with the agent of the run. */
  further: z.object({ stage: z.enum(STAGE_CHOICES), ...requestShape }).optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

const FILE = 'run.json';

/** A world of a version, as a run keeps it. */
export type RunWorld = Pick<RunRecord, 'world' | 'worldVersion'>;

/** The run in the directory. @throws UsageError when there is none, or one in another world */
export async function keptRun(directory: string, wanted: RunWorld): Promise<RunRecord> {
  if (!hasRun(directory))
    throw new UsageError(`there is no training run in "${directory}" to resume; leave out --resume to begin one`);
  const kept = await readRun(join(directory, FILE));
  if (kept.world !== wanted.world || kept.worldVersion !== wanted.worldVersion)
    throw new UsageError(
      `"${directory}" holds a run in ${kept.world} version ${kept.worldVersion}, not ${wanted.world} version ${wanted.worldVersion}; choose another --out`,
    );
  return kept;
}

/** @throws UsageError when the directory holds a run, with which another one would be mixed */
export function refuseKeptRun(directory: string): void {
  if (hasRun(directory))
    throw new UsageError(
      `"${directory}" already holds a training run; add --resume to go on with it, or choose another --out`,
    );
}

/** Keeps a run; for whoever has claimed the directory. */
export async function keepRun(directory: string, run: RunRecord): Promise<void> {
  await writeAtomically(join(directory, FILE), `${JSON.stringify(run, undefined, 2)}\n`);
}

/** The stage that was last asked for; not known of a run of before it was kept. */
export function lastStage({ stage, further }: RunRecord): StageChoice | undefined {
  return further?.stage ?? stage;
}

/** What a stage of the run was last asked for. */
export function requestOf(run: RunRecord, stage: StageChoice): StageRequest {
  return run.further?.stage === stage ? run.further : run;
}

/** The run with what a stage is asked for that goes on with its agent. */
export function withFurther(run: RunRecord, stage: StageChoice, request: StageRequest): RunRecord {
  return { ...run, further: { ...request, stage } };
}

/** The run with something else in what a stage of it is asked for, or has reached. */
export function withRequest(run: RunRecord, stage: StageChoice, changed: Partial<StageRequest>): RunRecord {
  const { further } = run;
  return further?.stage === stage ? { ...run, further: { ...further, ...changed } } : { ...run, ...changed };
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
