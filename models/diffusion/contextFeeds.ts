/**
 * The frames before, as a renderer's program is fed with them: the latest first, the earliest that is known again where
 * there are too few, with noise on them that depends on the seed and the frame's place in its rollout alone.
 */
import type * as tf from '@tensorflow/tfjs';
import { UsageError } from '../../shared/errors.ts';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { float32, type HostTensors, type Signature, type Tensors } from '../tensor/program.ts';
import { noising } from './cosine/ddim.ts';
import { type DenoiserConfig, toPatches } from './network/denoiser.ts';
import type { Context } from './network/optionalConditions.ts';
import { writePictures } from './picture.ts';

/** What a rollout goes on from: its frames are painted one after another, each told those before it. */
export interface RolloutContext {
  /** Frames before the first, the latest last; none where nothing is known. */
  readonly before: readonly Frame[];
  /** Noise put on the frames before, as a time from 0, none, to 1; 0 unless told. */
  readonly time?: number;
}

/** @throws UsageError when the network sees no frames before, or the time is not one */
export function checkContext({ context = 0 }: DenoiserConfig, { time = 0 }: RolloutContext): void {
  if (context === 0)
    throw new UsageError(
      `the agent's renderer sees no frames before; train one with \`reverie train --stage renderer --context 1\``,
    );
  if (!(time >= 0 && time < 1))
    throw new UsageError(`the frames before cannot have noise of the time ${time}; give a number from 0 to below 1`);
}

export function contextFeedSignature(frames: number): Signature {
  return { context: { shape: pictureShape(frames) }, contextTimes: { shape: [1] } };
}

/** Feeds for `count` frames before, out of those that are known. */
export function contextFeeds(
  known: readonly Frame[],
  { time = 0, count, backdrop, seed, place }: ContextFeeds,
): HostTensors {
  const pictures = new Float32Array(count * FRAME_BYTES);
  if (known.length > 0) {
    const latestFirst = Array.from({ length: count }, (_, i) => known[Math.max(0, known.length - 1 - i)] as Frame);
    writePictures(latestFirst, backdrop, pictures, 0);
    if (time > 0) addNoise(pictures, time, new Random(seed).fork('context noise').fork(place));
  }
  return {
    context: float32(pictures, pictureShape(count)),
    contextTimes: float32([known.length > 0 ? time : 1], [1]),
  };
}

export interface ContextFeeds {
  readonly time?: number;
  /** Frames before that the network sees. */
  readonly count: number;
  readonly backdrop: Frame;
  readonly seed: number;
  /** Of the frame that is painted, in its rollout. */
  readonly place: number;
}

/** The feeds in the graph. */
export function fedContext(inputs: Tensors): Context {
  return { patches: toPatches(inputs.context as tf.Tensor), times: inputs.contextTimes as tf.Tensor };
}

function addNoise(pictures: Float32Array, time: number, random: Random): void {
  const [kept, added] = noising(time);
  random.normals(pictures.length).forEach((noise, i) => {
    pictures[i] = kept * (pictures[i] as number) + added * noise;
  });
}

function pictureShape(frames: number): number[] {
  return [1, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS * frames];
}
