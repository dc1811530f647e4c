/**
 * Every shipped agent reaches what its card says. To guard an agent of your own, name its directory:
 * `ACCURACY_AGENT=runs/mine npm run test:accuracy` (and `ACCURACY_WORLD=path/to/world.ts` where the world is a module).
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasWeights } from '../../server/agent/weightsDirectory.ts';
import { type Accuracy, accuracyOf } from '../../server/evaluation/accuracy.ts';

const shipped = fileURLToPath(new URL('../../models/weights/', import.meta.url));
const { ACCURACY_AGENT: own, ACCURACY_WORLD: world } = process.env;
const directories = own ? [own] : readdirSync(shipped).map((name) => join(shipped, name));
const agents = directories.filter(hasWeights).map((directory) => ({ name: basename(directory), directory }));

test('there are agents to judge', () => {
  expect(agents.length).toBeGreaterThan(0);
});

describe.each(agents)('$name', ({ directory }) => {
  let accuracy: Accuracy;
  beforeAll(async () => {
    accuracy = await accuracyOf(directory, { now: () => performance.now() }, world);
  }, 900_000);

  test('solves as many tasks as its card says', () => {
    const { moderate, strict, thresholds } = accuracy;
    expect(moderate, 'moderate success').toBeGreaterThanOrEqual(thresholds.moderate);
    expect(strict, 'strict success').toBeGreaterThanOrEqual(thresholds.strict);
  });

  test('predicts as much better than a guess as its card says', () => {
    expect(accuracy.predictionRatio).toBeLessThanOrEqual(accuracy.thresholds.predictionRatio);
  });

  test('sees where everything is, as well as its card says', () => {
    const { name, r2 } = accuracy.worstPosition;
    expect(r2, name).toBeGreaterThanOrEqual(accuracy.thresholds.positionR2);
  });
});
