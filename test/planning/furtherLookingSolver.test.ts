/** A search that looks further: when it does, what it takes of what it finds there, and who never notices. */
import { describe, expect, test, vi } from 'vitest';
import { createCemSolver } from '../../models/planning/cemSolver.ts';
import type { Iteration, Objective, PlanRequest } from '../../models/planning/contracts.ts';
import {
  createFurtherLookingSolver,
  defaultFurtherLookingConfig,
  furtherLookingConfig,
} from '../../models/planning/furtherLookingSolver.ts';
import { ManualClock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';
import { endOf, request, SCALE } from './pointMass.ts';

const { near, far } = defaultFurtherLookingConfig;
const solver = createFurtherLookingSolver();

/** A plain that costs the same everywhere until its edge, at an x that only a far search comes to. */
const EDGE = SCALE * (near.horizon + 2);
const plain: Objective = {
  cost: async ({ candidates, horizon, latents }) =>
    Float32Array.from({ length: candidates }, (_, candidate) => {
      const steps = Array.from({ length: horizon }, (_, t) => latents[2 * (candidate * horizon + t)] as number);
      return steps.reduce((sum, x) => sum + (x > EDGE ? 0 : 5), 0) / horizon;
    }),
};

/** Straight over the edge. */
const furtherProposals = async () => [Float32Array.from({ length: 2 * far.horizon }, (_, i) => (i % 2 === 0 ? 1 : 0))];

function onThePlain(changes: Partial<PlanRequest> = {}): PlanRequest {
  return request([0, 0], { objective: plain, random: new Random(4), furtherProposals, ...changes });
}

describe('looking further', () => {
  test('finds what lies beyond the near search, and plans its beginning', async () => {
    const { horizon, actions, cost } = await solver.plan(onThePlain());
    expect([solver.horizon, horizon, actions.length]).toEqual([near.horizon, near.horizon, 2 * near.horizon]);
    expect(endOf(actions)[0]).toBeGreaterThan(0.9 * SCALE * near.horizon);
    expect(cost).toBeLessThan(4);
    const alone = await createCemSolver(near).plan(onThePlain());
    expect(alone.cost).toBe(5);
    expect(endOf(alone.actions)[0]).toBeLessThan(0.5 * SCALE * near.horizon);
  });

  test('stays with the near plan where that is the cheaper one', async () => {
    const nowhere = async () => [new Float32Array(2 * far.horizon)];
    const plan = await solver.plan(onThePlain({ furtherProposals: nowhere }));
    expect(plan).toEqual(await createCemSolver(near).plan(onThePlain()));
  });

  test.each([
    ['the near plan saves enough', request([1, 1])],
    ['the goal is all but met', request([0.5, 0.5])],
    ['nothing says where to look', request([50, 50])],
    ['a plan must be there in time', onThePlain({ deadline: { clock: new ManualClock(), until: -1 } })],
  ])('is the near search where %s', async (why, asked) => {
    const told = vi.fn(furtherProposals);
    const { furtherProposals: _none, ...untold } = asked;
    const seeded = () => ({ ...untold, random: new Random(9) });
    const plan = await solver.plan(why.startsWith('nothing') ? seeded() : { ...seeded(), furtherProposals: told });
    expect(plan).toEqual(await createCemSolver(near).plan(seeded()));
    expect(told).not.toHaveBeenCalled();
  });

  test('shows an observer plans of one length, from both searches', async () => {
    const seen: Iteration[] = [];
    await solver.plan(
      onThePlain({ observe: (iteration) => seen.push({ ...iteration, actions: iteration.actions.slice() }) }),
    );
    expect(seen).toHaveLength(near.iterations + far.iterations);
    for (const { actions, costs } of seen) expect(actions).toHaveLength(costs.length * 2 * near.horizon);
    const first = seen[near.iterations] as Iteration;
    const proposed = first.actions.subarray(near.horizon * far.candidates).slice(0, 2 * near.horizon);
    expect([...proposed]).toEqual(Array.from({ length: 2 * near.horizon }, (_, i) => (i % 2 === 0 ? 1 : 0)));
  });

  test('begins from further proposals where the near search too looks further than a proposal', async () => {
    const longer = furtherLookingConfig(near.horizon + 4);
    const proposals = [new Float32Array(2 * near.horizon)];
    const told = vi.fn(furtherProposals);
    const first: Iteration[] = [];
    const plan = await createFurtherLookingSolver(longer).plan(
      onThePlain({
        proposals,
        furtherProposals: told,
        observe: (iteration) => first.push({ ...iteration, actions: iteration.actions.slice() }),
      }),
    );
    expect(told).toHaveBeenCalledTimes(1);
    expect(plan.actions).toHaveLength(2 * longer.near.horizon);
    expect(plan.cost).toBeLessThan(4.5); // 5 but for the last steps, beyond the edge, which it sees by now
    const { actions } = first[0] as Iteration;
    const size = 2 * longer.near.horizon;
    const proposed = actions.subarray(size * (near.candidates / 2)).slice(0, size);
    expect([...proposed]).toEqual(Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : 0)));
  });

  test('looks no less far at a second look than at the first', () => {
    expect(furtherLookingConfig(4).far.horizon).toBe(far.horizon);
    expect(furtherLookingConfig(24).far.horizon).toBe(24);
  });

  test('is determined by its generator', async () => {
    expect(await solver.plan(onThePlain())).toEqual(await solver.plan(onThePlain()));
  });
});
