/**
 * What the timeline gives away: a row for every moment that is held, the strip as it is drawn, and a film of truth, dream
 * and difference up to the moment on the stage.
 */
import { element } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import { ofTask, type Source } from '../export/fileName.ts';
import { FILM_SECONDS, timelineFilm } from '../export/momentFilm.ts';
import type { Picture } from '../export/pngPicture.ts';
import type { Table } from '../export/table.ts';
import type { History, Moment } from './history.ts';
import type { Player } from './player.ts';

export function timelineExport(history: History, player: Player): Exportable {
  return {
    name: 'timeline',
    source: () => sourceOf(history.at(player.index)),
    table: () => timelineTable(history.all()),
    picture: () => stripPicture(history.all().length),
    film: () => timelineFilm(history, player.index),
    filmTitle: `the ${FILM_SECONDS} seconds up to the moment shown`,
  };
}

function sourceOf(moment: Moment | undefined): Source | undefined {
  return moment && ofTask(moment.episode.settings);
}

/** Figures and events of the moments; differences are shares of the full scale. */
export function timelineTable(moments: readonly Moment[]): Table {
  return {
    columns: ['world', 'seed', 'task', 'step', 'difference', 'still picture', 'times the usual', 'events'],
    rows: moments.map(({ episode, task, tick, difference, still, ratio, events }) => [
      episode.settings.world,
      episode.settings.seed,
      task,
      tick.envStep,
      difference,
      still,
      ratio,
      events.join(' '),
    ]),
  };
}

function stripPicture(moments: number): Picture {
  const styles = getComputedStyle(document.documentElement);
  const color = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    drawing: element('timeline-strip', HTMLCanvasElement),
    key: [
      { name: 'how far the dream was off', color: color('--accent'), mark: 'box' },
      { name: 'contact', color: color('--ink-quiet'), mark: 'dot' },
      { name: 'surprise', color: color('--accent'), mark: 'triangle' },
      { name: 'reached', color: color('--good'), mark: 'box' },
      { name: 'missed', color: color('--trouble'), mark: 'hollow' },
    ],
    caption: `${moments} moments, oldest on the left.`,
  };
}
