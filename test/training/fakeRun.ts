/**
 * A process that trains nothing, in place of `runEntry.ts`: its world's name says how it behaves. It takes as long as it
 * is left to, and says and does on its way what the real one would.
 */
import { appendFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FromRun, runJobSchema, STOP } from '../../server/training/runs/runMessages.ts';

const { world, directory } = runJobSchema.parse(JSON.parse(process.argv[2] ?? ''));
const say = (message: FromRun): void => void process.send?.(message);
const end = (): void => process.disconnect();

await mkdir(directory, { recursive: true });
process.on('message', (message) => {
  if (message !== STOP || world === 'deaf') return;
  appendFileSync(join(directory, 'heard'), 'stop');
  say({ kind: 'failed', message: 'it was interrupted' });
  end();
});

if (world !== 'collecting') {
  const line = { stage: 'latent', step: 1, seconds: 1, terms: { loss: 0.5 } };
  appendFileSync(join(directory, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
  say({ kind: 'progress', stage: 'latent', progress: 0.25 });
} else say({ kind: 'progress', stage: 'collect', progress: 0.5 });
if (world === 'short') {
  say({ kind: 'finished' });
  end();
}
if (world === 'sick') {
  say({ kind: 'failed', message: 'the loss is not finite' });
  end();
}
if (world === 'mortal') process.kill(process.pid, 'SIGKILL');
