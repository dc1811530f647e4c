/**
 * Where the frame comes from that is edited: a picture, a step of a recording, or a step of the episode that a seed
 * begins in the world. A picture is taken as it is. Of the other two the frame is whole, so that the edit takes away
 * itself what it then has to find, and the result can be compared with the truth.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
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

/** The frame at a step of a recording. @throws UsageError when it has no such step; DataError when it is not usable */
export async function recordedFrame(recording: Recording, step: number, world: string | undefined): Promise<Frame> {
  const { header } = recording;
  if (step > header.steps)
    throw new UsageError(`the recording has no step ${step}; choose one from 0 to ${header.steps}`);
  const episode = new RecordedEpisode(recording, await worldOfRecording(header, world));
  episode.seek(step);
  return Uint8Array.from(episode.frame());
}

/** The frame after `step` steps of the scripted behaviour. @throws UsageError when the episode ends before */
export function freshFrame(definition: WorldDefinition, seed: number, step: number): Frame {
  const world = createWorld(definition);
  world.reset(seed);
  const behaviour = world.behaviour(new Random(seed).fork('behaviour'));
  for (let done = 0; done < step; done++) {
    const { terminated, truncated } = world.step(clamp(definition.spec.action, behaviour.act(world.state())));
    if ((terminated || truncated) && done + 1 < step)
      throw new UsageError(`the episode of seed ${seed} ends after ${done + 1} steps; choose a frame up to it`);
  }
  return Uint8Array.from(world.frame());
}
