/**
 * The state of one stage of training on disk, so that a killed run goes on from its last minute. One safetensors file a
 * stage, replaced whole.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageStart } from '../../models/latent/runStage.ts';
import { grouped, joined } from '../../models/tensor/namespaces.ts';
import type { TrainState } from '../../models/tensor/trainStep.ts';
import { readTensorFile, writeTensorFile } from '../files/tensorFile.ts';

/** Stages that keep a state here; the renderer's keep theirs together (`rendererCheckpoint.ts`). */
const KEPT_STAGES = [
  'latent',
  'dynamics',
  'distance',
  'things',
  'practice',
  'practised-dynamics',
  'practised-distance',
  'practised-things',
  'proposal',
] as const;
export type KeptStage = (typeof KEPT_STAGES)[number];

/** Where the state of a stage lies. */
export function stageFile(directory: string, stage: KeptStage): string {
  return join(directory, `${stage}-training.safetensors`);
}

/** Keeps the state of a stage. */
export async function saveStage(
  directory: string,
  stage: KeptStage,
  state: TrainState,
  elapsed: number,
): Promise<void> {
  const { parameters, firstMoments, secondMoments, buffers } = state;
  const metadata = { step: String(state.step), elapsed: String(elapsed) };
  const tensors = joined({ parameters, firstMoments, secondMoments, buffers });
  await writeTensorFile(stageFile(directory, stage), { tensors, metadata });
}

/** The kept state, or `undefined` where the stage was not begun. @throws WeightsError when the file is damaged */
export async function loadStage(directory: string, stage: KeptStage): Promise<StageStart | undefined> {
  const path = stageFile(directory, stage);
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readTensorFile(path);
  const { parameters = {}, firstMoments = {}, secondMoments = {}, buffers = {} } = grouped(tensors);
  const state = { step: Number(metadata.step), parameters, firstMoments, secondMoments, buffers };
  return { state, elapsed: Number(metadata.elapsed) };
}

/** Removes what is kept of all stages, for a training that begins anew where another one was. */
export async function forgetStages(directory: string): Promise<void> {
  for (const stage of KEPT_STAGES) await rm(stageFile(directory, stage), { force: true });
}
