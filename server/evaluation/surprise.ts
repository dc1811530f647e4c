/**
 * Surprise, as a test of intuitive physics (the violation-of-expectation protocol of IntPhys, Riochet et al. 2018; for
 * latent models Garrido et al. 2025): how far what is seen lies from what was predicted, one step ahead, on ordinary
 * motion and on events that cannot happen. Each number of the latent counts in units of its usual error, which is
 * taken from other ordinary episodes, and of these errors the largest eighth: an event befalls one body, which few
 * keypoints lie on, and among all of them it would drown. The area under the ROC curve says how well one threshold tells
 * the two apart. A change of colour breaks no law of motion, so that a model of the physics should be less surprised by
 * it.
 */
import type { Dynamics } from '../../models/planning/contracts.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { type Episode, framesOf } from '../data/episodes.ts';
import { type EventKind, eventKinds, impossibleEvents } from './impossibleEvents.ts';
import { rocArea } from './rocArea.ts';

/** Events of each kind, and ordinary steps that they are told from. */
const EVENTS = 150;
const ORDINARY = 300;

/** Share of a latent's numbers that count, those with the largest errors. */
const COUNTED = 1 / 8;

export interface Surprise {
  /** Area under the ROC curve against ordinary motion; null where the world gives no occasion. */
  readonly auc: number | null;
  readonly events: number;
}

/** For every kind of event, in `episodes`; what is usual is learnt from the episodes `usual`. */
export async function surpriseOf(
  dynamics: Dynamics,
  definition: WorldDefinition,
  usual: readonly Episode[],
  episodes: readonly Episode[],
  seed: number,
): Promise<Record<EventKind, Surprise>> {
  const random = new Random(seed).fork('surprise');
  const errors = await errorsAt(dynamics, ordinaryMoments(usual, random.fork('usual')));
  const squares = Float64Array.from({ length: dynamics.latentSize }, (_, i) =>
    errors.reduce((sum, error) => sum + (error[i] as number) ** 2 / errors.length, 0),
  );
  const score = (error: Float32Array): number => {
    const unusual = error.map((value, i) => value ** 2 / ((squares[i] as number) + Number.EPSILON)).sort();
    return unusual.subarray(-Math.ceil(COUNTED * unusual.length)).reduce((sum, value) => sum + value, 0);
  };
  const ordinary = (await errorsAt(dynamics, ordinaryMoments(episodes, random))).map(score);
  const entries: [EventKind, Surprise][] = [];
  for (const kind of eventKinds) {
    const moments = impossibleEvents(kind, definition, episodes, EVENTS, random.fork(kind)).map(
      ({ episode, step, frame }) => ({ episode: episodes[episode] as Episode, step, seen: frame }),
    );
    const scores = (await errorsAt(dynamics, moments)).map(score);
    entries.push([kind, { auc: scores.length > 0 ? rocArea(scores, ordinary) : null, events: scores.length }]);
  }
  return Object.fromEntries(entries) as Record<EventKind, Surprise>;
}

/** A step of an episode, and what is seen after it. */
interface Moment {
  readonly episode: Episode;
  readonly step: number;
  readonly seen: Frame;
}

function ordinaryMoments(episodes: readonly Episode[], random: Random): Moment[] {
  return Array.from({ length: ORDINARY }, () => {
    const episode = random.choice(episodes);
    const step = random.integer(episode.steps);
    return { episode, step, seen: framesOf(episode)[step + 1] as Frame };
  });
}

/** The latent of what is seen after each step, less what the true past leads to. */
async function errorsAt(dynamics: Dynamics, moments: readonly Moment[]): Promise<Float32Array[]> {
  const { latentSize: size } = dynamics;
  // Clips of three frames: what was seen before, then, and after the step. A clip's first latent follows another clip.
  const clips = moments.flatMap(({ episode, step, seen }) => {
    const frames = framesOf(episode);
    return [frames[Math.max(0, step - 1)] as Frame, frames[step] as Frame, seen];
  });
  const { data } = await dynamics.encode(clips);
  const row = (index: number): Float32Array => data.slice(index * size, (index + 1) * size);
  const errors: Float32Array[] = [];
  for (const [i, { episode, step }] of moments.entries()) {
    const width = episode.actions.length / episode.steps;
    const action = episode.actions.slice(step * width, (step + 1) * width);
    const { latents } = await dynamics.rollout(row(3 * i + 1), action, 1, 1);
    const after = row(3 * i + 2);
    errors.push(latents.map((value, k) => (after[k] as number) - value));
  }
  return errors;
}
