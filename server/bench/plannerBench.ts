/**
 * The planner bench: milliseconds for one whole plan, from frames to actions, by every solver and at several sizes of
 * the search. A live session's plan and the first of a task are cem's default size, or what it takes from proposals; the
 * others of a task go on from a warm start.
 */
import { createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import type { Solver } from '../../models/planning/contracts.ts';
import { createGradientSolver, defaultGradientConfig } from '../../models/planning/gradientSolver.ts';
import { createIcemSolver, defaultIcemConfig } from '../../models/planning/icemSolver.ts';
import { createMppiSolver, defaultMppiConfig } from '../../models/planning/mppiSolver.ts';
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

interface Contestant {
  readonly solver: Solver;
  readonly config: { readonly candidates: number; readonly iterations: number; readonly horizon: number };
}

/**
 * Every solver at its default size, and the cross-entropy method at what it takes from proposals, with and without a warm
 * start, and at four times the work.
 */
function contestants(): Contestant[] {
  const { iterations, spared } = defaultCemConfig;
  const sizes = [
    { iterations: iterations - spared.byProposals - spared.byWarmStart },
    { iterations: iterations - spared.byProposals },
    { iterations },
    { iterations: 8, candidates: 128, elites: 16 },
  ].map((size) => ({ ...defaultCemConfig, ...size, spared: { byProposals: 0, byWarmStart: 0 } }));
  return [
    ...sizes.map((config) => ({ solver: createCemSolver(config), config })),
    { solver: createIcemSolver(), config: defaultIcemConfig },
    { solver: createMppiSolver(), config: defaultMppiConfig },
    { solver: createGradientSolver(), config: defaultGradientConfig },
  ];
}

const WARM_UP = 3;
const TIMED = 20;

/** Times the plans of every contestant, for the same tasks. */
export async function benchPlanner({ definition, loadAgent, seed, clock }: PlannerBench): Promise<PlannerRow[]> {
  const world = definition.create();
  const rows: PlannerRow[] = [];
  for (const { solver, config } of contestants()) {
    const agent = await loadAgent(solver);
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
      solver: solver.name,
      candidates,
      iterations,
      horizon,
      ms: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    });
  }
  return rows;
}
