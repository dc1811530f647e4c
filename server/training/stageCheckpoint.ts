/**
 * The state of one stage of training on disk, so that a killed run goes on from its last minute. One safetensors file a
 * stage, replaced whole.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StageStart } from '../../models/latent/runStage.ts';
import { grouped, joined } from '../../models/tensor/namespaces.ts';
import type { TrainState } from '../../models/tensor/trainStep.ts';
import { readTensorFile, writeTensorFile } from '../files/tensorFile.ts';

const fileOf = (directory: string, stage: string): string => join(directory, `${stage}-training.safetensors`);

/** Keeps the state of a stage. */
export async function saveStage(directory: string, stage: string, state: TrainState, elapsed: number): Promise<void> {
  const { parameters, firstMoments, secondMoments, buffers } = state;
  const metadata = { step: String(state.step), elapsed: String(elapsed) };
  const tensors = joined({ parameters, firstMoments, secondMoments, buffers });
  await writeTensorFile(fileOf(directory, stage), { tensors, metadata });
}

/** The kept state, or `undefined` where the stage was not begun. @throws WeightsError when the file is damaged */
export async function loadStage(directory: string, stage: string): Promise<StageStart | undefined> {
  const path = fileOf(directory, stage);
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readTensorFile(path);
  const { parameters = {}, firstMoments = {}, secondMoments = {}, buffers = {} } = grouped(tensors);
  const state = { step: Number(metadata.step), parameters, firstMoments, secondMoments, buffers };
  return { state, elapsed: Number(metadata.elapsed) };
}
