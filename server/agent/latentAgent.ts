/**
 * The agent in this thread: a trained latent model, a solver and a renderer, composed behind the `Agent` contract.
 * Planning sees frames alone: both the present and the goal are encoded, and candidates are judged in latent space.
 */

import { loadWorld, worldIds } from '../../envs/registry.ts';
import { createRenderer, type Renderer } from '../../models/diffusion/renderer.ts';
import { goalObjective } from '../../models/latent/goalObjective.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { posesOf } from '../../models/latent/motion.ts';
import { createCemSolver } from '../../models/planning/cemSolver.ts';
import type { Iteration, Matrix, PlanRequest, Solver } from '../../models/planning/contracts.ts';
import type { Engine } from '../../models/tensor/program.ts';
import { WeightsError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { Space } from '../../shared/space.ts';
import { openEngine } from '../engine/openEngine.ts';
import type { Agent, AgentPlan, AgentPlanRequest, RenderOptions } from './agent.ts';
import { type AgentFiles, readAgentFiles } from './agentFiles.ts';

export interface LatentAgentOptions {
  /** Directory with the agent's card and weights. */
  readonly directory: string;
  /** Name of the engine, or `auto`; the CPU's unless told, so that figures are the same everywhere. */
  readonly engine?: string;
  /** Threads of the engine; all cores unless told. */
  readonly threads?: number;
  /** The cross-entropy method unless told. */
  readonly solver?: Solver;
}

/** Loads an agent from its directory. @throws WeightsError naming what is missing, damaged or does not fit */
export async function loadLatentAgent({
  directory,
  engine: name = 'cpu',
  threads,
  solver,
}: LatentAgentOptions): Promise<Agent> {
  const files = await readAgentFiles(directory);
  await refuseOtherVersion(directory, files.card.world);
  const engine = await openEngine(name, threads === undefined ? {} : { threads });
  return new LatentAgent(engine, files, files.card.latent.actions, solver ?? createCemSolver());
}

/** A world that is no longer the one learned; of a module, only whoever loads it knows its version. */
async function refuseOtherVersion(directory: string, { id, version }: AgentFiles['card']['world']): Promise<void> {
  if (!worldIds().includes(id)) return;
  const { spec } = await loadWorld(id);
  if (spec.version === version) return;
  throw new WeightsError(
    `the agent in "${directory}" was trained in version ${version} of ${id}, which is now at version ${spec.version}; train it again`,
  );
}

class LatentAgent implements Agent {
  readonly world: string;
  readonly latentSize: number;
  readonly horizon: number;
  private readonly poseSize: number;
  private readonly engine: Engine;
  private readonly dynamics: LearnedDynamics;
  private readonly renderer: Renderer | undefined;
  private readonly space: Space;
  private readonly solver: Solver;

  constructor(engine: Engine, { card, latent, renderer }: AgentFiles, space: Space, solver: Solver) {
    this.engine = engine;
    this.space = space;
    this.solver = solver;
    this.world = card.world.id;
    this.horizon = solver.horizon;
    this.dynamics = new LearnedDynamics(engine, latent);
    this.latentSize = this.dynamics.latentSize;
    this.poseSize = poseSizeOf(latent.config.encoder);
    this.renderer = renderer && createRenderer(engine, renderer);
  }

  encode(frames: readonly Frame[]): Promise<Matrix> {
    return this.dynamics.encode(frames);
  }

  async plan({ frame, previous, goal, seed, warmStart }: AgentPlanRequest): Promise<AgentPlan> {
    const clip = await this.dynamics.encode(previous ? [previous, frame] : [frame]);
    const latent = clip.data.subarray(-this.latentSize);
    const goalLatent = (await this.dynamics.encode([goal])).data;
    const costs: { best: number; mean: number }[] = [];
    const request: PlanRequest = {
      dynamics: this.dynamics,
      objective: goalObjective(this.dynamics, goalLatent),
      latent,
      space: this.space,
      random: new Random(seed),
      observe: (iteration) => costs.push(summarise(iteration)),
    };
    const { actions, horizon } = await this.solver.plan(warmStart ? { ...request, warmStart } : request);
    const { latents } = await this.dynamics.rollout(latent, actions, 1, horizon);
    return { horizon, actions, latents: { rows: horizon, columns: this.latentSize, data: latents }, costs };
  }

  async render(latents: Matrix, { steps, seed }: RenderOptions): Promise<Frame[]> {
    if (!this.renderer)
      throw new WeightsError(
        `the agent of ${this.world} has no renderer yet; run \`reverie train --stage renderer --resume\` on it`,
      );
    return this.renderer.render(posesOf(latents, this.poseSize), { steps, seed });
  }

  async dispose(): Promise<void> {
    await this.dynamics.dispose();
    await this.renderer?.dispose();
    await this.engine.dispose();
  }
}

function summarise({ costs }: Iteration): { best: number; mean: number } {
  return { best: Math.min(...costs), mean: costs.reduce((sum, cost) => sum + cost, 0) / costs.length };
}
