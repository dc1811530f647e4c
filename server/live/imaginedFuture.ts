/**
 * The dream of a live session: a plan from what the agent sees now, and the frames that it imagines for every step of
 * it. Draws are determined by the episode's seed: each plan has a solver seed of its own, while all frames of an
 * episode share the renderer's noise, so that the picture moves only where the latent does.
 */
import { inWorld } from '../../envs/inWorld.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { Random } from '../../shared/random.ts';
import type { Action } from '../../shared/space.ts';
import type { Agent, AgentPlan, Reading } from '../agent/agent.ts';
import type { Episode } from './episode.ts';
import { FAN_CANDIDATES, type Fan, fanOf } from './fan.ts';

export interface ImaginedFuture {
  readonly plan: AgentPlan;
  /** One frame a step of the plan: frame t is what the agent expects to see after action t. */
  readonly frames: readonly Frame[];
  /** Step of the episode at which the plan begins. */
  readonly startStep: number;
  readonly rendererSteps: Settings['rendererSteps'];
  readonly planMs: number;
  /** Milliseconds for all frames together. */
  readonly renderMs: number;
  /** Where the candidates of the search lead, where the settings ask for it. */
  readonly fan?: Fan;
  /** What is read from the latents beside the truth at the start, where the settings ask for it and it is learned. */
  readonly reading?: Reading & { readonly truth: readonly number[] };
}

export interface ImagineRequest {
  readonly agent: Agent;
  readonly episode: Episode;
  readonly settings: Settings;
  readonly clock: Clock;
  /** Gives it up: of an agent that is shared nothing more is asked. */
  readonly signal?: AbortSignal;
}

/**
 * Plans from the episode's present and renders what the plan should look like.
 * @throws WorldError when the physics breaks down; whatever the agent throws; the signal's reason once it is aborted
 */
export async function imagineFuture(request: ImagineRequest): Promise<ImaginedFuture> {
  const { agent, episode, settings, clock, signal } = request;
  signal?.throwIfAborted();
  const random = new Random(settings.seed);
  const startStep = episode.steps;
  const began = clock.now();
  const { seen, truth, branch } = inWorld(episode.spec.id, () => ({
    seen: episode.seen(),
    truth: settings.reading ? episode.quantities() : undefined,
    branch: settings.fan ? episode.branch() : undefined,
  }));
  const [frame, previous] = [...seen].reverse() as [Frame, Frame?];
  const plan = await agent.plan({
    frame,
    ...(previous && { previous }),
    goal: episode.goalFrame,
    seed: random.fork(`plan ${startStep}`).uint32(),
    ...(branch && { candidates: FAN_CANDIDATES }),
    ...(truth && { read: true }),
  });
  signal?.throwIfAborted();
  const planned = clock.now();
  const { rendererSteps } = settings;
  const seed = random.fork('render').uint32();
  const frames = await agent.render(plan.latents, { steps: rendererSteps, seed, before: seen });
  const reading = truth && plan.reading && { ...plan.reading, truth };
  const times = { planMs: planned - began, renderMs: clock.now() - planned };
  const future = { plan, frames, startStep, rendererSteps, ...times, ...(reading && { reading }) };
  const { subject } = episode;
  if (branch === undefined || subject === undefined || signal?.aborted) return future;
  return { ...future, fan: await fanOf({ ...branch, plan, shape: subject, clock }) };
}

/** Action `step` of a plan. */
export function actionAt({ actions, horizon }: AgentPlan, step: number): Action {
  const dimensions = actions.length / horizon;
  return Array.from(actions.subarray(step * dimensions, (step + 1) * dimensions));
}
