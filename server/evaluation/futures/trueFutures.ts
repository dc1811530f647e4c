/**
 * Futures that the present leaves open: from one moment the world goes on for some steps under an action that nobody
 * knows. The action is drawn uniformly and held, so that the futures spread out, and split where something is in the
 * way. A snapshot makes them futures of exactly one moment.
 */
import type { Frame } from '../../../shared/frame.ts';
import { Random } from '../../../shared/random.ts';
import { type Action, clamp, sample } from '../../../shared/space.ts';
import type { World } from '../../../shared/world.ts';

export interface Moment {
  readonly frame: Frame;
  readonly futures: readonly Future[];
}

export interface Future {
  /** The action that was held. */
  readonly action: Action;
  /** What was seen at its end. */
  readonly frame: Frame;
}

export interface FutureSampling {
  readonly world: World;
  /** Steps from the moment to its future; less where the episode ends before. */
  readonly horizon: number;
  readonly moments: number;
  readonly futuresEach: number;
  readonly seed: number;
}

/** Steps of the scripted behaviour between two moments of an episode, and moments of an episode. */
const STEPS_BETWEEN = 4;
const MOMENTS_EACH = 6;

/** Moments of scripted episodes, each with futures of its own. */
export function sampleFutures({ world, horizon, moments, futuresEach, seed }: FutureSampling): Moment[] {
  const root = new Random(seed).fork('futures');
  const sampled: Moment[] = [];
  for (let episode = 0; sampled.length < moments; episode++) {
    const random = root.fork(episode);
    world.reset(random.uint32());
    const behaviour = world.behaviour(random.fork('behaviour'));
    for (let moment = 0; moment < MOMENTS_EACH && sampled.length < moments; moment++) {
      const present = world.snapshot();
      const frame = Uint8Array.from(world.frame());
      const futures = Array.from({ length: futuresEach }, () => {
        world.restore(present);
        const action = sample(world.spec.action, random);
        play(world, horizon, () => action);
        return { action, frame: Uint8Array.from(world.frame()) };
      });
      sampled.push({ frame, futures });
      world.restore(present);
      const over = play(world, STEPS_BETWEEN, () => clamp(world.spec.action, behaviour.act(world.state())));
      if (over) break;
    }
  }
  return sampled;
}

/** Whether the episode ended. */
function play(world: World, steps: number, act: () => Action): boolean {
  for (let step = 0; step < steps; step++) {
    const { terminated, truncated } = world.step(act());
    if (terminated || truncated) return true;
  }
  return false;
}
