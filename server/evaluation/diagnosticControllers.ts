/**
 * Two rows that show where a fault lies: true dynamics judged by the agent's cost, and learned dynamics judged by the
 * true cost of a state that is read out of the latents. If the first falls short of the oracle, the latent or its cost
 * is at fault; if the second does, the predictions are.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import { type GoalObjectiveConfig, goalObjective } from '../../models/latent/goalObjective.ts';
import type { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import type { Objective, Solver } from '../../models/planning/contracts.ts';
import { overSteps } from '../../models/planning/objectives.ts';
import { SeenOracle } from '../../models/planning/seenOracle.ts';
import type { Clock } from '../../shared/clock.ts';
import { Random } from '../../shared/random.ts';
import type { State, World, WorldDefinition } from '../../shared/world.ts';
import { collectEpisodes } from '../data/episodes.ts';
import type { Controller } from './controller.ts';
import { encodedSet, fitLinear, type Readout } from './linearProbe.ts';
import { imaginedWorlds, type MakePlan, planningController } from './planningControllers.ts';
import { stateOf } from './stateTargets.ts';

/** Episodes from which the state is learnt to be read, and their steps. */
const READOUT = { episodes: 60, length: 40 } as const;

export interface DiagnosticParts {
  readonly definition: WorldDefinition;
  readonly dynamics: LearnedDynamics;
  readonly objective: GoalObjectiveConfig;
  readonly solver: Solver;
  readonly seed: number;
  readonly clock: Clock;
  /** Steps of each plan that are executed before the next; the default of `planningController` where left out. */
  readonly executed?: number;
}

/** True dynamics, the agent's cost: imagined steps are drawn and encoded. */
export function oracleLatentController(parts: DiagnosticParts): Controller {
  const { definition, dynamics, objective, solver, seed, clock, executed } = parts;
  const worldOf = imaginedWorlds(definition);
  const makePlan: MakePlan = async (world, { task, goalFrame }, planSeed, warmStart, previous) => {
    const goal = await dynamics.encodeMoment(goalFrame);
    const plan = await solver.plan({
      dynamics: new SeenOracle(dynamics, worldOf(task), world.snapshot()),
      objective: goalObjective(dynamics, goal, objective),
      latent: await dynamics.encodeMoment(world.frame(), previous),
      space: definition.spec.action,
      random: new Random(planSeed),
      ...(warmStart && { warmStart }),
    });
    return plan.actions;
  };
  return planningController(makePlan, seed, clock, executed);
}

/** Learned dynamics, the true cost: the state is read linearly from predicted latents, the goal's is given. */
export async function learnedStateController(parts: DiagnosticParts): Promise<Controller> {
  const { definition, dynamics, solver, seed, clock, executed } = parts;
  const readout = await learnReadout(definition, dynamics, seed);
  const judging = createWorld(definition);
  const makePlan: MakePlan = async (world, { task }, planSeed, warmStart, previous) => {
    const plan = await solver.plan({
      dynamics,
      objective: readDistance(judging, readout, task.goal),
      latent: await dynamics.encodeMoment(world.frame(), previous),
      space: definition.spec.action,
      random: new Random(planSeed),
      ...(warmStart && { warmStart }),
    });
    return plan.actions;
  };
  return planningController(makePlan, seed, clock, executed);
}

/** Fitted to scripted episodes of a seed of its own. */
async function learnReadout(definition: WorldDefinition, dynamics: LearnedDynamics, seed: number): Promise<Readout> {
  const episodeSeed = new Random(seed).fork('readout episodes').uint32();
  const { episodes } = collectEpisodes({ definition, ...READOUT, seed: episodeSeed });
  return fitLinear(definition.spec, await encodedSet(dynamics, episodes));
}

/** The world's own distance of the states that are read, averaged over the steps, plus the last step's. */
function readDistance(world: World, readout: Readout, goal: State): Objective {
  return {
    cost: async (rollout) => {
      const { candidates, horizon, latentSize, latents } = rollout;
      const distances = Float32Array.from({ length: candidates * horizon }, (_, row) => {
        const latent = latents.subarray(row * latentSize, (row + 1) * latentSize);
        return world.distance(stateOf(world.spec, readout(latent)), goal);
      });
      return overSteps(distances, rollout, { mean: 1, last: 1 });
    },
  };
}
