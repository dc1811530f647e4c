/**
 * Training on the page: begins, stops and resumes runs of the server, lists them, and draws the losses of those that are
 * compared as they come. The server is asked only while the section is open and the page is seen: often while a run is at
 * work, and now and then while none is, since another page may begin one. A server that does not train says so, and
 * nothing else is shown.
 */
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';
import { element, setText } from '../element.ts';
import type { Exportable } from '../export/exportButtons.ts';
import type { Store } from '../store.ts';
import { Poll } from './poll.ts';
import { ShownRuns } from './shownRuns.ts';
import { TrainingCurves } from './trainingCurves.ts';
import { trainingForm } from './trainingForm.ts';
import { trainingPlot } from './trainingPlot.ts';
import { NoTraining, type TrainingRuns, TrainingTrouble } from './trainingRuns.ts';
import { TrainingTable } from './trainingTable.ts';
import { minutesOf, newsOf, runName } from './trainingWords.ts';

const LIST_EVERY_MS = 2000;
/** For the list, while no run is at work. */
const IDLE_EVERY_MS = 15_000;
const CURVES_EVERY_MS = 1000;

/** Connects the section; returns what its chart gives away. */
export function trainingPanel(store: Store, runs: TrainingRuns): Exportable {
  const body = element('training-body', HTMLElement);
  const curves = new TrainingCurves(runs);
  const shown = new ShownRuns();
  const plot = trainingPlot();
  const pending = new Set<string>();
  /** Runs that have begun here and that no list has had yet. */
  const begun = new Set<string>();
  /** Runs that were at rest when their losses were last asked for, so that no more can come. */
  const complete = new Set<string>();
  const troubles: { list?: string | undefined; curves?: string | undefined } = {};
  let listed: readonly TrainingSummary[] | undefined;

  const list = new Poll({ ask: askList, everyMs: LIST_EVERY_MS, onTrouble: (line) => complain({ list: line }) });
  const losses = new Poll({
    ask: askLosses,
    everyMs: CURVES_EVERY_MS,
    onTrouble: (line) => complain({ curves: line }),
  });
  const table = new TrainingTable(element('training-rows', HTMLElement), {
    compare(id, wanted) {
      if (wanted) shown.add(id);
      else shown.remove(id);
      show();
      losses.wake();
    },
    stop: (run) =>
      void act(run, async () => {
        await runs.stop(run.id);
        return `${runName(run)}: it was asked to stop, and saves its state first.`;
      }),
    resume: (run) =>
      void act(run, async () => {
        await runs.resume(run.id);
        return `${runName(run)}: it goes on where its state was saved.`;
      }),
    say,
  });
  trainingForm(store, {
    async train(request) {
      await trying(async () => {
        const id = await runs.start(request);
        begun.add(id);
        shown.add(id);
        return `A training of ${minutesOf(request)} in ${request.world} has begun.`;
      });
      list.now();
    },
    refuse,
  });
  openedBy(element('training-open', HTMLButtonElement), body, attend);
  document.addEventListener('visibilitychange', attend);
  return plot.exportable;

  /** Asks while somebody looks; what had ended before may have gone on meanwhile. */
  function attend(): void {
    const seen = !body.hidden && !document.hidden;
    if (!seen) complete.clear();
    for (const poll of [list, losses]) {
      if (seen) poll.start();
      else poll.stop();
    }
  }

  async function askList(): Promise<number | undefined> {
    try {
      const before = listed;
      listed = await runs.list();
      if (before === undefined && listed[0] !== undefined) shown.add(listed[0].id);
      for (const run of listed)
        tellNews(
          before?.find(({ id }) => id === run.id),
          run,
        );
    } catch (error) {
      if (!(error instanceof NoTraining)) throw error;
      lack(error.message);
      return undefined;
    }
    for (const { id } of listed) begun.delete(id);
    shown.keep(new Set([...begun, ...listed.map(({ id }) => id)]));
    element('training-absent', HTMLElement).hidden = true;
    show();
    losses.wake();
    return listed.some(({ status }) => status === 'running') ? LIST_EVERY_MS : IDLE_EVERY_MS;
  }

  /** Of each run that is shown, what is not known yet; when to ask again, if more will come. */
  async function askLosses(): Promise<number | undefined> {
    let trouble: unknown;
    for (const { id, status } of shownRuns()) {
      if (complete.has(id)) continue;
      try {
        await curves.catchUp(id, show);
        if (status !== 'running') complete.add(id);
      } catch (error) {
        trouble = error;
      }
    }
    if (trouble !== undefined) throw trouble;
    return shownRuns().some(({ id }) => !complete.has(id)) ? CURVES_EVERY_MS : undefined;
  }

  function shownRuns(): TrainingSummary[] {
    return shown.ids.flatMap((id) => listed?.filter((run) => run.id === id) ?? []);
  }

  function show(): void {
    if (listed === undefined) return;
    element('training-there', HTMLElement).hidden = false;
    element('training-none', HTMLElement).hidden = listed.length > 0;
    element('training-runs', HTMLElement).hidden = listed.length === 0;
    element('training-full', HTMLElement).hidden = shown.room || listed.length <= shown.ids.length;
    table.show(listed, shown, pending);
    plot.show(
      shownRuns().flatMap((run) => {
        const look = shown.look(run.id);
        return look === undefined ? [] : [{ run, look, lines: curves.lines(run.id) }];
      }),
    );
  }

  /** The server does not train. */
  function lack(message: string): void {
    listed = undefined;
    element('training-there', HTMLElement).hidden = true;
    const absent = element('training-absent', HTMLElement);
    setText(absent, message);
    absent.hidden = false;
  }

  function tellNews(before: TrainingSummary | undefined, now: TrainingSummary): void {
    if (now.status === 'running') complete.delete(now.id);
    const news = before && newsOf(before, now);
    if (news !== undefined) say(news);
  }

  /** Asks a run for something, once at a time. */
  async function act({ id }: TrainingSummary, work: () => Promise<string>): Promise<void> {
    pending.add(id);
    show();
    await trying(work);
    pending.delete(id);
    show();
    list.now();
  }

  /** Says what was done, or why it was not. */
  async function trying(work: () => Promise<string>): Promise<void> {
    element('training-trouble', HTMLElement).hidden = true;
    try {
      say(await work());
    } catch (error) {
      if (!(error instanceof TrainingTrouble)) throw error;
      refuse(error.message);
    }
  }

  function complain(trouble: typeof troubles): void {
    Object.assign(troubles, trouble);
    setText(element('training-asked', HTMLElement), troubles.list ?? troubles.curves ?? '');
  }
}

/** Opens and closes the section. */
function openedBy(button: HTMLButtonElement, body: HTMLElement, changed: () => void): void {
  button.addEventListener('click', () => {
    body.hidden = !body.hidden;
    button.setAttribute('aria-expanded', String(!body.hidden));
    setText(button, body.hidden ? 'Show training' : 'Hide training');
    changed();
  });
}

function say(text: string): void {
  setText(element('training-said', HTMLElement), text);
}

function refuse(message: string): void {
  const trouble = element('training-trouble', HTMLElement);
  setText(trouble, message);
  trouble.hidden = false;
}
