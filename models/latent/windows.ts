/**
 * Batches for the latent model: windows of neighbouring frames and the actions between them, drawn uniformly over all
 * episodes and starts (the first frame of an episode stands for the one before it, too), and the random directions of
 * SIGReg. All draws come from the generator that is handed in.
 */

import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import type { Rarity } from '../pictures/rarity.ts';
import { float32, type HostTensors } from '../tensor/program.ts';
import { actionFeatureSize } from './actionFeatures.ts';
import { PATCH_CHANNELS, PATCH_GRID, writeEmphasis, writeInk } from './ink.ts';
import { poseSizeOf } from './keypointEncoder.ts';
import { type LatentLossConfig, type LatentModelConfig, windowFrames } from './latentLoss.ts';

/** Episodes to learn from, and all their frames in one piece. */
export interface SeenEpisodes {
  readonly episodes: readonly SeenEpisode[];
  readonly frames: Uint8Array;
}

/** What the model may see of an episode. */
export interface SeenEpisode {
  readonly steps: number;
  /** `[steps, features]`, as `actionFeatures.ts` makes them. */
  readonly actions: Float32Array;
  /** `[steps + 1, 64·64·3]` bytes. */
  readonly frames: Uint8Array;
  /** `[steps + 1, targets]`, where the true state is read from latents (`stateReadout.ts`). */
  readonly targets?: Float32Array;
}

/** What all frames have in common. */
export interface PictureStatistics {
  readonly backdrop: Frame;
  readonly rarity: Rarity;
}

/** Draws one batch of `latentBatchSignature`. */
export function drawWindows(
  episodes: readonly SeenEpisode[],
  pictures: PictureStatistics,
  model: LatentModelConfig,
  config: LatentLossConfig,
  random: Random,
): HostTensors {
  const { batch, horizon, directions, states: { targets } = { targets: 0 } } = config;
  const width = actionFeatureSize(model.actions);
  const length = windowFrames(model, horizon);
  const patches = new Float32Array(batch * length * FRAME_BYTES);
  const emphasis = new Float32Array(2 * batch * FRAME_BYTES);
  const actions = new Float32Array(batch * horizon * width);
  const states = new Float32Array(batch * (horizon + 1) * targets);
  for (let window = 0; window < batch; window++) {
    const episode = random.choice(episodes);
    const start = random.integer(episode.steps - horizon + 1);
    for (let i = 0; i < length; i++) {
      const t = Math.max(0, start + i - (model.frames - 1));
      const frame = episode.frames.subarray(t * FRAME_BYTES, (t + 1) * FRAME_BYTES);
      writeInk(frame, pictures.backdrop, patches, (window * length + i) * FRAME_BYTES);
      if (i === 0) writeEmphasis(frame, pictures.rarity, emphasis, 2 * window * FRAME_BYTES);
      if (i === length - 1) writeEmphasis(frame, pictures.rarity, emphasis, (2 * window + 1) * FRAME_BYTES);
    }
    actions.set(episode.actions.subarray(start * width, (start + horizon) * width), window * horizon * width);
    if (targets > 0) states.set(targetsAt(episode, start, horizon + 1, targets), window * (horizon + 1) * targets);
  }
  const poseSize = poseSizeOf(model.encoder);
  return {
    frames: float32(patches, [batch * length, PATCH_GRID, PATCH_GRID, PATCH_CHANNELS]),
    emphasis: float32(emphasis, [2 * batch, PATCH_GRID, PATCH_GRID, PATCH_CHANNELS]),
    actions: float32(actions, [batch, horizon, width]),
    directions: float32(unitColumns(poseSize, directions, random), [poseSize, directions]),
    ...(targets > 0 && { states: float32(states, [batch, horizon + 1, targets]) }),
  };
}

/** Rows of what is to be read from an episode's latents. */
function targetsAt({ targets }: SeenEpisode, start: number, rows: number, columns: number): Float32Array {
  if (targets === undefined) throw new TypeError('the loss reads states, which the episodes come without');
  return targets.subarray(start * columns, (start + rows) * columns);
}

/** Random columns of length 1: `[rows, columns]`. */
function unitColumns(rows: number, columns: number, random: Random): Float32Array {
  const values = random.normals(rows * columns);
  for (let column = 0; column < columns; column++) {
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (values[row * columns + column] as number) ** 2;
    const scale = 1 / Math.sqrt(squares);
    for (let row = 0; row < rows; row++) {
      values[row * columns + column] = (values[row * columns + column] as number) * scale;
    }
  }
  return values;
}
