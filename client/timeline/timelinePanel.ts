/**
 * The timeline under the stage: a slider over all that the page remembers, buttons to play it again, and in words where
 * one is. Everything is drawn from history and player; it is drawn with the next picture, however often they change.
 */
import { element, setText } from '../element.ts';
import type { History, Moment, MomentEvent } from './history.ts';
import { type Player, SPEEDS } from './player.ts';
import { drawStrip, type StripColors } from './strip.ts';

export interface TimelinePanel {
  /** History or player have changed. */
  changed(): void;
  /** Draws what has changed. */
  draw(): void;
}

const NAMES: Readonly<Record<MomentEvent, string>> = {
  plan: 'a new plan',
  contact: 'contact',
  surprise: 'surprise',
  reached: 'goal reached',
  missed: 'goal missed',
};

/** Connects the timeline's elements; `now` is the clock of the drawing loop. */
export function timelinePanel(history: History, player: Player, now: () => number): TimelinePanel {
  const canvas = element('timeline-strip', HTMLCanvasElement);
  const slider = element('timeline-position', HTMLInputElement);
  const speed = element('timeline-speed', HTMLSelectElement);
  const loop = element('timeline-loop', HTMLInputElement);
  let stale = true;
  let colors = readColors();

  slider.addEventListener('input', () => player.seek(slider.valueAsNumber));
  const actions = {
    'timeline-event-before': () => player.event(-1),
    'timeline-back': () => player.move(-1),
    'timeline-play': () => player.toggle(now()),
    'timeline-on': () => player.move(1),
    'timeline-event-after': () => player.event(1),
    'timeline-live': () => player.toLive(),
  };
  for (const [id, act] of Object.entries(actions)) element(id, HTMLButtonElement).addEventListener('click', act);
  speed.addEventListener('change', () => {
    const chosen = SPEEDS.find((rate) => String(rate) === speed.value);
    if (chosen !== undefined) player.setSpeed(chosen);
  });
  loop.addEventListener('change', () => player.setLoop(loop.checked));
  const changed = (): void => {
    stale = true;
  };
  new ResizeObserver(changed).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colors = readColors();
    changed();
  });

  const draw = (): void => {
    if (!stale) return;
    stale = false;
    const { first, last } = history;
    const { index, live, playing } = player;
    const moment = history.at(index);
    for (const control of document.querySelectorAll<HTMLInputElement>('.timeline :is(button, input, select)'))
      control.disabled = moment === undefined || (control.id === 'timeline-live' && live);
    slider.min = String(first);
    slider.max = String(Math.max(first, last));
    slider.value = String(index);
    const where = moment === undefined ? 'Nothing to look back at yet' : whereLine(moment, last - index, live);
    slider.setAttribute('aria-valuetext', where);
    setText(element('timeline-where', HTMLElement), where);
    setText(element('timeline-play-label', HTMLElement), playing ? 'Hold' : 'Replay');
    element('timeline', HTMLElement).dataset.live = String(live);
    document.body.dataset.past = String(!live);
    drawStrip(canvas, history.all(), index - first, colors);
  };
  return { changed, draw };
}

/** Where one is, in words. */
export function whereLine({ task, tick, events, episode }: Moment, behind: number, live: boolean): string {
  const happened = events.filter((event) => event !== 'plan').map((event) => NAMES[event]);
  const place = [`task ${task}, step ${tick.envStep}`, ...happened].join(', ');
  if (live) return `${episode.recording === undefined ? 'Live' : 'Now'}: ${place}`;
  const seconds = behind * episode.stepSeconds;
  return `${seconds.toFixed(1)} s back: ${place}`;
}

function readColors(): StripColors {
  const styles = getComputedStyle(document.documentElement);
  const color = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    accent: color('--accent'),
    line: color('--line'),
    quiet: color('--ink-quiet'),
    good: color('--good'),
    trouble: color('--trouble'),
  };
}
