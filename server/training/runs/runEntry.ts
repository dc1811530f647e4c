/**
 * The process that trains for the page. It steps back behind whatever else the machine does, so that live sessions keep
 * their pace; asked to stop, or left by its server, it saves its state and ends.
 */
import { performance } from 'node:perf_hooks';
import { ReverieError } from '../../../shared/errors.ts';
import { stepBack } from '../../../shared/stepBack.ts';
import { hasRun } from '../runRecord.ts';
import { runTraining } from '../runTraining.ts';
import { type FromRun, runJobSchema, STOP } from './runMessages.ts';

/** Far behind, agents that play included, but not starved. */
const NICENESS = 10;

const MS_BETWEEN_REPORTS = 250;

const stop = new AbortController();
process.on('message', (message) => {
  if (message === STOP) stop.abort();
});
process.on('disconnect', () => stop.abort());
// A terminal's Ctrl+C reaches this process too; its server says what to do.
process.on('SIGINT', () => {});

try {
  stepBack(NICENESS);
  const { directory, minutes, seed, ...job } = runJobSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const resume = hasRun(directory);
  const request = resume ? {} : { minutes, seed }; // a run goes on with its own
  let reported = { stage: '', at: Number.NEGATIVE_INFINITY };
  await runTraining(
    { ...job, ...request, out: directory, stage: 'all', resume },
    {
      clock: { now: () => performance.now() },
      interrupted: stop.signal,
      onProgress: (stage, progress) => {
        const now = performance.now();
        if (reported.stage === stage && now - reported.at < MS_BETWEEN_REPORTS) return;
        reported = { stage, at: now };
        say({ kind: 'progress', stage, progress });
      },
    },
  );
  say({ kind: 'finished' });
} catch (error) {
  say({ kind: 'failed', message: sentenceOf(error) });
}
if (process.connected) process.disconnect();

function say(message: FromRun): void {
  if (process.connected) process.send?.(message, () => {});
}

function sentenceOf(error: unknown): string {
  if (error instanceof ReverieError) return error.message;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 'The training met a defect, which the server has printed.';
}
