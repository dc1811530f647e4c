/**
 * An episode as pictures, each with the time for which it is shown: at the speed at which it happened, one picture a
 * step unless fewer are asked for. File formats count time in ticks of 1 or 10 ms, so that times are rounded.
 * Each picture says what has changed since the one before, so that a file holds no more than that.
 */
import { UsageError } from '../../../shared/errors.ts';
import { shownFor } from '../../../shared/filmTimes.ts';
import { FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import type { RecordedEpisode } from '../recordedEpisode.ts';
import { type Area, changedArea, wholeFrame } from './picture.ts';

export interface FilmOptions {
  /** Pictures a simulated second at most; one a step when left out, or as many as the format can show. */
  readonly fps?: number;
  /** Picture pixels for one pixel of the frame. */
  readonly scale: number;
}

/** What a file format can do. */
export interface FilmFormat {
  readonly name: string;
  /** Milliseconds in which it counts. */
  readonly tickMs: number;
  readonly maxFps: number;
}

export interface FilmPicture {
  readonly frame: Frame;
  /** What differs from the picture before; all of the first. */
  readonly area: Area;
  readonly milliseconds: number;
}

/** The step of the episode that each picture shows, and for how long. */
interface Shot {
  readonly step: number;
  readonly milliseconds: number;
}

/** Pixels of all pictures together: what fits in memory while they are encoded. */
const MAX_PIXELS = 400e6;

/** The pictures of a film, drawn as they are asked for. */
export function* filmOf(episode: RecordedEpisode, options: FilmOptions, format: FilmFormat): Generator<FilmPicture> {
  const shots = shotsOf(episode, options, format);
  const pixels = shots.length * (FRAME_SIZE * options.scale) ** 2;
  if (pixels > MAX_PIXELS)
    throw new UsageError(
      `${shots.length} pictures at scale ${options.scale} are too many for one file; give a lower --fps or --scale`,
    );
  let before: Frame | undefined;
  for (const { step, milliseconds } of shots) {
    episode.seek(step);
    const frame = episode.frame();
    yield { frame, area: before ? changedArea(before, frame) : wholeFrame, milliseconds };
    before = frame;
  }
}

/** Pictures at a steady rate, the last of which shows the end and lasts until then: it is never a short one. */
function shotsOf(episode: RecordedEpisode, { fps }: FilmOptions, { name, tickMs, maxFps }: FilmFormat): Shot[] {
  if (fps !== undefined && fps > maxFps)
    throw new UsageError(`${name} shows at most ${maxFps} pictures a second; give --fps ${maxFps} or less`);
  const { length, spec } = episode;
  const stepRate = 1 / spec.stepSeconds;
  const rate = Math.min(fps ?? maxFps, stepRate);
  const seconds = (length + 1) * spec.stepSeconds;
  const count = rate === stepRate ? length + 1 : Math.max(1, Math.floor(seconds * rate + 1e-9));
  const last = count - 1;
  const endsMs = Array.from({ length: count }, (_, i) => 1000 * (i === last ? seconds : (i + 1) / rate));
  return shownFor(endsMs, tickMs).map((milliseconds, i) => ({
    // A picture due at the very moment of a step shows it, whatever the rounding of the division.
    step: i === last ? length : Math.floor((i * stepRate) / rate + 1e-9),
    milliseconds,
  }));
}
