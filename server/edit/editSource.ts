/**
 * Where the frame comes from that is edited: a picture, a step of a recording, or a step of the episode that a seed
 * begins in the world. A picture is taken as it is. Of the other two the frame is whole, so that the edit takes away
 * itself what it then has to find, and the result can be compared with the truth.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import { MOST_CONTEXT } from '../../models/diffusion/network/optionalConditions.ts';
import { UsageError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { clamp } from '../../shared/space.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { RecordedEpisode } from '../recording/recordedEpisode.ts';
import type { Recording } from '../recording/recording.ts';
import { worldOfRecording } from '../recording/worldOfRecording.ts';

/** What is edited. */
export type EditSource =
  | { readonly kind: 'picture'; readonly file: string }
  | { readonly kind: 'recording'; readonly file: string; readonly step: number }
  | { readonly kind: 'world'; readonly seed: number; readonly step: number };

/** A frame and those before it, the latest last, as many as a renderer may be told. */
export interface Moment {
  readonly frame: Frame;
  readonly before: readonly Frame[];
}

/** A step of a recording. @throws UsageError when it has no such step; DataError when it is not usable */
export async function recordedMoment(recording: Recording, step: number, world: string | undefined): Promise<Moment> {
  const { header } = recording;
  if (step > header.steps)
    throw new UsageError(`the recording has no step ${step}; choose one from 0 to ${header.steps}`);
  const episode = new RecordedEpisode(recording, await worldOfRecording(header, world));
  const before: Frame[] = [];
  for (let at = Math.max(0, step - MOST_CONTEXT); at < step; at++) {
    episode.seek(at);
    before.push(Uint8Array.from(episode.frame()));
  }
  episode.seek(step);
  return { frame: Uint8Array.from(episode.frame()), before };
}

/** The frame after `step` steps of the scripted behaviour. @throws UsageError when the episode ends before */
export function freshFrame(definition: WorldDefinition, seed: number, step: number): Frame {
  return freshMoment(definition, seed, step).frame;
}

/** The same with the frames before. @throws likewise */
export function freshMoment(definition: WorldDefinition, seed: number, step: number): Moment {
  const world = createWorld(definition);
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed).fork('behaviour'));
  const before: Frame[] = [];
  for (let done = 0; done < step; done++) {
    if (done >= step - MOST_CONTEXT) before.push(Uint8Array.from(world.frame()));
    const { terminated, truncated } = world.step(clamp(definition.spec.action, behaviour.act(world.state())));
    if ((terminated || truncated) && done + 1 < step)
      throw new UsageError(`the episode of seed ${seed} ends after ${done + 1} steps; choose a frame up to it`);
  }
  return { frame: Uint8Array.from(world.frame()), before };
}
