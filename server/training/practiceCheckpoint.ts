/**
 * What was practised so far, on disk, so that a killed run goes on from its last minute of play. Episodes are all of one
 * length: one tensor of latents, one of actions.
 */
import { existsSync } from 'node:fs';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import { float32, type HostTensor } from '../../models/tensor/program.ts';
import { WeightsError } from '../../shared/errors.ts';
import { readTensorFile, writeTensorFile } from '../files/tensorFile.ts';
import type { Practised } from './practice.ts';
import { stageFile } from './stageCheckpoint.ts';

/** Keeps what was practised: `latents` `[episodes, steps + 1, latent]`, `actions` `[episodes, steps, features]`. */
export async function savePractice(directory: string, { trajectories, elapsed }: Practised): Promise<void> {
  const tensors = {
    latents: stacked(trajectories, ({ latents, steps }) => ({ rows: steps + 1, data: latents })),
    actions: stacked(trajectories, ({ actions, steps }) => ({ rows: steps, data: actions })),
  };
  await writeTensorFile(stageFile(directory, 'practice'), { tensors, metadata: { elapsed: String(elapsed) } });
}

/** What was kept, or `undefined` where nothing was practised. @throws WeightsError when the file is damaged */
export async function loadPractice(directory: string): Promise<Practised | undefined> {
  const path = stageFile(directory, 'practice');
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readTensorFile(path);
  const { latents, actions } = tensors;
  if (latents?.shape.length !== 3 || actions?.shape.length !== 3)
    throw new WeightsError(`"${path}" holds no episodes; remove it to practise anew`);
  const [episodes = 0, steps = 0] = actions.shape;
  const trajectories = Array.from({ length: episodes }, (_, i) => ({
    steps,
    latents: part(latents, i, episodes),
    actions: part(actions, i, episodes),
  }));
  return { trajectories, elapsed: Number(metadata.elapsed) };
}

function stacked(
  trajectories: readonly Trajectory[],
  rowsOf: (trajectory: Trajectory) => { readonly rows: number; readonly data: Float32Array },
): HostTensor {
  const all = trajectories.map(rowsOf);
  const { rows = 1, data: { length = 0 } = {} } = all[0] ?? {};
  const values = new Float32Array(all.length * length);
  all.forEach(({ data }, i) => {
    values.set(data, i * length);
  });
  return float32(values, [all.length, rows, length / rows]);
}

function part({ data }: HostTensor, index: number, count: number): Float32Array {
  const length = data.length / count;
  return Float32Array.from(data.subarray(index * length, (index + 1) * length));
}
