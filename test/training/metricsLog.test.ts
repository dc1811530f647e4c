/** The log of a run's losses survives kills, and a resumed run leaves no step twice. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MetricsLog, readMetrics } from '../../server/training/metricsLog.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reverie-metrics-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const line = (step: number, stage = 'latent') => ({
  stage,
  step,
  seconds: step,
  terms: { prediction: 1 / (step + 1) },
});

async function steps(): Promise<string[]> {
  return (await readMetrics(directory)).map(({ stage, step }) => `${stage} ${step}`);
}

describe('the log of losses', () => {
  test('is empty before anything is trained', async () => {
    expect(await readMetrics(directory)).toEqual([]);
  });

  test('gives back what was added, at most a line a second', async () => {
    const log = new MetricsLog(directory);
    for (const added of [line(1), { ...line(2), seconds: 1.5 }, line(3)]) log.add(added);
    expect(await readMetrics(directory)).toEqual([line(1), line(3)]);
  });

  test('skips half a line that a kill left, and goes on after it', async () => {
    new MetricsLog(directory).add(line(1));
    appendFileSync(join(directory, 'metrics.jsonl'), '{"stage":"latent","st');
    expect(await steps()).toEqual(['latent 1']);
    new MetricsLog(directory).add(line(2));
    expect(await steps()).toEqual(['latent 1', 'latent 2']);
  });

  test('replaces steps that a resumed run trains anew', async () => {
    const log = new MetricsLog(directory);
    for (const step of [1, 2, 3]) log.add(line(step));
    new MetricsLog(directory).add(line(2));
    expect(await steps()).toEqual(['latent 1', 'latent 2']);
  });
});
