/**
 * From a decoded message of several futures to what the page plays: pairs of films, true and imagined, of equal length,
 * and how far the futures come apart. As in `readFrames.ts`, contents are checked here, so that a film of another size
 * never reaches a canvas.
 */
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../shared/frame.ts';
import type { FrameMessage, Stream } from '../shared/protocol/frames.ts';

/** Frames of one future one after the other, `[horizon, 64, 64, 3]` bytes. */
export type FutureFilm = Uint8Array;

/** Variations of the plan made at `envStep`; frame `i` of a film shows step `envStep + i + 1`. */
export interface Futures {
  readonly envStep: number;
  readonly horizon: number;
  /** The first is the plan's own. */
  readonly pairs: readonly { readonly truth: FutureFilm; readonly dream: FutureFilm }[];
  /** Mean distance between any two futures at every step, in pixels; null where it is not known. */
  readonly spread: { readonly truths: readonly (number | null)[]; readonly dreams: readonly (number | null)[] };
}

/**
 * Reads a `futures` message.
 * @throws RangeError when films are missing, of different lengths or not 64×64 RGB, or a spread is not one.
 */
export function readFutures({ envStep, streams }: FrameMessage): Futures {
  const [truths, dreams] = [filmsOf(streams, 'futureTruth'), filmsOf(streams, 'futureDream')];
  const horizon = (truths[0]?.length ?? 0) / FRAME_BYTES;
  if (horizon === 0 || [...truths, ...dreams].some((film) => film.length !== horizon * FRAME_BYTES))
    throw new RangeError('the films of several futures are missing or of different lengths');
  const pairs = truths.map((truth, i) => {
    const dream = dreams[i];
    if (dream === undefined) throw new RangeError(`future ${i} is true and not imagined`);
    return { truth, dream };
  });
  return { envStep, horizon, pairs, spread: spreadOf(streams, horizon) };
}

/** Frame `step`, from 0, of a film. */
export function futureFrame(film: FutureFilm, step: number): Frame {
  return film.subarray(step * FRAME_BYTES, (step + 1) * FRAME_BYTES);
}

function filmsOf(streams: readonly Stream[], wanted: Stream['name']): FutureFilm[] {
  const films = streams.filter(({ name }) => name === wanted).sort((a, b) => a.index - b.index);
  return films.map(({ name, index, width, height, data }, i) => {
    const sized = width === FRAME_SIZE && height % FRAME_SIZE === 0 && data.length === 3 * width * height;
    if (!(data instanceof Uint8Array) || !sized || index !== i)
      throw new RangeError(`film ${index} of ${name} is ${width}×${height} with ${data.length} values, not 64×64 RGB`);
    return data;
  });
}

function spreadOf(streams: readonly Stream[], horizon: number): Futures['spread'] {
  const data = streams.find(({ name }) => name === 'spread')?.data;
  if (
    !(data instanceof Float32Array) ||
    data.length !== 2 * horizon ||
    data.some((value) => Math.abs(value) === Infinity)
  )
    throw new RangeError(`the spread of several futures is not two lines of ${horizon} numbers`);
  const known = (values: Float32Array) => Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  return { truths: known(data.subarray(0, horizon)), dreams: known(data.subarray(horizon)) };
}
