/**
 * The runs of the server as a table: a row a run, which stays the same element for as long as the run is listed, so that
 * what has the focus keeps it while progress comes in.
 */
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';
import { setText } from '../element.ts';
import type { ShownRuns } from './shownRuns.ts';
import { beganAt, runName, statusWords } from './trainingWords.ts';

export interface TrainingTableActs {
  readonly compare: (id: string, wanted: boolean) => void;
  readonly stop: (run: TrainingSummary) => void;
  readonly resume: (run: TrainingSummary) => void;
  /** Says what came of copying a command. */
  readonly say: (text: string) => void;
}

/** A row and how it is brought up to date. */
interface Row {
  readonly element: HTMLTableRowElement;
  readonly update: (run: TrainingSummary, shown: ShownRuns, pending: boolean) => void;
}

export class TrainingTable {
  private readonly body: HTMLElement;
  private readonly acts: TrainingTableActs;
  private readonly rows = new Map<string, Row>();

  constructor(body: HTMLElement, acts: TrainingTableActs) {
    this.body = body;
    this.acts = acts;
  }

  /** Shows the runs, in this order; `pending` are those that are being asked for something. */
  show(runs: readonly TrainingSummary[], shown: ShownRuns, pending: ReadonlySet<string>): void {
    const listed = new Set(runs.map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (listed.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    runs.forEach((run, i) => {
      const row = this.rows.get(run.id) ?? rowOf(run, this.acts);
      this.rows.set(run.id, row);
      const there = this.body.children[i];
      if (there !== row.element) this.body.insertBefore(row.element, there ?? null);
      row.update(run, shown, pending.has(run.id));
    });
  }
}

function rowOf(first: TrainingSummary, acts: TrainingTableActs): Row {
  let run = first;
  const name = runName(first);
  const row = document.createElement('tr');
  const compare = made('input');
  compare.type = 'checkbox';
  compare.setAttribute('aria-label', `Compare ${name}`);
  compare.addEventListener('change', () => acts.compare(run.id, compare.checked));
  const label = made('label');
  label.append(made('span', 'Compare'), compare);
  const world = made('th', first.world);
  world.scope = 'row';
  const status = made('span');
  status.className = 'training-status';
  const progress = made('progress');
  const message = made('p');
  message.className = 'training-trouble';
  const command = commandOf(name, acts);
  const act = made('button');
  act.type = 'button';
  act.addEventListener('click', () => {
    if (act.ariaDisabled === 'true') return;
    if (run.status === 'running') acts.stop(run);
    else acts.resume(run);
  });
  row.append(
    cell('', label),
    world,
    cell('Minutes', String(first.minutes)),
    cell('Seed', String(first.seed)),
    cell('When', beganAt(first.startedAt)),
    cell('Status', status, progress, message, command.element),
    cell('', act),
  );
  return {
    element: row,
    update(now, shown, pending) {
      run = now;
      compare.checked = shown.look(run.id) !== undefined;
      compare.disabled = !compare.checked && !shown.room;
      status.dataset.status = run.status;
      setText(status, statusWords(run));
      progress.hidden = run.status !== 'running';
      progress.setAttribute('aria-label', `${run.at?.stage ?? 'beginning'}, of ${name}`);
      if (run.at === undefined) progress.removeAttribute('value');
      else progress.value = run.at.progress;
      message.hidden = run.message === undefined;
      setText(message, run.message ?? '');
      command.show(run.command);
      act.hidden = run.status === 'finished';
      act.ariaDisabled = String(pending || run.stopping);
      const does = run.status === 'running' ? 'Stop' : 'Resume';
      setText(act, does);
      act.setAttribute('aria-label', `${does} ${name}`);
    },
  };
}

/** The command that shows an agent, to be read and copied. */
function commandOf(
  name: string,
  { say }: TrainingTableActs,
): { readonly element: HTMLElement; readonly show: (command: string | undefined) => void } {
  const line = made('p');
  line.className = 'training-command';
  const code = made('code');
  const copy = made('button', 'Copy');
  copy.type = 'button';
  copy.setAttribute('aria-label', `Copy the command that shows ${name}`);
  copy.addEventListener('click', () => {
    const text = code.textContent ?? '';
    const byHand = (): void => {
      getSelection()?.selectAllChildren(code);
      say('This browser lets no page copy: the command is selected, copy it by hand.');
    };
    const copying = navigator.clipboard?.writeText(text);
    if (copying === undefined) byHand();
    else copying.then(() => say(`Copied: ${text}`), byHand);
  });
  line.append(made('span', 'Show its agent by'), ' ', code, ' ', copy);
  return {
    element: line,
    show(command) {
      line.hidden = command === undefined;
      setText(code, command ?? '');
    },
  };
}

function made<K extends keyof HTMLElementTagNameMap>(kind: K, text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

/** `label` names it where the table has no room for columns. */
function cell(label: string, ...content: (string | Node)[]): HTMLTableCellElement {
  const made = document.createElement('td');
  made.dataset.label = label;
  made.append(...content);
  return made;
}
