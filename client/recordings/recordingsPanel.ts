/**
 * Recordings on the page: the switch that keeps the session's tasks, the list of the server's recordings, a file of the
 * person's own, chosen or dropped anywhere, and the line that says that what is shown is a recording. The list is asked
 * for when it is opened, and again when recording stops.
 */
import type { RecordingSummary } from '../../shared/protocol/recordings.ts';
import type { Ask } from '../controls.ts';
import { element, setText } from '../element.ts';
import type { PageState } from '../pageState.ts';
import type { Store } from '../store.ts';
import { type RecordingFiles, RecordingTrouble } from './recordingFiles.ts';
import { replayControls } from './replayControls.ts';
import { dreamLine, dreamWaiting } from './replayDream.ts';

/** Connects the panel and the line above the stage. */
export function recordingsPanel(store: Store, ask: Ask, files: RecordingFiles): void {
  const list = element('recordings-list', HTMLButtonElement);
  const body = element('recordings-body', HTMLElement);
  const refresh = (): Promise<void> => trying(async () => showList(await files.list(), files));
  recordButton(store, ask, () => {
    if (!body.hidden) void refresh();
  });
  replayLine(store, ask, files);
  list.addEventListener('click', () => {
    body.hidden = !body.hidden;
    list.setAttribute('aria-expanded', String(!body.hidden));
    setText(list, body.hidden ? 'Show recordings' : 'Hide recordings');
    if (!body.hidden) void refresh();
  });
  fileInputs((file) => void trying(async () => files.show(await files.give(file))));
}

/** What the switch does, or why it does nothing. */
export function recordLine({ recording, episode }: Pick<PageState, 'recording' | 'episode'>): string {
  if (episode?.recording !== undefined) return 'This is a recording already; leave it to record.';
  if (recording === undefined) return 'This server keeps no recordings of the session.';
  if (recording.always) return 'The server records every task.';
  return recording.on
    ? 'Recording: this task from its start, and those after it, each in a file of its own.'
    : 'Keeps this task from its start, and those after it until you stop.';
}

function recordButton(store: Store, ask: Ask, stopped: () => void): void {
  const button = element('record', HTMLButtonElement);
  button.addEventListener('click', () => ask({ type: 'record', on: store.state.recording?.on !== true }));
  store
    .select(({ link, recording, episode }) => {
      const able = link.status === 'open' && recording?.always === false;
      return able && episode !== undefined && episode.recording === undefined;
    })
    .subscribe((able) => {
      button.disabled = !able;
    });
  let before = false;
  store
    .select((state) => state.recording?.on === true)
    .subscribe((on) => {
      button.dataset.on = String(on);
      setText(element('record-label', HTMLElement), on ? 'Stop recording' : 'Record');
      if (before && !on) stopped();
      before = on;
    });
  store.select(recordLine).subscribe((text) => setText(element('record-said', HTMLElement), text));
}

function replayLine(store: Store, ask: Ask, files: RecordingFiles): void {
  const leave = element('replay-live', HTMLButtonElement);
  leave.addEventListener('click', () => files.show(undefined));
  const replayed = new URLSearchParams(location.search).has('recording');
  element('replay', HTMLElement).hidden = !replayed;
  document.body.dataset.replay = String(replayed);
  if (!replayed) return;
  showDream(store);
  setText(element('next-label', HTMLElement), 'From the start');
  setText(element('next-key', HTMLElement), 'from the start');
  replayControls(store, ask);
  for (const id of ['drive', 'drive-dream', 'goal'])
    element(id, HTMLButtonElement).setAttribute('aria-describedby', 'replay-off');
  store
    .select((state) => state.leftEnded)
    .subscribe((ended) => {
      setText(element('replay-left', HTMLElement), ended ? 'The session that you left has ended.' : '');
      setText(leave, ended ? 'Leave for a new session' : 'Leave the recording');
    });
  store
    .select((state) => state.episode?.recording)
    .subscribe((recording) => {
      const text =
        recording === undefined
          ? 'A recording.'
          : `A recording of ${moment(recording.createdAt)}, ${acted(recording.actor)}.`;
      setText(element('replay-said', HTMLElement), text);
    });
}

/** The dream beside a replay, and of the measurements those that are of it: nothing was planned. */
function showDream(store: Store): void {
  setText(element('film-title', HTMLElement), 'The dream as a film');
  element('tab-reading', HTMLButtonElement).hidden = true;
  setText(element('difference-waiting', HTMLElement), 'Nothing to compare with');
  store.select(dreamWaiting).subscribe((text) => setText(element('dream-waiting', HTMLElement), text));
  store.select(dreamLine).subscribe((text) => setText(element('replay-dream', HTMLElement), text));
  store
    .select((state) => state.replayDream?.state)
    .subscribe((state = 'loading') => {
      document.body.dataset.dream = state;
    });
}

function fileInputs(open: (file: File) => void): void {
  const input = element('recording-file', HTMLInputElement);
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file !== undefined) open(file);
    input.value = '';
  });
  document.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (file === undefined) return;
    event.preventDefault();
    open(file);
  });
}

/** Shows what went wrong in it, until the next try. */
async function trying(work: () => Promise<void>): Promise<void> {
  const trouble = element('recording-trouble', HTMLElement);
  trouble.hidden = true;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RecordingTrouble)) throw error;
    setText(trouble, error.message);
    trouble.hidden = false;
  }
}

function showList(recordings: readonly RecordingSummary[], files: RecordingFiles): void {
  element('recordings-none', HTMLElement).hidden = recordings.length > 0;
  element('recordings-table', HTMLTableElement).hidden = recordings.length === 0;
  element('recordings-rows', HTMLElement).replaceChildren(...recordings.map((recording) => rowOf(recording, files)));
}

function rowOf(recording: RecordingSummary, files: RecordingFiles): HTMLTableRowElement {
  const { id, world, steps, seconds, createdAt, bytes, actor } = recording;
  const when = moment(createdAt);
  const row = document.createElement('tr');
  const cells = [world, `${steps} steps, ${seconds.toFixed(1)} s`, actor, when, `${(bytes / 1000).toFixed(1)} kB`];
  for (const text of cells) row.insertCell().textContent = text;
  const open = document.createElement('button');
  open.type = 'button';
  open.textContent = 'Replay';
  open.setAttribute('aria-label', `Replay ${world} of ${when}`);
  open.addEventListener('click', () => files.show(id));
  const save = document.createElement('a');
  save.textContent = 'Download';
  save.setAttribute('aria-label', `Download ${world} of ${when}`);
  save.href = files.download(id);
  save.download = '';
  row.insertCell().append(open, ' ', save);
  return row;
}

/** In the person's own words for a time. */
function moment(createdAt: string): string {
  return new Date(createdAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

function acted(actor: string): string {
  return actor === 'human' ? 'in which a person acted' : `in which the ${actor} acted`;
}
