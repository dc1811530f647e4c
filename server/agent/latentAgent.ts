/**
 * The agent in this thread: a trained latent model, a solver and a renderer, composed behind the `Agent` contract.
 * Planning sees frames alone: both the present and the goal are encoded, and candidates are judged in latent space.
 */

import { loadWorld } from '../../envs/registry.ts';
import { createFrameEditor, type FrameEditor } from '../../models/diffusion/editing/frameEditor.ts';
import { inpaint } from '../../models/diffusion/editing/inpaint.ts';
import { renderMethods, stepsUpTo } from '../../models/diffusion/methods.ts';
import { createRenderer, type Renderer } from '../../models/diffusion/renderer.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { defaultGoalObjectiveConfig, type GoalObjectiveConfig } from '../../models/latent/goalObjective.ts';
import { goalRequest } from '../../models/latent/goalRequest.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { posesOf } from '../../models/latent/motion.ts';
import type { Iteration, Matrix, Solver } from '../../models/planning/contracts.ts';
import { createFurtherLookingSolver } from '../../models/planning/furtherLookingSolver.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import { dimensionsOf } from '../../shared/space.ts';
import { openEngine } from '../engine/openEngine.ts';
import type { Agent, AgentPlan, AgentPlanRequest, FillOptions, Reading, RenderOptions } from './agent.ts';
import { type AgentFiles, readAgentFiles } from './agentFiles.ts';
import { type CandidateSample, sampleCandidates } from './candidateSample.ts';
import { lacksRenderer } from './lacksRenderer.ts';
import { checkPainting, conditionsFor, givenPainting, type PaintingOptions } from './paintingOptions.ts';
import { refuseOtherSource } from './refuseOtherWorld.ts';
import { type Lesson, StateReader } from './stateReader.ts';
import { planOfNothing } from './warmUp.ts';

export interface LatentAgentOptions extends PaintingOptions {
  /** Directory with the agent's card and weights. */
  readonly directory: string;
  /** Name of the engine, or `auto`; the CPU's unless told, so that figures are the same everywhere. */
  readonly engine?: string;
  /** Threads of the engine; all cores unless told. */
  readonly threads?: number;
  /** The cross-entropy method that looks further unless told. */
  readonly solver?: Solver;
  /** What plans are judged by; the learned distances and a little latent distance unless told. */
  readonly objective?: GoalObjectiveConfig;
  /** Id of its world, or the module; the card's id unless told. */
  readonly world?: string;
  /** Plans take this time instead of the solver's number of iterations. */
  readonly planTime?: PlanTime;
}

/** Milliseconds for a whole plan, from frames to actions, on a clock. */
export interface PlanTime {
  readonly clock: Clock;
  readonly milliseconds: number;
}

/** What a plan still expects of a delay that the one before it expected, so that a single hiccup is soon forgotten. */
const FADING = 0.8;

/**
 * Loads an agent from its directory.
 * @throws WeightsError naming what is missing, damaged or does not fit; UsageError when it is of another world, or its
 *   renderer has not learned the method, or was not trained for the guidance or the frames before
 */
export async function loadLatentAgent(options: LatentAgentOptions): Promise<Agent> {
  const { directory, engine: name = 'cpu', threads } = options;
  const files = await readAgentFiles(directory);
  await refuseOtherSource(directory, files.card.world, options.world);
  if (files.renderer) checkPainting(options, files.renderer);
  const engine = await openEngine(name, threads === undefined ? {} : { threads });
  const agent = new LatentAgent(engine, files, options);
  if (options.planTime) await agent.prepare();
  return agent;
}

class LatentAgent implements Agent {
  readonly world: string;
  readonly latentSize: number;
  readonly horizon: number;
  readonly stepCounts: Agent['stepCounts'];
  private readonly poseSize: number;
  private readonly engine: Engine;
  private readonly dynamics: LearnedDynamics;
  private readonly renderer: Renderer | undefined;
  private readonly painting: PaintingOptions;
  private readonly painter: RendererWeights | undefined;
  private editor: FrameEditor | undefined;
  private readonly stepsOf: (asked: number) => number;
  private readonly solver: Solver;
  private readonly objective: GoalObjectiveConfig;
  private readonly planTime: PlanTime | undefined;
  private readonly directory: string;
  /** Where its world is found again, to learn to read its state. */
  private readonly source: string;
  private reader: Promise<StateReader> | undefined;
  /** About the longest that what follows the search has taken of late. */
  private finishing = 0;

