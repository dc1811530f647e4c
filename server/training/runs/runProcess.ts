/**
 * A training in a process of its own: started, heard, asked to stop and, should it not listen, ended. ONNX Runtime and
 * the worlds keep the thread they run on, and a training that dies must not take the server with it.
 */
import type { ChildProcess } from 'node:child_process';
import { startProcess } from '../../../shared/startProcess.ts';
import { OWN_SESSION } from '../../../shared/stepBack.ts';
import { type FromRun, fromRunSchema, type RunJob, STOP } from './runMessages.ts';

/** How a training ended. */
export type RunEnding =
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly message: string }
  /** It ended without a word. */
  | { readonly kind: 'gone'; readonly how: string };

export interface RunProcess {
  readonly ended: Promise<RunEnding>;
  /** Asks it to save its state and end. */
  stop(): void;
}

/** How long a training has to save its state. */
const GRACE_MS = 20_000;

/** Starts a training; `onProgress` is told the stage and which fraction of it is done. `entry` is the module that trains. */
export function startRunProcess(
  job: RunJob,
  onProgress: (at: { readonly stage: string; readonly progress: number }) => void,
  entry = new URL('./runEntry.ts', import.meta.url),
): RunProcess {
  const child = start(job, entry);
  let stage: string | undefined;
  let last: Exclude<FromRun, { kind: 'progress' }> | undefined;
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (raw) => {
    const { data: message } = fromRunSchema.safeParse(raw);
    if (message?.kind === 'progress') {
      stage = message.stage;
      onProgress({ stage, progress: message.progress });
    } else if (message !== undefined) last = message;
  });
  const ended = new Promise<RunEnding>((resolve) => {
    child.once('error', ({ message }) => resolve({ kind: 'failed', message: `It could not be started: ${message}.` }));
    child.once('close', (status, signal) => {
      clearTimeout(timer);
      resolve(last ?? { kind: 'gone', how: signal ?? `exit status ${status}` });
    });
  });
  return {
    ended,
    stop() {
      // Before anything is learned there is nothing to save, and playing episodes leaves no time to listen.
      if (stage === undefined || stage === 'collect') child.kill();
      else if (child.connected) child.send(STOP, () => {});
      timer ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    },
  };
}

function start(job: RunJob, entry: URL): ChildProcess {
  return startProcess(entry, [JSON.stringify(job)], { ...OWN_SESSION, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}
