/**
 * Model-predictive control: plan, execute the first steps, plan again from what is seen then, beginning with the rest
 * of the last plan. The agent plans with what it learned, from frames; the oracle is the same loop on the true physics
 * and the true distance to the goal. Its search is one for all evaluations, whatever the agent's (`trueWorldRows.ts`).
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { Solver } from '../../models/planning/contracts.ts';
import { OracleDynamics, trueDistance } from '../../models/planning/oracleDynamics.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { type Action, dimensionsOf } from '../../shared/space.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';
import type { Agent } from '../agent/agent.ts';
import type { Controller, SetTask } from './controller.ts';
import type { EvaluationTask } from './evaluate.ts';
import { EXECUTED_STEPS } from './executedSteps.ts';

/** Makes one plan: `[horizon, action]`. */
export type MakePlan = (
  world: World,
  set: SetTask,
  seed: number,
  warmStart: Float32Array | undefined,
  /** What was seen one step ago; nothing at the start. */
  previous: Frame | undefined,
) => Promise<Float32Array>;

/** The loop around plans: a plan is followed for `executed` steps, and the rest of it warms up the next. */
export function planningController(
  makePlan: MakePlan,
  seed: number,
  clock: Clock,
  executed: number = EXECUTED_STEPS,
): Controller {
  const planMs: number[] = [];
  let set: SetTask | undefined;
  let actions: Float32Array | undefined;
  let step = 0;
  let previous: Frame | undefined;
  return {
    planMs,
    begin: (next) => {
      set = next;
      actions = undefined;
      step = 0;
      previous = undefined;
    },
    async act(world): Promise<Action> {
      if (!set) throw new TypeError('act was called before begin');
      const width = dimensionsOf(world.spec.action);
      const due = step % executed;
      if (due === 0) {
        const rest = actions?.slice(executed * width);
        const warmStart = rest && rest.length > 0 ? rest : undefined; // a plan followed to its end leaves none
        const planSeed = new Random(seed).fork(`plan ${set.task.seed} ${step}`).uint32();
        const started = clock.now();
        actions = await makePlan(world, set, planSeed, warmStart, previous);
        planMs.push(clock.now() - started);
      }
      step++;
      previous = world.frame();
      return Array.from((actions as Float32Array).subarray(due * width, (due + 1) * width));
    },
  };
}

/** The agent: frames in, actions out. */
export function agentController(agent: Agent, seed: number, clock: Clock, executed?: number): Controller {
  const makePlan: MakePlan = async (world, { goalFrame }, planSeed, warmStart, previous) => {
    const request = { frame: world.frame(), goal: goalFrame, seed: planSeed };
    const plan = await agent.plan({ ...request, ...(warmStart && { warmStart }), ...(previous && { previous }) });
    return plan.actions;
  };
  return planningController(makePlan, seed, clock, executed);
}

/** For each task, a world like the one that it is played in, to imagine with. */
export function imaginedWorlds(definition: WorldDefinition): (task: EvaluationTask) => World {
  const usual = createWorld(definition);
  const worlds = new WeakMap<EvaluationTask, World>();
  return (task) => {
    if (!task.variation) return usual;
    const world = worlds.get(task) ?? createWorld(definition, task.variation);
    worlds.set(task, world);
    return world;
  };
}

/** The oracle: true dynamics and true cost. */
export function oracleController(
  definition: WorldDefinition,
  solver: Solver,
  seed: number,
  clock: Clock,
  executed?: number,
): Controller {
  const worldOf = imaginedWorlds(definition);
  const makePlan: MakePlan = async (world, { task }, planSeed, warmStart) => {
    const imagined = worldOf(task);
    const dynamics = new OracleDynamics(imagined);
    dynamics.startFrom(world.snapshot());
    const request = {
      dynamics,
      objective: trueDistance(imagined, dynamics, task.goal),
      latent: dynamics.toLatent(world.state()),
      space: definition.spec.action,
      random: new Random(planSeed),
    };
    const plan = await solver.plan(warmStart ? { ...request, warmStart } : request);
    return plan.actions;
  };
  return planningController(makePlan, seed, clock, executed);
}
