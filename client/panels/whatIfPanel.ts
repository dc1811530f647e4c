/**
 * "What if": several futures of the latest plan, imagined beside true, played together and again and again on one clock,
 * and how far they come apart. The page asks the server for them by their number; none are made unless it does. Nothing
 * is drawn while the panel is out of sight, and nothing moves by itself where a person wants less motion.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Ask } from '../controls.ts';
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import { ofTask } from '../export/fileName.ts';
import { futuresFilm } from '../export/momentFilm.ts';
import type { Futures } from '../readFutures.ts';
import type { Store } from '../store.ts';
import { Chart } from './chart.ts';
import { FutureRows } from './futureRows.ts';
import { describeDropped, describeSpread, playedStep, whyNone } from './whatIf.ts';

/** Where no episode says how long a step lasts. */
const USUAL_STEP_MS = 100;

export interface WhatIfPanel {
  /** How far they come apart, and the futures themselves as a film, as the panel gives them away. */
  readonly exportable: Exportable;
  /** A new episode: futures of another world are forgotten, others stay until the next plan has some. */
  begin(episode: ServerMessageOf<'episode'>): void;
  /** New futures of the latest plan. */
  futures(futures: Futures): void;
  /** Draws the instant `now`, if anything is to be seen and has changed. */
  draw(now: number): void;
}

/** Keeps the controls, the rows and the chart together. */
export function whatIfPanel(store: Store, ask: Ask): WhatIfPanel {
  const panel = element('what-if', HTMLElement);
  const count = element('futures', HTMLInputElement);
  const play = element('futures-play', HTMLInputElement);
  const slider = element('future-step', HTMLInputElement);
  const rows = new FutureRows(element('future-rows', HTMLOListElement));
  const chart = new Chart(element('spread-chart', HTMLElement), {
    height: 150,
    xLabel: 'steps after the plan',
    series: [
      { name: 'imagined', look: 'accent', joins: false },
      { name: 'true', look: 'quiet', joins: false },
    ],
    fromZero: true,
    format: (value) => `${Number(value.toPrecision(2))} px`,
  });
  let futures: Futures | undefined;
  /** The episode in which they were planned, perhaps the one before. */
  let planned: ServerMessageOf<'episode'> | undefined;
  let episode: ServerMessageOf<'episode'> | undefined;
  let began: number | undefined;
  let shown = -1;
  /** The step at which a person holds the futures; the last one until then. */
  let heldAt: number | undefined;
  let inSight = false;

  new IntersectionObserver(([entry]) => {
    inSight = entry?.isIntersecting ?? false;
  }).observe(panel);
  play.checked = !matchMedia('(prefers-reduced-motion: reduce)').matches;

  const explain = (): void => {
    const why = whyNone(store.state, futures);
    setText(element('what-if-none', HTMLElement), why ?? '');
    element('what-if-body', HTMLElement).hidden = why !== undefined;
    for (const control of [play, slider]) control.disabled = why !== undefined;
  };
  const sayCount = (): void =>
    setText(element('futures-shown', HTMLOutputElement), count.value === '0' ? 'off' : count.value);
  const stepMs = (): number => (episode === undefined ? USUAL_STEP_MS : 1000 * episode.stepSeconds);

  count.addEventListener('input', sayCount);
  count.addEventListener('change', () => ask({ type: 'configure', settings: { futures: count.valueAsNumber } }));
  slider.addEventListener('input', () => {
    play.checked = false;
    heldAt = slider.valueAsNumber;
  });
  play.addEventListener('change', () => {
    began = undefined;
    heldAt = slider.valueAsNumber;
  });
  store
    .select(({ link, settings }) => link.status === 'open' && settings !== undefined)
    .subscribe((ready) => {
      count.disabled = !ready;
    });
  store
    .select(({ settings }) => settings?.futures ?? 0)
    .subscribe((chosen) => {
      count.value = String(chosen);
      sayCount();
    });
  store.select((state) => whyNone(state, futures)).subscribe(explain);
  store
    .select(({ stats }) => stats?.droppedFutures ?? 0)
    .subscribe((dropped) => setText(element('futures-dropped', HTMLElement), describeDropped(dropped)));

  return {
    exportable: {
      ...chart.exportable('futures'),
      source: () => planned && ofTask(planned.settings),
      film: () => (futures === undefined ? [] : futuresFilm(futures, stepMs() / 1000)),
      filmTitle: 'the futures',
    },
    begin(begun) {
      if (begun.settings.world !== episode?.settings.world) futures = undefined;
      episode = begun;
      explain();
    },
    futures(latest) {
      futures = latest;
      planned = episode;
      began = undefined;
      shown = -1;
      explain();
      const { horizon, spread, envStep, pairs } = latest;
      rows.fit(pairs.length);
      setText(element('futures-plan', HTMLElement), `plan at step ${envStep} of task ${episode?.settings.seed ?? '–'}`);
      slider.max = String(horizon);
      const steps = Array.from({ length: horizon }, (_, i) => i + 1);
      const said = describeSpread(latest);
      chart.update([steps, spread.dreams, spread.truths], said);
      setText(element('spread-said', HTMLElement), said);
      Object.assign(panel.dataset, { futures: pairs.length, planStep: envStep });
    },
    draw(now) {
      if (futures === undefined || !inSight || element('what-if-body', HTMLElement).hidden) return;
      began ??= now;
      const { horizon } = futures;
      const step = play.checked ? playedStep(now - began, stepMs(), horizon) : Math.min(heldAt ?? horizon, horizon) - 1;
      if (step === shown) return;
      shown = step;
      rows.show(futures, step);
      slider.value = String(step + 1);
      setText(element('future-step-shown', HTMLOutputElement), `${step + 1} of ${horizon}`);
      panel.dataset.step = String(step + 1);
    },
  };
}
