/**
 * Frames that training has not seen, for measuring painters: short episodes of the scripted behaviour from seeds of the
 * bench's own, each frame with the scene that it shows. Frames of an episode are consecutive, so that flicker can be
 * seen.
 */
import { drawScene } from '../../envs/drawScene.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { clamp } from '../../shared/space.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { type Blob, visibleCentroids } from './visibleCentroids.ts';

export interface HeldOutFrames {
  readonly frames: readonly Frame[];
  /** Where the scene's geometry has each object, frame by frame. */
  readonly truths: readonly (readonly (Blob | undefined)[])[];
  /** First frames of the episodes, ascending. */
  readonly episodeStarts: readonly number[];
  /** The frame with only what never moves. */
  readonly backdrop: Frame;
}

const EPISODE_FRAMES = 20;

/** `count` frames, determined by the seed. */
export function heldOutFrames({ spec, create }: WorldDefinition, count: number, seed: number): HeldOutFrames {
  const world = create();
  const root = new Random(seed).fork('held-out frames');
  const [frames, truths, episodeStarts]: [Frame[], (Blob | undefined)[][], number[]] = [[], [], []];
  while (frames.length < count) {
    const random = root.fork(episodeStarts.length);
    episodeStarts.push(frames.length);
    world.reset(random.uint32());
    const behaviour = world.behaviour(random);
    const length = Math.min(EPISODE_FRAMES, count - frames.length);
    for (let step = 0; step < length; step++) {
      frames.push(Uint8Array.from(world.frame()));
      truths.push(visibleCentroids(world.scene(), spec));
      world.step(clamp(spec.action, behaviour.act(world.state())));
    }
  }
  const still = world.scene().filter(({ fixed }) => fixed);
  return { frames, truths, episodeStarts, backdrop: drawScene(still, spec) };
}
