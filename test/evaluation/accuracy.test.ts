/** What `npm run test:accuracy` measures, and what it says where a card asks for nothing. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { accuracyOf } from '../../server/evaluation/accuracy.ts';
import { ManualClock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'accuracy-')), 'agent');
  await cp(weightsDirectory('two-room'), directory, { recursive: true });
});
afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

/** Writes the copied card with other thresholds. */
async function changeCard(change: (accuracy: Record<string, unknown>) => Record<string, unknown> | undefined) {
  const path = join(directory, 'card.json');
  const card = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...card, accuracy: change(card.accuracy) }));
}

test('measures on the tasks that the card names', async () => {
  await changeCard((accuracy) => ({ ...accuracy, episodes: 2, seed: 5, predictionStep: 3 }));
  const { thresholds, moderate, predictionRatio, worstPosition } = await accuracyOf(directory, new ManualClock());
  expect(thresholds).toMatchObject({ episodes: 2, seed: 5, predictionStep: 3 });
  expect([0, 0.5, 1]).toContain(moderate);
  expect(predictionRatio).toBeGreaterThan(0);
  expect(predictionRatio).toBeLessThan(0.25);
  expect(['ballX', 'ballY']).toContain(worstPosition.name);
  expect(worstPosition.r2).toBeGreaterThan(0.98);
});

test('says what to do where the card asks for nothing', async () => {
  await changeCard(() => undefined);
  await expect(accuracyOf(directory, new ManualClock())).rejects.toThrow(WeightsError);
  await expect(accuracyOf(directory, new ManualClock())).rejects.toThrow(/says no "accuracy" to reach; add episodes/);
});
