/**
 * The moments of a film. Of the timeline: truth, dream and their difference, up to the moment on the stage and over the
 * seconds before it, at the speed at which they happened. Of a plan: its imagined frames. Of several futures: every step of
 * all of them, each in truth and as imagined.
 */
import { FRAME_SIZE, toRgba } from '../../shared/frame.ts';
import type { Film } from '../readFrames.ts';
import { type Futures, futureFrame } from '../readFutures.ts';
import { differ } from '../stage/difference.ts';
import type { History, Moment } from '../timeline/history.ts';
import type { FilmMoment } from './gifFilm.ts';

/** Simulated seconds of the timeline in a film. */
export const FILM_SECONDS = 10;

/** Rows of a film of futures; more futures stand two to a row, so that the film is not taller than a screen. */
const MOST_ROWS = 4;

/** Truth, dream and difference of the last seconds up to moment `index`, oldest first. */
export function timelineFilm(history: History, index: number, seconds = FILM_SECONDS): FilmMoment[] {
  const film: FilmMoment[] = [];
  let length = 0;
  for (let i = index; length < 1000 * seconds; i--) {
    const moment = history.at(i);
    if (moment === undefined) break;
    const { truth, dream } = moment.tick;
    const milliseconds = shownMs(moment, history.at(i + 1));
    film.unshift({ rows: [[truth, dream, differenceOf(truth, dream)]], milliseconds });
    length += milliseconds;
  }
  return film;
}

/** Until the next moment of the task, which may lie some steps on where the page was too slow to be sent them all. */
function shownMs({ task, tick, episode }: Moment, next: Moment | undefined): number {
  const steps = next?.task === task ? next.tick.envStep - tick.envStep : 1;
  return 1000 * steps * episode.stepSeconds;
}

/** The imagined frames of a plan, at the speed of its world. */
export function planFilm({ frames }: Film, stepSeconds: number): FilmMoment[] {
  return frames.map((frame) => ({ rows: [[frame]], milliseconds: 1000 * stepSeconds }));
}

/** A future a row, the true picture beside the imagined one; two where there are many, the first half on the left. */
export function futuresFilm({ pairs, horizon }: Futures, stepSeconds: number): FilmMoment[] {
  const height = pairs.length > MOST_ROWS ? Math.ceil(pairs.length / 2) : pairs.length;
  const across = Math.ceil(pairs.length / height);
  return Array.from({ length: horizon }, (_, step) => {
    const picturesOf = (place: number): (Uint8Array | undefined)[] =>
      [pairs[place]?.truth, pairs[place]?.dream].map((film) => film && toRgba(futureFrame(film, step)));
    const rows = Array.from({ length: height }, (_, row) =>
      Array.from({ length: across }, (_, column) => picturesOf(column * height + row)).flat(),
    );
    return { rows, milliseconds: 1000 * stepSeconds };
  });
}

function differenceOf(truth: Uint8Array | undefined, dream: Uint8Array | undefined): Uint8Array | undefined {
  if (truth === undefined || dream === undefined) return undefined;
  const heat = new Uint8Array(4 * FRAME_SIZE * FRAME_SIZE);
  differ(truth, dream, heat);
  return heat;
}
