/**
 * Several futures of one moment: variations of a plan, what would truly happen under each, and what the agent imagines
 * of it. The true ones branch from one snapshot of the physics; the imagined ones are rolled out from what the agent
 * saw then and are painted with the plan's renderer steps and the noise of the episode, so that true and imagined begin
 * at the same instant and a difference is the model's.
 *
 * Nothing of it may hold up the session, which goes on meanwhile: physics and reading are done in the time that the
 * thread has to spare, and the agent is asked for one frame at a time, so that its next plan waits for no more than one.
 */
import { inWorld } from '../../envs/inWorld.ts';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { Random } from '../../shared/random.ts';
import type { Snapshot, World } from '../../shared/world.ts';
import type { Agent } from '../agent/agent.ts';
import { branchedFutures } from './branchedFutures.ts';
import type { Episode } from './episode.ts';
import { futureSpread, type Locate } from './futureSpread.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';
import type { SpareTime } from './spareTime.ts';
import { variedPlans } from './variedPlans.ts';

export interface SeveralFutures {
  /** Step of the episode from which they branch. */
  readonly startStep: number;
  readonly horizon: number;
  /** For each future, its frames after each action; the first future is the plan's own. */
  readonly truths: readonly (readonly Frame[])[];
  readonly dreams: readonly (readonly Frame[])[];
  /** How far they come apart, in pixels, step by step; NaN where it cannot be read. */
  readonly spread: { readonly truths: Float32Array; readonly dreams: Float32Array };
}

export interface FuturesRequest {
  readonly agent: Agent;
  readonly episode: Episode;
  /** The plan, made from where the episode still is, and what is imagined of it. */
  readonly future: ImaginedFuture;
  /** Their number of futures, 1 or more, and the seed of all draws. */
  readonly settings: Settings;
  /** Where the true ones are stepped: a copy of the episode's world, and where the episode is. */
  readonly branch: { readonly copy: World; readonly from: Snapshot };
  /** Finds the shape whose spread is measured, if it can be found. */
  readonly locate: Locate | undefined;
  readonly spareTime: SpareTime;
  readonly signal: AbortSignal;
}

/**
 * Makes the futures. What it needs of the episode is taken before it first waits, so that the episode may go on.
 * @throws the signal's reason once it is aborted; WorldError when the physics breaks down; whatever the agent throws.
 */
export async function severalFutures(request: FuturesRequest): Promise<SeveralFutures> {
  const { episode, future, settings, branch, locate, spareTime, signal } = request;
  const { plan, startStep } = future;
  const { horizon } = plan;
  const { action: space, id } = episode.spec;
  const random = new Random(settings.seed).fork(`futures ${startStep}`);
  const plans = variedPlans(plan, space, settings.futures ?? 0, random);
  const [truths, dreams] = await Promise.all([
    spareTime.run(inTheWorld(id, branchedFutures({ ...branch, plans, horizon })), signal),
    imagined(request, plans),
  ]);
  const spreadOf = (films: readonly (readonly Frame[])[]) =>
    locate === undefined
      ? new Float32Array(horizon).fill(Number.NaN)
      : spareTime.run(futureSpread(films, locate), signal);
  const spread = { truths: await spreadOf(truths), dreams: await spreadOf(dreams) };
  return { startStep, horizon, truths, dreams, spread };
}

/** What the agent imagines under each plan; of its own plan it has done so already. */
async function imagined(
  { agent, episode, future, settings, signal }: FuturesRequest,
  [, ...variations]: readonly Float32Array[],
): Promise<Frame[][]> {
  const dreams = [[...future.frames]];
  if (variations.length === 0) return dreams;
  const seen = episode.seen();
  const options = { steps: future.rendererSteps, seed: new Random(settings.seed).fork('render').uint32() };
  const { columns, data } = await agent.encode(seen);
  const start = data.slice(-columns);
  for (const actions of variations) {
    signal.throwIfAborted();
    const latents = await agent.imagine(start, actions);
    const frames: Frame[] = [];
    for (let row = 0; row < latents.rows; row++) {
      signal.throwIfAborted();
      const latent = latents.data.slice(row * latents.columns, (row + 1) * latents.columns);
      const told = { before: [...seen, ...frames].slice(-MOST_CONTEXT), first: row };
      frames.push(
        ...(await agent.render({ rows: 1, columns: latents.columns, data: latent }, { ...options, ...told })),
      );
    }
    dreams.push(frames);
  }
  return dreams;
}

/** The same work, with what the world throws named. */
function* inTheWorld<T>(world: string, work: Generator<void, T>): Generator<void, T> {
  for (;;) {
    const result = inWorld(world, () => work.next());
    if (result.done) return result.value;
    yield;
  }
}
