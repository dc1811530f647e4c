/**
 * Practice: the agent plays towards goals of its world with what it has learned so far, and learns from that play too.
 * A script shows neither the short ways that a planner finds nor the states in which a distance or a prediction misleads
 * it, and a search goes where they do. Data of the planner's own are what closes that gap (DAgger, Ross et al. 2011, §3;
 * for planning with a learned model PETS, Chua et al. 2018, algorithm 1, and TD-MPC2, Hansen et al. 2024). Only frames
 * and actions are kept: where an episode came to is all the label there is.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import { actionFeatures } from '../../models/latent/actionFeatures.ts';
import { goalRequest } from '../../models/latent/goalRequest.ts';
import { type LatentWeights, LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { Trajectory } from '../../models/latent/trajectories.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';
import { type Action, dimensionsOf } from '../../shared/space.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';
import { storableAction } from '../data/playScript.ts';
import type { Controller } from '../evaluation/controller.ts';
import { type MakePlan, planningController } from '../evaluation/planningControllers.ts';
import { frameOf, nearestGoal, practiceTask } from './practiceGoals.ts';
import type { PracticeSearch } from './practiceSearch.ts';

/** What was played so far, and the milliseconds that it took. */
export interface Practised {
  readonly trajectories: readonly Trajectory[];
  readonly elapsed: number;
}

export interface PracticeOptions {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  readonly weights: LatentWeights;
  /** How it plans. */
  readonly search: PracticeSearch;
  readonly minutes: number;
  /** Steps an episode; it goes on when its goal is met, so that staying there is seen too. */
  readonly length: number;
  readonly random: Random;
  readonly clock: Clock;
  /** Where an interrupted practice left off. */
  readonly resume?: Practised;
  /** Called after every episode; `progress` is the fraction of the time that is spent. */
  readonly onEpisode: (episodes: number, progress: number) => void;
  /** Called about every `CHECKPOINT_EVERY` milliseconds, and at the end. */
  readonly onCheckpoint: (practised: Practised) => Promise<void>;
  readonly interrupted: AbortSignal;
}

const CHECKPOINT_EVERY = 60_000;

interface Practising {
  readonly dynamics: LearnedDynamics;
  /** Where it plays. */
  readonly world: World;
  /** Where goals are looked at meanwhile. */
  readonly aside: World;
}

/** Plays until the time is spent, one episode at least; an episode is determined by its number. */
export async function practise(options: PracticeOptions): Promise<readonly Trajectory[]> {
  const { definition, weights, engine, minutes, random, clock, resume, interrupted, onEpisode, onCheckpoint } = options;
  const budget = minutes * 60_000;
  const trajectories = [...(resume?.trajectories ?? [])];
  const origin = clock.now() - (resume?.elapsed ?? 0);
  const dynamics = new LearnedDynamics(engine, weights);
  const practising = { dynamics, world: createWorld(definition), aside: createWorld(definition) };
  let kept = resume?.elapsed ?? 0;
  try {
    while (!interrupted.aborted && (trajectories.length === 0 || clock.now() - origin < budget)) {
      trajectories.push(await practiseOnce(options, practising, random.fork(trajectories.length)));
      const elapsed = clock.now() - origin;
      onEpisode(trajectories.length, budget > 0 ? Math.min(1, elapsed / budget) : 1);
      if (elapsed - kept < CHECKPOINT_EVERY) continue;
      kept = elapsed;
      await onCheckpoint({ trajectories, elapsed });
    }
  } finally {
    await dynamics.dispose();
  }
  await onCheckpoint({ trajectories, elapsed: clock.now() - origin });
  return trajectories;
}

/**
 * One episode: towards the goal of a task from its start, and half-way on to whichever goal of some others is nearest by
 * then.
 */
async function practiseOnce(
  { search, length, clock }: PracticeOptions,
  { dynamics, world, aside }: Practising,
  random: Random,
): Promise<Trajectory> {
  const task = practiceTask(world, random);
  const goalFrame = frameOf(world, task.goal);
  const player = playerTowards(goalFrame, { dynamics, search, seed: random.uint32(), clock });
  await player.controller.begin({ task, goalFrame });
  world.place(task.start);
  const { action: space } = world.spec;
  const actions = new Float32Array(length * dimensionsOf(space));
  const frames: Frame[] = [world.frame()];
  for (let step = 0; step < length; step++) {
    if (step === Math.ceil(length / 2)) player.aim(await nearestGoal(dynamics, aside, world.frame(), random));
    const action: Action = storableAction(space, await player.controller.act(world));
    world.step(action);
    actions.set(action, step * action.length);
    frames.push(world.frame());
  }
  const { data } = await dynamics.encode(frames);
  return { steps: length, latents: data, actions: actionFeatures(space, actions) };
}

interface Playing {
  readonly dynamics: LearnedDynamics;
  readonly search: PracticeSearch;
  readonly seed: number;
  readonly clock: Clock;
}

/** The agent as it practises, for the cost that it is evaluated by; it can be given another goal on the way. */
function playerTowards(
  first: Frame,
  { dynamics, search: { solver, executed }, seed, clock }: Playing,
): { readonly controller: Controller; aim(goal: Frame): void } {
  let goal = first;
  const makePlan: MakePlan = async (world, _set, planSeed, warmStart, previous) => {
    const request = await goalRequest(dynamics, {
      frame: world.frame(),
      goal,
      seed: planSeed,
      ...(previous && { previous }),
      ...(warmStart && { warmStart }),
    });
    return (await solver.plan(request)).actions;
  };
  return {
    controller: planningController(makePlan, seed, clock, executed),
    aim: (next) => {
      goal = next;
    },
  };
}
