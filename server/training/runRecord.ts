/**
 * What a training run was asked for, kept in its directory from the first second: `--resume` goes on with the same
 * world, seed and minutes, and a run in a directory that already holds one is refused rather than mixed with it. A stage
 * that goes on with the agent of a run is kept beside that, so that it too is resumed as it was asked for.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BACKBONES } from '../../models/diffusion/network/backboneNames.ts';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import { TrainingError, UsageError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { STAGE_CHOICES, type StageChoice } from './trainingOptions.ts';

const requestShape = {
  seed: z.number().int(),
  minutes: z.number().positive(),
  /** False where the agent shall not learn to propose. */
  proposal: z.literal(false).optional(),
};

const runRecordSchema = z.object({
  world: z.string(),
  worldVersion: z.number().int(),
  ...requestShape,
  /** Of the renderer; the default when left out. */
  backbone: z.enum(BACKBONES).optional(),
  /** What the renderer is told beyond its latent; nothing when left out. */
  context: z.number().int().min(1).max(MOST_CONTEXT).optional(),
  guidable: z.boolean().optional(),
  /** The latest stage that went on with the agent of the run. */
  further: z.object({ stage: z.enum(STAGE_CHOICES), ...requestShape }).optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** What one stage was asked for. */
export type StageRequest = Pick<RunRecord, 'seed' | 'minutes' | 'proposal'>;

const FILE = 'run.json';

/**
 * The run that is asked for, or the one in the directory where that is to go on; nothing is written.
 * @throws UsageError when that would mix two runs
 */
export async function runFor(directory: string, wanted: RunRecord, goesOn: boolean): Promise<RunRecord> {
  if (!hasRun(directory)) {
    if (goesOn)
      throw new UsageError(`there is no training run in "${directory}" to resume; leave out --resume to begin one`);
    return wanted;
  }
  if (!goesOn)
    throw new UsageError(
      `"${directory}" already holds a training run; add --resume to go on with it, or choose another --out`,
    );
  const kept = await readRun(join(directory, FILE));
  if (kept.world !== wanted.world || kept.worldVersion !== wanted.worldVersion)
    throw new UsageError(
      `"${directory}" holds a run in ${kept.world} version ${kept.worldVersion}, not ${wanted.world} version ${wanted.worldVersion}; choose another --out`,
    );
  return kept;
}

/** Keeps a run; for whoever has claimed the directory. */
export async function keepRun(directory: string, run: RunRecord): Promise<void> {
  await writeAtomically(join(directory, FILE), `${JSON.stringify(run, undefined, 2)}\n`);
}

/** The run with what a stage is asked for that goes on with its agent. */
export function withFurther(run: RunRecord, stage: StageChoice, { seed, minutes, proposal }: StageRequest): RunRecord {
  return { ...run, further: { stage, seed, minutes, proposal } };
}

/** What a stage of the run was last asked for. */
export function requestOf(run: RunRecord, stage: StageChoice): StageRequest {
  return run.further?.stage === stage ? run.further : run;
}

/**
 * @throws UsageError when the run cannot be resumed as asked: a later stage has gone on with its agent, or other
 * minutes or another seed are given than it was begun with
 */
export function refuseOtherResume(
  directory: string,
  run: RunRecord,
  { stage, minutes, seed }: { readonly stage: StageChoice; readonly minutes?: number; readonly seed?: number },
): void {
  const { further } = run;
  if (further !== undefined && further.stage !== stage)
    throw new UsageError(
      `the run in "${directory}" has gone on with --stage ${further.stage} since; resume that one, or train anew with another --out`,
    );
  const kept = requestOf(run, stage);
  if (minutes !== undefined && minutes !== kept.minutes)
    throw new UsageError(
      `the run in "${directory}" was begun with --minutes ${kept.minutes}, not ${minutes}; leave out --minutes to resume it`,
    );
  if (seed !== undefined && seed !== kept.seed)
    throw new UsageError(
      `the run in "${directory}" was begun with --seed ${kept.seed}, not ${seed}; leave out --seed to resume it`,
    );
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
