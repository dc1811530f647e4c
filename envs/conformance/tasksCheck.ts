/**
 * The promises about tasks: determined by their seed, disturbing nothing, unsolved at the start, met by their own goal.
 * That a goal can be reached is promised too, and no check can prove it in seconds. What can be rehearsed is: start and
 * goal can be placed, the placed goal counts as achieved and stays so for a few idle steps, both lie where play goes,
 * and from the start something makes the distance fall.
 */
import { mean } from '../../shared/mean.ts';
import type { Difficulty, State, Task, World } from '../../shared/world.ts';
import { Fault } from './fault.ts';
import { idleAction, play } from './playing.ts';
import { expectSameState, sameState } from './sameness.ts';
import { mendChance } from './strayDraws.ts';
import type { Subject, Verdict } from './subject.ts';
import { expectWithinPlay, fallsFrom } from './taskRehearsal.ts';

const difficulties: readonly Difficulty[] = ['easy', 'default', 'hard'];

/** Milliseconds that drawing a task may take without a remark. */
const slowTask = 100;

/** Idle steps for which a goal that was reached should stay reached. */
const holdSteps = 3;

/** Tasks are determined by their seed, disturb nothing, start unsolved, and their goals can be placed and held. */
export function checkTasks(subject: Subject): Verdict {
  const [world, other] = [subject.world(), subject.world()];
  play(world, 0);
  const before = world.state();
  const remarks: string[] = [];
  const perDifficulty = subject.amount(12, 3);
  const began = subject.clock?.now() ?? 0;
  const drawn = difficulties.map((difficulty) =>
    Array.from({ length: perDifficulty }, (_, seed) => drawTask(subject, world, other, seed, difficulty)),
  );
  const tasks = drawn.flat();
  const milliseconds = ((subject.clock?.now() ?? 0) - began) / (2 * tasks.length);
  if (milliseconds > slowTask) remarks.push(`a task takes ${Math.round(milliseconds)} ms to draw, and is drawn often`);
  const where = `the episode in progress after ${tasks.length} tasks were drawn`;
  expectSameState(before, world.state(), where, 'let task() rehearse in a world of its own');
  for (const task of tasks) expectSound(world, task);
  for (const task of tasks) expectPlaceable(other, task);
  expectWithinPlay(subject, tasks);
  const held = tasks.filter((task) => staysAchieved(other, task)).length;
  if (held < tasks.length / 2) {
    remarks.push(`${held} of ${tasks.length} goals are still met after ${holdSteps} idle steps: can they be held?`);
  }
  const falling = tasks.filter((task) => fallsFrom(other, task)).length;
  if (falling < 0.8 * tasks.length) {
    remarks.push(`the distance fell in ${falling} of ${tasks.length} tasks under a few random actions: is it shaped?`);
  }
  const means = drawn.map((some) => mean(some.map(({ start, goal }) => world.distance(start, goal))));
  remarks.push(...remarksOnVariety(drawn), ...remarksOnOrder(means));
  const distances = difficulties.map((difficulty, i) => `${difficulty} ${(means[i] as number).toPrecision(3)}`);
  const detail = `${tasks.length} tasks are reproducible and start unsolved, ${held} goals hold; mean distance ${distances.join(', ')}`;
  return { detail, remarks };
}

/** A few tasks are sound and can be placed: for variations of a world, of which there are many. */
export function checkFewTasks(subject: Subject): string {
  const world = subject.world();
  const tasks = difficulties.map((difficulty, seed) => world.task(seed, difficulty));
  for (const task of tasks) {
    expectSound(world, task);
    expectPlaceable(world, task);
  }
  return `${tasks.length} tasks are sound`;
}

/** The task, which must be the same in both worlds. */
function drawTask(subject: Subject, world: World, other: World, seed: number, difficulty: Difficulty): Task {
  const task = world.task(seed, difficulty);
  const again = other.task(seed, difficulty);
  if (JSON.stringify(task) !== JSON.stringify(again)) {
    const seen = `${nameOf(task)} is ${JSON.stringify(again)} in a second world`;
    throw new Fault(seen, JSON.stringify(task), () => mendChance(subject));
  }
  return task;
}

function nameOf({ seed, difficulty }: Task): string {
  return `task ${seed} (${difficulty})`;
}

/** What `achieved` and `distance` must say of the task. */
function expectSound(world: World, task: Task): void {
  const { start, goal, budget } = task;
  if (!(Number.isInteger(budget) && budget > 0)) {
    throw new Fault(`${nameOf(task)} allows ${budget} steps`, 'a whole number above 0', 'mend its budget');
  }
  if (world.achieved(start, goal)) {
    const mend = 'draw start and goal again until the start is not achieved';
    throw new Fault(`${nameOf(task)} is solved at its start`, 'it not to be', mend);
  }
  if (!world.achieved(goal, goal, true) || !world.achieved(goal, goal)) {
    const mend = 'achieved(goal, goal) must hold at every tolerance: compare the state with the goal';
    throw new Fault(`the goal of ${nameOf(task)} doesn't meet itself`, 'it to be achieved, strictly too', mend);
  }
  const [atStart, atGoal] = [world.distance(start, goal), world.distance(goal, goal)];
  if (!(Number.isFinite(atStart) && atGoal < atStart && atGoal >= 0)) {
    const seen = `in ${nameOf(task)} the distance is ${atStart} at the start and ${atGoal} at the goal`;
    throw new Fault(
      seen,
      'it to fall towards 0: it must fall for a planner to follow it',
      'mend distance(state, goal)',
    );
  }
}

/** Start and goal are states that the world can be put into, where the goal still counts as met. */
function expectPlaceable(world: World, task: Task): void {
  const mend = 'give as start and goal states that the world can be in, such as ones that it was in';
  world.place(task.start);
  expectSameState(task.start, world.state(), `the placed start of ${nameOf(task)}`, mend);
  world.place(task.goal);
  expectSameState(task.goal, world.state(), `the placed goal of ${nameOf(task)}`, mend);
}

function staysAchieved(world: World, { goal }: Task): boolean {
  const idle = idleAction(world);
  world.place(goal);
  for (let step = 0; step < holdSteps; step++) {
    const { terminated, truncated } = world.step(idle);
    if (terminated || truncated) break;
  }
  return world.achieved(world.state(), goal);
}

function remarksOnVariety(drawn: readonly (readonly Task[])[]): string[] {
  return drawn.flatMap((tasks, i) => {
    const same = (pick: (task: Task) => State) =>
      tasks.every((task) => sameState(pick(task), pick(tasks[0] as Task))) ? 1 : 0;
    const [starts, goals] = [same(({ start }) => start), same(({ goal }) => goal)];
    if (starts + goals === 2) return [`all ${tasks.length} ${difficulties[i]} tasks are the same one`];
    return goals ? [`all ${tasks.length} ${difficulties[i]} tasks have the same goal`] : [];
  });
}

function remarksOnOrder(means: readonly number[]): string[] {
  const [easy = 0, normal = 0, hard = 0] = means;
  if (easy < normal && normal < hard) return [];
  const seen = difficulties.map((difficulty, i) => `${difficulty} ${(means[i] as number).toPrecision(3)}`).join(', ');
  return [`the mean distance from start to goal is ${seen}: it doesn't grow with the difficulty`];
}
