/**
 * The planner bench: milliseconds for one whole plan, from frames to actions, at several sizes of the search. The plan of a live session and of an evaluation is the
 * default size.
 */
import { type CemConfig, createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Solver } from '../../models/planning/contracts.ts';
import type { Clock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { Agent } from '../agent/agent.ts';
import { percentile } from '../evaluation/percentile.ts';

export interface PlannerRow {
  readonly solver: string;
  readonly candidates: number;
  readonly iterations: number;
  readonly horizon: number;
  readonly ms: { readonly p50: number; readonly p95: number };
}

export interface PlannerBench {
  readonly definition: WorldDefinition;
  /** Loads the world's agent with the given solver. */
  readonly loadAgent: (solver: Solver) => Promise<Agent>;
  readonly seed: number;
  readonly clock: Clock;
}

const sizes: readonly CemConfig[] = [
  { ...defaultCemConfig, candidates: 64, iterations: 4, elites: 8 },
  defaultCemConfig,
  { ...defaultCemConfig, candidates: 256, iterations: 8, elites: 32 },
];

const WARM_UP = 3;
const TIMED = 20;

/** Times plans at every size of the search, each for tasks of its own. */
export async function benchPlanner({ definition, loadAgent, seed, clock }: PlannerBench): Promise<PlannerRow[]> {
  const world = definition.create();
  const rows: PlannerRow[] = [];
  for (const config of sizes) {
    const agent = await loadAgent(createCemSolver(config));
    const random = new Random(seed).fork('planner bench');
    const times: number[] = [];
    for (let i = 0; i < WARM_UP + TIMED; i++) {
      const { start, goal } = world.task(random.uint32());
      world.place(goal);
      const goalFrame = Uint8Array.from(world.frame());
      world.place(start);
      const began = clock.now();
      await agent.plan({ frame: world.frame(), goal: goalFrame, seed: i });
      if (i >= WARM_UP) times.push(clock.now() - began);
    }
    await agent.dispose();
    const { candidates, iterations, horizon } = config;
    rows.push({
      solver: 'cem',
      candidates,
      iterations,
      horizon,
      ms: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    });
  }
  return rows;
}
