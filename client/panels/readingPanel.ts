/**
 * What the agent knows: each named quantity of the state as a linear readout takes it from the latents, beside the
 * truth. The agent's process learns the readout when the panel is first opened, and the panel says how far it is; from
 * then on every plan is read. A table holds the latest plan, a chart the course of one quantity through the session.
 */
import { combineLatest, distinctUntilChanged, fromEvent, map, startWith } from 'rxjs';
import type { ReadQuantityMessage } from '../../shared/protocol/scenes.ts';
import type { Ask } from '../controls.ts';
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import type { PageState } from '../pageState.ts';
import {
  type PlanReading,
  type ReadingRow,
  readingCourse,
  readingRows,
  readingTable,
  wordsOf,
} from '../session/readings.ts';
import type { Store } from '../store.ts';
import { Chart } from './chart.ts';
import { type PanelTabs, whileOpen } from './panelTabs.ts';

const NOTHING: readonly ReadQuantityMessage[] = [];

/** Asks for the lessons when the panel is opened, and keeps it up to date while it is; returns what it gives away. */
export function readingPanel(store: Store, tabs: PanelTabs, ask: Ask): Exportable {
  askWhenOpened(store, tabs, ask);
  showLesson(store);
  const chart = new Chart(element('reading-chart', HTMLElement), {
    height: 220,
    xLabel: 'step of the session',
    series: [
      { name: 'read', look: 'accent', points: true, joins: false },
      { name: 'true', look: 'quiet', points: true, joins: false },
      { name: 'foreseen', look: 'rings' },
    ],
    fromZero: false,
    format: rounded,
  });
  const choice = element('reading-quantity', HTMLSelectElement);
  const quantities = store.select((state) => state.lesson?.quantities ?? NOTHING);
  quantities.subscribe((all) => offer(choice, all));
  const readings = store.select((state) => state.record.readings);
  const chosen = fromEvent(choice, 'change').pipe(startWith(undefined));
  whileOpen(tabs, 'reading', combineLatest([quantities, readings, chosen])).subscribe(([all, read]) => {
    const index = Math.max(0, choice.selectedIndex);
    fillTable(readingRows(all, read));
    const points = readingCourse(read, index);
    chart.update(
      [
        points.map(({ step }) => step),
        points.map(({ seen }) => seen),
        points.map(({ truth }) => truth),
        points.map(({ foreseen }) => foreseen),
      ],
      describeCourse(all[index], read, index),
    );
  });
  return {
    ...chart.exportable('reading'),
    table: () => readingTable(store.state.lesson?.quantities ?? NOTHING, store.state.record.readings),
  };
}

/** Once asked for, plans are read for the rest of the session; a new session is asked when the panel is open. */
function askWhenOpened(store: Store, tabs: PanelTabs, ask: Ask): void {
  const session = store.select(({ link, settings, session }) =>
    link.status === 'open' && settings !== undefined ? session : undefined,
  );
  combineLatest([tabs.open.pipe(map((tab) => tab === 'reading')), session])
    .pipe(distinctUntilChanged(([a, b], [c, d]) => a === c && b === d))
    .subscribe(([open, connected]) => {
      if (open && connected !== undefined && store.state.settings?.reading !== true)
        ask({ type: 'configure', settings: { reading: true } });
    });
}

/** Lets one of the quantities be chosen; the same again leave the choice as it was. */
function offer(choice: HTMLSelectElement, quantities: readonly ReadQuantityMessage[]): void {
  const chosen = choice.value;
  const options = quantities.map(({ name, unit }) => new Option(`${wordsOf(name)}, ${unit}`, name));
  choice.replaceChildren(...options);
  choice.disabled = options.length === 0;
  if (options.some(({ value }) => value === chosen)) choice.value = chosen;
}

function showLesson(store: Store): void {
  const progress = element('reading-progress', HTMLProgressElement);
  store.select(lessonLine).subscribe((text) => setText(element('reading-state', HTMLElement), text));
  store.select(readingLine).subscribe((text) => setText(element('reading-at', HTMLElement), text));
  store
    .select((state) => state.lesson)
    .subscribe((lesson) => {
      const learned = lesson?.quantities !== undefined;
      progress.hidden = learned;
      progress.max = Math.max(1, lesson?.total ?? 1);
      progress.value = lesson?.done ?? 0;
      element('reading-results', HTMLElement).hidden = !learned;
    });
}

/** How the learning stands, in words. */
export function lessonLine({ lesson, record, notice }: PageState): string {
  if (notice?.code === 'reading') return 'It could not learn to read the state.';
  if (lesson === undefined) return 'Learning to read the state: waiting for the agent.';
  if (lesson.quantities === undefined)
    return `Learning to read the state from scripted episodes: ${lesson.done} of ${lesson.total}.`;
  return record.readings.length === 0
    ? 'It has learned to read the state. The next plan will be read.'
    : 'It reads the state of every plan.';
}

/** Of which plan the table is, which is another every second and not read out. */
export function readingLine({ lesson, record, notice }: PageState): string {
  const latest = record.readings.at(-1);
  const read = latest !== undefined && lesson?.quantities !== undefined && notice?.code !== 'reading';
  return read ? `As the latest was made, at step ${latest.step} of the session:` : '';
}

function fillTable(rows: readonly ReadingRow[]): void {
  const body = element('reading-rows', HTMLTableSectionElement);
  body.replaceChildren(
    ...rows.map(({ name, unit, truth, seen, foreseen, r2 }) => {
      const row = document.createElement('tr');
      const head = document.createElement('th');
      head.scope = 'row';
      const unitOf = document.createElement('small');
      unitOf.textContent = unit;
      head.append(`${name} `, unitOf);
      row.append(head, ...[truth, seen, foreseen].map((value) => cell(value, rounded)), cell(r2, share));
      return row;
    }),
  );
}

function cell(value: number | undefined, write: (value: number) => string): HTMLTableCellElement {
  const made = document.createElement('td');
  made.textContent = value === undefined ? '–' : write(value);
  return made;
}

function describeCourse(
  quantity: ReadQuantityMessage | undefined,
  readings: readonly PlanReading[],
  index: number,
): string {
  const latest = readings.at(-1);
  if (quantity === undefined || latest === undefined) return 'No plan has been read yet.';
  const [seen, truth] = [latest.seen[index] ?? 0, latest.truth[index] ?? 0];
  const plans = readings.length === 1 ? '1 plan' : `${readings.length} plans`;
  const values = `read as ${rounded(seen)} and truly ${rounded(truth)} ${quantity.unit}`;
  return `${wordsOf(quantity.name)} over ${plans}; at the latest, ${values}.`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Rounded down, so that only a perfect readout is called one. */
function share(value: number): string {
  return (Math.floor(value * 100) / 100).toFixed(2);
}
