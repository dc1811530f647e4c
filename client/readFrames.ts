/**
 * From a decoded frame message to what the page draws: a `Tick` with the pictures of one step, or a `Film` of a whole
 * plan. The decoder has checked the packing; here the contents are checked, so that a picture of another size never
 * reaches a texture.
 */
import { FRAME_SIZE } from '../shared/frame.ts';
import type { FrameMessage, Stream } from '../shared/protocol/frames.ts';

const RGBA_BYTES = FRAME_SIZE * FRAME_SIZE * 4;

/** One step: pictures are 64×64 RGBA; `poses` is `[shapes, 3]`: x, y, angle. */
export interface Tick {
  readonly envStep: number;
  readonly truth: Uint8Array | undefined;
  readonly dream: Uint8Array | undefined;
  readonly poses: Float32Array | undefined;
}

/** The frames imagined for a plan made at `envStep`; frame `i` shows step `envStep + i + 1`. */
export interface Film {
  readonly envStep: number;
  readonly frames: readonly Uint8Array[];
  /** What the agent wants to see. */
  readonly goal: Uint8Array | undefined;
  /** Paths of the search's candidates, one entry an iteration; none unless the settings ask for them. */
  readonly fan: readonly FanPaths[];
}

/** `[paths, points, 2]`: x and y in arena units. */
export interface FanPaths {
  readonly points: number;
  readonly data: Float32Array;
}

/**
 * Reads a `tick` message.
 * @throws RangeError when a picture is not 64×64 RGBA or a pose is not finite.
 */
export function readTick(message: FrameMessage): Tick {
  return {
    envStep: message.envStep,
    truth: picture(find(message, 'truth')),
    dream: picture(find(message, 'dream')),
    poses: poses(find(message, 'poses')),
  };
}

/**
 * Reads a `plan` message.
 * @throws RangeError when a picture is not 64×64 RGBA or the indices have gaps, or a path is not what it says.
 */
export function readFilm(message: FrameMessage): Film {
  const streams = message.streams.filter((stream) => stream.name === 'imagined').sort((a, b) => a.index - b.index);
  const frames = streams.map((stream, i) => {
    const frame = picture(stream);
    if (stream.index !== i || frame === undefined) throw new RangeError(`a plan's frame ${i} is missing`);
    return frame;
  });
  return { envStep: message.envStep, frames, goal: picture(find(message, 'goal')), fan: fanOf(message) };
}

function fanOf({ streams }: FrameMessage): FanPaths[] {
  const fan = streams.filter(({ name }) => name === 'fan').sort((a, b) => a.index - b.index);
  return fan.map(({ data, width, height }) => {
    if (!(data instanceof Float32Array) || data.length !== width * height * 2 || !data.every(Number.isFinite))
      throw new RangeError(`a fan of ${height} paths of ${width} points has ${data.length} values, or some not finite`);
    return { points: width, data };
  });
}

function find({ streams }: FrameMessage, name: Stream['name']): Stream | undefined {
  return streams.find((stream) => stream.name === name);
}

function picture(stream: Stream | undefined): Uint8Array | undefined {
  if (stream === undefined) return undefined;
  const { data, width, height, name } = stream;
  if (!(data instanceof Uint8Array) || width !== FRAME_SIZE || height !== FRAME_SIZE || data.length !== RGBA_BYTES)
    throw new RangeError(`the ${name} picture is ${width}×${height} with ${data.length} values, not 64×64 RGBA`);
  return data;
}

function poses(stream: Stream | undefined): Float32Array | undefined {
  if (stream === undefined) return undefined;
  if (!(stream.data instanceof Float32Array) || stream.data.length % 3 !== 0 || !stream.data.every(Number.isFinite))
    throw new RangeError('poses must be finite numbers in threes: x, y, angle');
  return stream.data;
}
