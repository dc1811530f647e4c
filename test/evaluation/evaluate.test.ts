/** The evaluation's own rules, with worlds and controllers small enough to follow by hand. */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCemSolver, oracleCemConfig } from '../../models/planning/cemSolver.ts';
import { randomController, scriptedController } from '../../server/evaluation/blindControllers.ts';
import type { Controller } from '../../server/evaluation/controller.ts';
import { drawTasks, evaluateRow } from '../../server/evaluation/evaluate.ts';
import { oracleController } from '../../server/evaluation/planningControllers.ts';
import { ManualClock } from '../../shared/clock.ts';

const standStill: Controller = { planMs: [], begin: () => {}, act: () => [0, 0] };

describe.each(['push-t', 'two-room'])('tasks of %s', (id) => {
  test('are the same for the same seed and share nothing with another', async () => {
    const world = (await loadWorld(id)).create();
    const tasks = drawTasks(world, 10, 71);
    expect(drawTasks(world, 10, 71)).toEqual(tasks);
    const others = new Set(drawTasks(world, 10, 72).map(({ seed }) => seed));
    expect(tasks.some(({ seed }) => others.has(seed))).toBe(false);
  });

  test('are never solved by standing still', async () => {
    const definition = await loadWorld(id);
    const tasks = drawTasks(definition.create(), 20, 5);
    const { moderate, strict } = await evaluateRow(definition, tasks, standStill);
    expect([moderate, strict]).toEqual([0, 0]);
  });

  test('a row is determined by its seed', async () => {
    const definition = await loadWorld(id);
    const tasks = drawTasks(definition.create(), 10, 6);
    for (const create of [randomController, scriptedController]) {
      const results = await Promise.all([1, 1].map((seed) => evaluateRow(definition, tasks, create(seed))));
      expect(results[1]).toEqual(results[0]);
    }
  });
});

test('the oracle solves what standing still does not, and times its plans', async () => {
  const definition = await loadWorld('two-room');
  const tasks = drawTasks(definition.create(), 4, 9);
  const solver = createCemSolver(oracleCemConfig);
  const clock = new ManualClock();
  const ticking = {
    now: (): number => {
      clock.advance(5);
      return clock.now();
    },
  };
  const controller = oracleController(definition, solver, 1, ticking);
  const { moderate, planMs } = await evaluateRow(definition, tasks, controller);
  expect(moderate).toBe(1);
  expect(planMs.p50).toBe(5);
});
