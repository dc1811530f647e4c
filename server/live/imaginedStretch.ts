/**
 * The dream beside a replay: from what was seen at a step of the recording, the actions that were really taken from
 * there on are imagined and painted. It has the form of a plan whose search is left out, and the seeds of a live session
 * in the same task, so that the agent that acted dreams again what it dreamt then. Near the end of the recording fewer
 * actions are left than the agent looks ahead, and as many are imagined as there are.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { Random } from '../../shared/random.ts';
import type { Agent } from '../agent/agent.ts';
import type { RecordedEpisode } from '../recording/recordedEpisode.ts';
import type { Recording } from '../recording/recording.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';

export interface StretchRequest {
  readonly agent: Agent;
  readonly steps: Recording['steps'];
  /** Step of the recording at which it begins; one action at least comes after it. */
  readonly start: number;
  /** What an agent knows there: the frame of the step, after that of the step before. */
  readonly seen: readonly Frame[];
  readonly settings: Settings;
  readonly clock: Clock;
}

/** Imagines as many steps as the agent plans ahead, or as are left. */
export async function imagineStretch(request: StretchRequest): Promise<ImaginedFuture> {
  const { agent, steps, start, seen, settings, clock } = request;
  const { horizon, latentSize } = agent;
  const began = clock.now();
  const taken = steps.slice(start, start + horizon).map(({ action }) => action);
  // Always as long as a plan, for which alone the agent has compiled its model; what comes later changes nothing before.
  const padded = Array.from({ length: horizon }, (_, i) => taken[i] ?? taken.at(-1) ?? []);
  const { data } = await agent.encode(seen);
  const all = await agent.imagine(data.slice(-latentSize), Float32Array.from(padded.flat()));
  const latents = { rows: taken.length, columns: latentSize, data: all.data.slice(0, taken.length * latentSize) };
  const imagined = clock.now();
  const { rendererSteps } = settings;
  const seed = new Random(settings.seed).fork('render').uint32();
  const frames = await agent.render(latents, { steps: rendererSteps, seed, before: seen });
  return {
    plan: { horizon: taken.length, actions: Float32Array.from(taken.flat()), latents, costs: [] },
    frames,
    startStep: start,
    rendererSteps,
    planMs: imagined - began,
    renderMs: clock.now() - imagined,
  };
}

/** What an agent knows at a step, gone to in parts; the episode then stands there. */
export function* seenAt(episode: RecordedEpisode, step: number): Generator<void, Frame[]> {
  if (step === 0) {
    yield* episode.seeking(0);
    return [episode.frame()];
  }
  yield* episode.seeking(step - 1);
  const before = episode.frame();
  yield* episode.seeking(step);
  return [before, episode.frame()];
}
