/** The evaluation's own rules, with worlds and controllers small enough to follow by hand. */
import { describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCemSolver } from '../../models/planning/cemSolver.ts';
import { parseVariationPlan } from '../../server/data/variationPlan.ts';
import { randomController, scriptedController } from '../../server/evaluation/blindControllers.ts';
import type { Controller } from '../../server/evaluation/controller.ts';
import { drawTasks, drawVariedTasks, evaluateRow } from '../../server/evaluation/evaluate.ts';
import { oracleController } from '../../server/evaluation/planningControllers.ts';
import { evaluateTrueWorldRow, trueWorldController, trueWorldRows } from '../../server/evaluation/trueWorldRows.ts';
import { InlineExecutor } from '../../server/executor/inlineExecutor.ts';
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
  const solver = createCemSolver();
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

const seed = 3;

describe('the rows of the true world', () => {
  test.each(trueWorldRows)('%s: in parts, they come to the same as in one piece', async (row) => {
    const definition = await loadWorld('two-room');
    const tasks = drawTasks(definition.create(), 6, 9);
    const clock = new ManualClock();
    const whole = await evaluateRow(definition, tasks, trueWorldController(row, definition, seed, clock));
    const done: number[] = [];
    const parts = await evaluateTrueWorldRow(new InlineExecutor(), { world: 'two-room', row, seed, tasks }, (count) =>
      done.push(count),
    );
    expect({ ...parts, planMs: whole.planMs }).toEqual(whole);
    expect(done).toEqual([4, 6]);
  });

  test('let the oracle plan as often as is told', async () => {
    const definition = await loadWorld('two-room');
    const tasks = drawTasks(definition.create(), 1, 9).map((task) => ({ ...task, budget: 4 }));
    const planned = async (executed: number): Promise<number> => {
      const oracle = trueWorldController('oracle', definition, seed, new ManualClock(), executed);
      await evaluateRow(definition, tasks, oracle);
      return oracle.planMs.length;
    };
    expect([await planned(1), await planned(2), await planned(4)]).toEqual([4, 2, 1]);
  });
});

describe('varied tasks', () => {
  test('are drawn and played in the world that each has', async () => {
    const definition = await loadWorld('two-room');
    const plan = parseVariationPlan(['ballRadius', 'ballColor=#0096c7'], definition.spec.factors ?? {});
    const tasks = drawVariedTasks(definition, plan, 5, 71);
    expect(tasks.map(({ seed }) => seed)).toEqual(drawTasks(definition.create(), 5, 71).map(({ seed }) => seed));
    expect(new Set(tasks.map(({ variation }) => variation?.ballRadius)).size).toBe(5);
    const seen: unknown[] = [];
    const watching: Controller = {
      planMs: [],
      begin: () => {},
      act: (world) => {
        const ball = world.scene().find(({ name }) => name === 'ball');
        seen.push({ ballRadius: ball?.kind === 'circle' && ball.radius, ballColor: ball?.color });
        return [0, 0];
      },
    };
    await evaluateRow(
      definition,
      tasks.map((task) => ({ ...task, budget: 1 })),
      watching,
    );
    expect(seen).toEqual(tasks.map(({ variation }) => variation));
  });

  test('give the oracle the world that it plays in', async () => {
    const definition = await loadWorld('two-room');
    const plan = parseVariationPlan(['ballSpeed=3.5', 'drift=1'], definition.spec.factors ?? {});
    const tasks = drawVariedTasks(definition, plan, 3, 9);
    const oracle = trueWorldController('oracle', definition, seed, new ManualClock());
    expect((await evaluateRow(definition, tasks, oracle)).moderate).toBeGreaterThan(0.5);
  });
});
