/** How far ahead an agent plans: as it is asked to, else as its card says, else as the solver does. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultCemConfig } from '../../models/planning/cemSolver.ts';
import { solverNames } from '../../models/planning/solvers.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { agentSolver } from '../../server/evaluation/agentSolver.ts';
import { WeightsError } from '../../shared/errors.ts';

const plain = weightsDirectory('two-room');
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agent-solver-'));
  await cp(join(plain, 'card.json'), join(directory, 'card.json'));
  await changeCard({ horizon: 12 });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function changeCard(planning: unknown): Promise<void> {
  const path = join(directory, 'card.json');
  const card = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...card, planning }));
}

test('looks as far as the solver does where the card says nothing', async () => {
  expect((await agentSolver(plain)).horizon).toBe(defaultCemConfig.horizon);
});

test('looks as far as the card says, by whichever solver', async () => {
  for (const solver of solverNames) {
    const chosen = await agentSolver(directory, { solver });
    expect([chosen.name, chosen.horizon]).toEqual([solver, 12]);
  }
});

test('looks as far as it is asked to, whatever the card says', async () => {
  expect((await agentSolver(directory, { horizon: 5 })).horizon).toBe(5);
  expect((await agentSolver(plain, { horizon: 20 })).horizon).toBe(20);
});

test.each([0, 2.5, 1000])('refuses a card that says %s steps', async (horizon) => {
  await changeCard({ horizon });
  await expect(agentSolver(directory)).rejects.toThrow(WeightsError);
  await expect(agentSolver(directory)).rejects.toThrow(/planning\.horizon/);
});
