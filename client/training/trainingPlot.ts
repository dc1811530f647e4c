/**
 * The chart of the losses: which stage and which loss term, on which scale, and a legend that names the runs and says
 * what the cursor reads off each. Until a person chooses a stage it is the one that the first of the runs is at.
 */
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import { plain, type Source } from '../export/fileName.ts';
import { Chart, type ChartConfig } from '../panels/chart.ts';
import { LOOK_DASHES, type RunLook } from '../panels/looks.ts';
import type { Readout } from '../panels/readout.ts';
import {
  curveData,
  curveTable,
  type Drawn,
  describeCurves,
  describeWarnings,
  rounded,
  type ShownRun,
  stagesOf,
  termsOf,
} from './curveData.ts';
import { isLandmark, type Landmark, landmarksOf } from './landmarks.ts';
import { runName } from './trainingWords.ts';

export interface TrainingPlot {
  /** Draws the runs, those without a line yet too. */
  show(runs: readonly ShownRun[]): void;
  readonly exportable: Exportable;
}

/** A line of fewer points has a dot at each, since it can hardly be seen. */
const FEW_POINTS = 3;

/** Connects the chart and what chooses for it. */
export function trainingPlot(): TrainingPlot {
  const stages = element('training-stage', HTMLSelectElement);
  const terms = element('training-term', HTMLSelectElement);
  const log = element('training-log', HTMLInputElement);
  const host = element('training-chart', HTMLElement);
  const legend = element('training-legend', HTMLElement);
  let runs: readonly ShownRun[] = [];
  let config = configOf([], false);
  let stageChosen = false;
  const chart = new Chart(host, config);
  // The pointer would have everything read out that it passes over.
  const readOut = element('training-read', HTMLElement);
  host.addEventListener('focus', () => readOut.setAttribute('aria-live', 'polite'));
  host.addEventListener('blur', () => readOut.setAttribute('aria-live', 'off'));
  stages.addEventListener('change', () => {
    stageChosen = true;
    draw();
  });
  for (const choice of [terms, log]) choice.addEventListener('change', draw);

  function draw(): void {
    const drawn = choose();
    const known = runs.filter(({ lines }) => lines.length > 0);
    element('training-losses', HTMLElement).hidden = runs.length === 0;
    element('training-drawn', HTMLElement).hidden = drawn === undefined;
    const without = runs.filter(({ lines }) => lines.length === 0).map(({ run }) => runName(run));
    setText(
      element('training-waiting', HTMLElement),
      without.length === 0 ? '' : `No losses yet of ${without.join('; ')}.`,
    );
    setText(element('training-warning', HTMLElement), describeWarnings(runs));
    if (drawn === undefined) return;
    const landmarks = landmarksOf(known, drawn);
    const data = curveData(known, drawn);
    const few = data.slice(1).map((line) => line.filter((value) => typeof value === 'number').length < FEW_POINTS);
    const wanted = configOf(
      [
        ...known.map(({ run, look }, i) => ({ name: runName(run), look, points: few[i] ?? false, joins: false })),
        ...landmarks.map(({ name, value }) => ({ name: `${name}: ${rounded(value)}`, look: 'limit' as const })),
      ],
      drawn.log,
    );
    if (JSON.stringify(wanted) !== JSON.stringify(config)) {
      config = wanted;
      chart.reconfigure(config);
      legend.replaceChildren(...known.map(legendEntry), ...landmarks.map(landmarkEntry));
    }
    chart.update(data, describeCurves(known, drawn));
  }

  /** What is drawn, of what there is; nothing while there is nothing. */
  function choose(): Drawn | undefined {
    const present = runs.map(({ lines }) => lines.at(-1)?.stage).find((stage) => stage !== undefined);
    const stage = offer(stages, stagesOf(runs), stageChosen ? undefined : present);
    const term = stage === undefined ? undefined : offer(terms, lossesOf(stage));
    return stage === undefined || term === undefined ? undefined : { stage, term, log: log.checked };
  }

  function lossesOf(stage: string): string[] {
    return termsOf(runs, stage).filter((term) => !isLandmark(term));
  }

  return {
    show(shown) {
      runs = shown;
      draw();
    },
    exportable: {
      ...chart.exportable('training-losses'),
      source: () => sourceOf(runs.filter(({ lines }) => lines.length > 0)),
      table: () => curveTable(runs),
      nothing: 'There is no loss to save yet: wait until a run that is compared has trained for some seconds.',
    },
  };
}

function configOf(series: ChartConfig['series'], log: boolean): ChartConfig {
  const xLabel = 'seconds trained in this stage';
  return { height: 240, xLabel, series, fromZero: false, log, format: rounded, onRead: showReadout };
}

/** Says beside each run of the legend what the cursor reads off its line. */
function showReadout(readout: Readout | undefined): void {
  const at = readout === undefined ? '' : `After ${Number(readout.x.toFixed(1))} s`;
  setText(element('training-read-at', HTMLElement), at);
  element('training-legend', HTMLElement)
    .querySelectorAll('.training-value')
    .forEach((output, i) => {
      const value = readout?.values[i];
      setText(output, readout === undefined ? '' : value === null || value === undefined ? '–' : rounded(value));
    });
}

/** Offers the values, and chooses the one that is wanted, or else leaves the choice as it was, where that is there. */
function offer(choice: HTMLSelectElement, values: readonly string[], wanted = choice.value): string | undefined {
  const offered = [...choice.options].map(({ value }) => value);
  if (offered.join('\n') !== values.join('\n')) choice.replaceChildren(...values.map((value) => new Option(value)));
  choice.disabled = values.length === 0;
  const chosen = values.includes(wanted) ? wanted : values[0];
  if (chosen !== undefined) choice.value = chosen;
  return chosen;
}

function legendEntry({ run, look }: ShownRun): HTMLLIElement {
  const item = document.createElement('li');
  const value = document.createElement('span');
  value.className = 'training-value';
  item.append(stroke(look), runName(run), ' ', value);
  return item;
}

function landmarkEntry({ name, value }: Landmark): HTMLLIElement {
  const item = document.createElement('li');
  item.append(stroke('limit'), `${name}: ${rounded(value)}`);
  return item;
}

/** A piece of the line, as it looks in the chart. */
function stroke(look: RunLook | 'limit'): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 30 4');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(space, 'path');
  line.setAttribute('d', 'M0 2H30');
  line.setAttribute('class', `stroke-${look}`);
  line.setAttribute('stroke-dasharray', (LOOK_DASHES[look] ?? []).join(' '));
  svg.append(line);
  return svg;
}

/** One run by its world and seed, several by their worlds and how many they are. */
function sourceOf(runs: readonly ShownRun[]): Source | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const words = runs.map(({ run }) => runName(run)).join('; ');
  const worlds = [...new Set(runs.map(({ run }) => plain(run.world) || 'world'))].join('-');
  const name = runs.length === 1 ? `${worlds}-seed-${first.run.seed}` : `${worlds}-${runs.length}-runs`;
  return { name, words: `trained in ${words}` };
}
