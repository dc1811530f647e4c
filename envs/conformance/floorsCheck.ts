/**
 * How many default tasks are solved without knowing the goal: by uniform actions, and by the scripted behaviour. They
 * are the floors that an agent must beat; where they are high, success says little. Never a failure, since a world may
 * be a playground.
 */
import { Random } from '../../shared/random.ts';
import type { Task, World } from '../../shared/world.ts';
import { actionsFrom, type Source } from './playing.ts';
import type { Subject, Verdict } from './subject.ts';

/** Shares above which a floor is remarked on. */
const limits = { uniform: 0.1, scripted: 0.3 } as const;

/** The share of default tasks that chance and the script meet within their budgets. */
export function checkFloors(subject: Subject): Verdict {
  const world = subject.world();
  const tasks = Array.from({ length: subject.amount(80, 30) }, (_, i) => world.task(10_000 + i));
  const shares = { uniform: shareSolved(world, 'uniform', tasks), scripted: shareSolved(world, 'scripted', tasks) };
  const remarks = (['uniform', 'scripted'] as const)
    .filter((source) => shares[source] > limits[source])
    .map(
      (source) =>
        `${source} actions solve ${percent(shares[source])} of the default tasks without knowing the goal: above ${percent(limits[source])} an agent's success says little`,
    );
  const detail = `of ${tasks.length} default tasks, uniform actions solve ${percent(shares.uniform)} and the script ${percent(shares.scripted)}`;
  return { detail, remarks };
}

function shareSolved(world: World, source: Source, tasks: readonly Task[]): number {
  let solved = 0;
  for (const task of tasks) {
    world.place(task.start);
    const next = actionsFrom(source, world, new Random(task.seed).fork(`floor ${source}`));
    for (let step = 0; step < task.budget; step++) {
      const { terminated } = world.step(next());
      if (world.achieved(world.state(), task.goal)) {
        solved++;
        break;
      }
      if (terminated) break;
    }
  }
  return solved / tasks.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
