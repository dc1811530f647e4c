/**
 * A training of the page with the real process: stopped, killed, and each time taken up again, to its end; and one whose
 * server is killed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { readMetrics } from '../../server/training/metricsLog.ts';
import { claimHolder } from '../../server/training/runClaim.ts';
import { TrainingRuns } from '../../server/training/runs/trainingRuns.ts';
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';

const PATIENCE = { timeout: 900_000, interval: 200 };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trainings-'));
});

afterEach(() => rm(directory, { recursive: true }));

test('a training that was stopped and killed goes on to its end, and its losses have no gap', async () => {
  const runs = new TrainingRuns({
    directory,
    worlds: new Map([['two-room', 'two-room']]),
    engine: 'cpu',
    today: () => new Date(),
  });
  const seen = async (): Promise<TrainingSummary | undefined> => (await runs.list())[0];
  const until = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await seen()).toMatchObject(expected), PATIENCE);
  const id = await runs.begin({ world: 'two-room', minutes: 1, seed: 3 });
  const run = join(directory, id);
  await until({ at: { stage: 'latent' } });
  await vi.waitFor(async () => expect((await runs.metrics(id, 0)).lines.length).toBeGreaterThan(2), PATIENCE);
  await runs.stop(id);
  await until({ status: 'stopped' });
  await runs.resume(id);
  await until({ at: { stage: 'student' } });
  process.kill((await claimHolder(run)) ?? 0, 'SIGKILL');
  await until({ status: 'failed', message: expect.stringContaining('SIGKILL') });
  await runs.resume(id);
  await until({ status: 'finished', command: expect.stringContaining(run) });
  const lines = await readMetrics(run);
  const stages = [...new Set(lines.map(({ stage }) => stage))];
  expect(stages).toEqual(expect.arrayContaining(['latent', 'dynamics', 'distance', 'base', 'student']));
  for (const stage of stages) {
    const steps = lines.filter((line) => line.stage === stage).map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  }
  const { card, renderer } = await readAgentFiles(run);
  expect(renderer).toBeDefined();
  expect(card.rendererSeed).toBe(3);
  await runs.close();
}, 2_000_000);

test('a training whose server is killed saves its state and ends', async () => {
  const script = `
    import { TrainingRuns } from ${JSON.stringify(new URL('../../server/training/runs/trainingRuns.ts', import.meta.url).href)};
    const runs = new TrainingRuns({ directory: ${JSON.stringify(directory)}, worlds: new Map([['two-room', 'two-room']]),
      engine: 'cpu', today: () => new Date() });
    console.log(await runs.begin({ world: 'two-room', minutes: 60, seed: 3 }));
    setInterval(() => {}, 1000);
  `;
  const server = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [id] = await once(server.stdout, 'data');
  const run = join(directory, String(id).trim());
  await vi.waitFor(async () => expect((await readMetrics(run)).length).toBeGreaterThan(2), PATIENCE);
  expect(await claimHolder(run)).toBeDefined();
  server.kill('SIGKILL');
  await vi.waitFor(async () => expect(await claimHolder(run)).toBeUndefined(), PATIENCE);
  const runs = new TrainingRuns({ directory, worlds: new Map(), engine: 'cpu', today: () => new Date() });
  expect(await runs.list()).toMatchObject([{ status: 'stopped' }]);
}, 900_000);
