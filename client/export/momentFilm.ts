/**
 * The moments of a film. Of the timeline: truth, dream and their difference, up to the moment on the stage and over the
 * seconds before it, at the speed at which they happened. Of a plan: its imagined frames.
 */
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { Film } from '../readFrames.ts';
import { differ } from '../stage/difference.ts';
import type { History, Moment } from '../timeline/history.ts';
import type { FilmMoment } from './gifFilm.ts';

/** Simulated seconds of the timeline in a film. */
export const FILM_SECONDS = 10;

/** Truth, dream and difference of the last seconds up to moment `index`, oldest first. */
export function timelineFilm(history: History, index: number, seconds = FILM_SECONDS): FilmMoment[] {
  const film: FilmMoment[] = [];
  let length = 0;
  for (let i = index; length < 1000 * seconds; i--) {
    const moment = history.at(i);
    if (moment === undefined) break;
    const { truth, dream } = moment.tick;
    const milliseconds = shownMs(moment, history.at(i + 1));
    film.unshift({ pictures: [truth, dream, differenceOf(truth, dream)], milliseconds });
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
  return frames.map((frame) => ({ pictures: [frame], milliseconds: 1000 * stepSeconds }));
}

function differenceOf(truth: Uint8Array | undefined, dream: Uint8Array | undefined): Uint8Array | undefined {
  if (truth === undefined || dream === undefined) return undefined;
  const heat = new Uint8Array(4 * FRAME_SIZE * FRAME_SIZE);
  differ(truth, dream, heat);
  return heat;
}