  constructor(
    engine: Engine,
    { card, latent, renderer }: AgentFiles,
    {
      directory,
      solver = createFurtherLookingSolver(),
      objective = defaultGoalObjectiveConfig,
      planTime,
      world = card.world.id,
      ...painting
    }: Omit<LatentAgentOptions, 'engine' | 'threads'>,
  ) {
    const { method = 'mcm' } = painting;
    this.engine = engine;
    this.directory = directory;
    this.source = world;
    this.solver = solver;
    this.objective = objective;
    this.planTime = planTime;
    this.world = card.world.id;
    this.horizon = solver.horizon;
    this.dynamics = new LearnedDynamics(engine, latent);
    this.latentSize = this.dynamics.latentSize;
    this.poseSize = poseSizeOf(latent.config.encoder);
    this.renderer = renderer && createRenderer(engine, renderer);
    this.painter = renderer;
    this.painting = givenPainting(painting);
    this.stepCounts = renderer ? renderMethods[method].steps(renderer.networks) : [];
    this.stepsOf = (asked) => (method === 'mcm' || !renderer ? asked : stepsUpTo(method, asked, renderer.networks));
  }

  encode(frames: readonly Frame[]): Promise<Matrix> {
    return this.dynamics.encode(frames);
  }

  /** Compiles what a plan needs, so that the first one keeps its time too. */
  async prepare(): Promise<void> {
    await this.plan(planOfNothing);
    this.finishing = 0; // it took a compilation
    await this.plan(planOfNothing);
  }

  async plan({ frame, previous, goal, seed, warmStart, candidates, read }: AgentPlanRequest): Promise<AgentPlan> {
    const { planTime } = this;
    const until = planTime && planTime.clock.now() + planTime.milliseconds - this.finishing;
    const { objective } = this;
    const request = await goalRequest(this.dynamics, {
      frame,
      goal,
      seed,
      objective,
      ...(previous && { previous }),
      ...(warmStart && { warmStart }),
    });
    const costs: { best: number; mean: number }[] = [];
    const samples: CandidateSample[] = [];
    const { actions, horizon } = await this.solver.plan({
      ...request,
      observe: (iteration) => {
        costs.push(summarise(iteration));
        if (candidates !== undefined) samples.push(sampleCandidates(iteration, candidates));
      },
      ...(planTime && until !== undefined && { deadline: { clock: planTime.clock, until } }),
    });
    const searched = planTime?.clock.now() ?? 0;
    const { latent } = request;
    const { latents } = await this.dynamics.rollout(latent, actions, 1, horizon);
    if (planTime) this.finishing = Math.max(FADING * this.finishing, planTime.clock.now() - searched);
    const plan = { horizon, actions, latents: { rows: horizon, columns: this.latentSize, data: latents }, costs };
    const reading = read ? await this.read(latent, latents) : undefined;
    return { ...plan, ...(candidates !== undefined && { candidates: samples }), ...(reading && { reading }) };
  }

  async learnToRead(): Promise<Lesson> {
    this.reader ??= loadWorld(this.source).then((definition) => new StateReader(this.dynamics, definition));
    return (await this.reader).lesson();
  }

  /** What the latent that a plan begins at says, and the last of `latents`. */
  private async read(latent: Float32Array, latents: Float32Array): Promise<Reading | undefined> {
    const reader = await this.reader;
    const seen = reader?.read(latent);
    const foreseen = reader?.read(latents.subarray(latents.length - this.latentSize));
    return seen && foreseen && { seen, foreseen };
  }

  async imagine(latent: Float32Array, actions: Float32Array): Promise<Matrix> {
    const rows = actions.length / dimensionsOf(this.dynamics.space);
    const { latents } = await this.dynamics.rollout(latent, actions, 1, rows);
    return { rows, columns: this.latentSize, data: latents };
  }

  async render(latents: Matrix, options: RenderOptions): Promise<Frame[]> {
    if (!this.renderer) throw lacksRenderer(this.directory, this.source);
    const { guidance: _, contextNoise: __, ...by } = this.painting;
    const { before = [], steps, ...rest } = options;
    return this.renderer.render(posesOf(latents, this.poseSize), {
      ...rest,
      ...by,
      ...conditionsFor(this.painting, before),
      steps: this.stepsOf(steps),
    });
  }

  async fill({ frame, hidden, guide, steps, seed }: FillOptions): Promise<Frame> {
    const { painter } = this;
    const { method = 'mcm', guidance = 1 } = this.painting;
    if (!painter) throw lacksRenderer(this.directory, this.source);
    this.editor ??= createFrameEditor(this.engine, painter);
    const edit = inpaint(frame, hidden);
    const seen = await this.dynamics.encode([guide === 'whole' ? frame : edit.visible(painter.backdrop)]);
    const latent = posesOf(seen, this.poseSize).data;
    return this.editor.edit({ edit, latent, method, guidance, steps: this.stepsOf(steps), seed });
  }

  async dispose(): Promise<void> {
    await this.dynamics.dispose();
    await this.renderer?.dispose();
    await this.editor?.dispose();
    await this.engine.dispose();
  }
}

/** Of the candidates that were imagined to their end. */
function summarise({ costs }: Iteration): { best: number; mean: number } {
  const whole = costs.filter(Number.isFinite);
  return { best: Math.min(...whole), mean: whole.reduce((sum, cost) => sum + cost, 0) / whole.length };
}
