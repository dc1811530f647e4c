/**
 * What a cover leaves open: one half of the frame is hidden with everything that moves behind it, and the latent of
 * that picture cannot say where it is. What is true then is wherever the scripted behaviour leads things within that
 * half: frames of other moments whose covered picture is the same to the byte. Each cover is one case, and as all that
 * can be seen is the cover, its truths are exact samples of what it leaves open.
 */
import { drawScene } from '../../../envs/drawScene.ts';
import { UsageError } from '../../../shared/errors.ts';
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { Random } from '../../../shared/random.ts';
import { clamp } from '../../../shared/space.ts';
import type { World } from '../../../shared/world.ts';
import { movingPixels } from '../../bench/pictureMetrics.ts';
import type { OpenMoment } from './openMoment.ts';

type Hides = (x: number, y: number) => boolean;

/** Halves of the frame, by the pixels that they hold. */
const covers: readonly Hides[] = [
  (x) => x < FRAME_SIZE / 2,
  (x) => x >= FRAME_SIZE / 2,
  (_x, y) => y < FRAME_SIZE / 2,
  (_x, y) => y >= FRAME_SIZE / 2,
];

/** How many covers there are. */
export const COVERS = covers.length;

/** The colour of a cover: no world's background. */
const COVER = [150, 110, 150] as const;

const STEPS_BETWEEN = 4;
const FRAMES_EACH = 6;
/** Episodes to look for frames that a cover hides, for each that is wanted. */
const EPISODES_EACH = 20;

export interface CoveredSampling {
  readonly world: World;
  /** Frames behind each cover. */
  readonly truthsEach: number;
  readonly seed: number;
}

/** One moment for each cover that hides all that moves often enough. @throws UsageError when none does */
export function sampleCovered({ world, truthsEach, seed }: CoveredSampling): OpenMoment[] {
  const root = new Random(seed).fork('covered');
  world.reset(root.uint32());
  const backdrop = drawScene(
    world.scene().filter(({ fixed }) => fixed),
    world.spec,
  );
  const found = covers.map((): Frame[] => []);
  for (let episode = 0; episode < EPISODES_EACH * truthsEach; episode++) {
    if (found.every((frames) => frames.length >= truthsEach)) break;
    for (const frame of scriptedFrames(world, root.fork(episode))) {
      const moving = movingPixels(backdrop, frame, 0);
      covers.forEach((hides, i) => {
        if (isWithin(moving, hides)) found[i]?.push(frame);
      });
    }
  }
  const moments = covers.flatMap((hides, i): OpenMoment[] => {
    const truths = found[i] ?? [];
    return truths.length < truthsEach
      ? []
      : [{ seen: covered(truths[0] as Frame, hides), truths: truths.slice(0, truthsEach) }];
  });
  if (moments.length === 0)
    throw new UsageError(
      `in ${world.spec.id} all that moves is never within one half of the frame, so that no cover hides it; choose another world`,
    );
  return moments;
}

/** Frames of one scripted episode, some steps apart. */
function scriptedFrames(world: World, random: Random): Frame[] {
  world.reset(random.uint32());
  const behaviour = world.behaviour(random.fork('behaviour'));
  const frames: Frame[] = [];
  while (frames.length < FRAMES_EACH) {
    frames.push(Uint8Array.from(world.frame()));
    for (let step = 0; step < STEPS_BETWEEN; step++) {
      const { terminated, truncated } = world.step(clamp(world.spec.action, behaviour.act(world.state())));
      if (terminated || truncated) return frames;
    }
  }
  return frames;
}

/** Whether something moves, and all of it is hidden. */
function isWithin(moving: Uint8Array, hides: Hides): boolean {
  let some = false;
  for (let pixel = 0; pixel < moving.length; pixel++) {
    if (!moving[pixel]) continue;
    some = true;
    if (!hides(pixel % FRAME_SIZE, Math.floor(pixel / FRAME_SIZE))) return false;
  }
  return some;
}

function covered(frame: Frame, hides: Hides): Frame {
  return frame.map((byte, at) => {
    const pixel = Math.floor(at / FRAME_CHANNELS);
    return hides(pixel % FRAME_SIZE, Math.floor(pixel / FRAME_SIZE)) ? (COVER[at % FRAME_CHANNELS] as number) : byte;
  });
}
