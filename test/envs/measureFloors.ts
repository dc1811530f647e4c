/**
 * Measures how hard a world's tasks are: the share met by uniform actions, by the scripted behaviour, and by planning
 * on the true physics with the world's own distance (a small cross-entropy search). Run it when a task distribution
 * changes:
 *
 * npx tsx test/envs/measureFloors.ts push-t default 200 60
 *
 * (world, difficulty, tasks for the two floors, tasks for the oracle). Prints one line of JSON a row.
 */
import { loadWorld } from '../../envs/registry.ts';
import { Random } from '../../shared/random.ts';
import { type Action, clamp, sample } from '../../shared/space.ts';
import type { Difficulty, State, Task, World } from '../../shared/world.ts';

type Policy = (state: State) => Action;

const search = { samples: 64, iterations: 4, elites: 8, horizon: 6, startSigma: 0.7, leastSigma: 0.05 };

const [id = 'push-t', difficulty = 'default', floorTasks = '200', oracleTasks = '60'] = process.argv.slice(2);
const { spec, create } = await loadWorld(id);
const [world, rehearsal] = [create(), create()];

report('random', Number(floorTasks), (_, random) => () => sample(spec.action, random));
report('scripted', Number(floorTasks), (_, random) => {
  const behaviour = world.behaviour(random);
  return (state) => behaviour.act(state);
});
report('oracle', Number(oracleTasks), (task, random) => oracle(rehearsal, task, random));

function report(row: string, tasks: number, policyFor: (task: Task, random: Random) => Policy): void {
  let [moderate, strict] = [0, 0];
  for (let seed = 0; seed < tasks; seed++) {
    const task = world.task(seed, difficulty as Difficulty);
    const outcome = attempt(task, policyFor(task, new Random(seed).fork(row)));
    if (outcome.moderate) moderate++;
    if (outcome.strict) strict++;
  }
  const line = { world: id, difficulty, row, tasks, moderate: moderate / tasks, strict: strict / tasks };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Moderate: the goal was met once; strict: it was met at half the tolerance for three steps in a row. */
function attempt(task: Task, policy: Policy): { moderate: boolean; strict: boolean } {
  let moderate = false;
  let held = 0;
  world.place(task.start);
  for (let step = 0; step < task.budget && held < 3; step++) {
    world.step(policy(world.state()));
    moderate ||= world.achieved(world.state(), task.goal);
    held = world.achieved(world.state(), task.goal, true) ? held + 1 : 0;
  }
  return { moderate, strict: held >= 3 };
}

/** Searches action sequences on the true physics anew at each step, and takes the first action of the best. */
function oracle(physics: World, task: Task, random: Random): Policy {
  let plan: number[][] = Array.from({ length: search.horizon }, () => [0, 0]);
  return (state) => {
    let mean = plan;
    let sigma = mean.map((action) => action.map(() => search.startSigma));
    let best = { cost: Number.POSITIVE_INFINITY, plan: mean };
    for (let iteration = 0; iteration < search.iterations; iteration++) {
      const candidates = Array.from({ length: search.samples }, () => {
        const drawn = mean.map((action, t) =>
          clamp(
            spec.action,
            action.map((value, d) => random.normal(value, sigma[t]?.[d])),
          ),
        );
        return { plan: drawn, cost: costOf(physics, state, drawn, task.goal) };
      }).sort((a, b) => a.cost - b.cost);
      const [first] = candidates;
      if (first && first.cost < best.cost) best = first;
      const elites = candidates.slice(0, search.elites).map((candidate) => candidate.plan);
      const valuesAt = (t: number, d: number) => elites.map((elite) => elite[t]?.[d] ?? 0);
      mean = mean.map((action, t) => action.map((_, d) => average(valuesAt(t, d))));
      sigma = mean.map((action, t) =>
        action.map((value, d) =>
          Math.max(search.leastSigma, Math.sqrt(average(valuesAt(t, d).map((v) => (v - value) ** 2)))),
        ),
      );
    }
    plan = [...best.plan.slice(1), [0, 0]];
    return best.plan[0] ?? [0, 0];
  };
}

/** The last distance to the goal plus half the mean one on the way. */
function costOf(physics: World, from: State, plan: readonly Action[], goal: State): number {
  physics.place(from);
  const distances = plan.map((action) => {
    physics.step(action);
    return physics.distance(physics.state(), goal);
  });
  return (distances.at(-1) ?? 0) + average(distances) / 2;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
