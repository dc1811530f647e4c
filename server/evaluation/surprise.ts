/**
 * Surprise, as a test of intuitive physics (the violation-of-expectation protocol of IntPhys, Riochet et al. 2018; for
 * latent models Garrido et al. 2025): how far what is seen lies from what was predicted, one step ahead, on ordinary
 * motion and on events that cannot happen. The area under the ROC curve says how well one threshold tells the two
 * apart. A change of colour breaks no law of motion, so that a model of the physics should be less surprised by it.
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

export interface Surprise {
  /** Area under the ROC curve against ordinary motion; null where the world gives no occasion. */
  readonly auc: number | null;
  readonly events: number;
}

/** For every kind of event. */
export async function surpriseOf(
  dynamics: Dynamics,
  definition: WorldDefinition,
  episodes: readonly Episode[],
  seed: number,
): Promise<Record<EventKind, Surprise>> {
  const random = new Random(seed).fork('surprise');
  const ordinary: number[] = [];
  for (let i = 0; i < ORDINARY; i++) {
    const episode = random.choice(episodes);
    const step = random.integer(episode.steps);
    ordinary.push(await surpriseAt(dynamics, episode, step, framesOf(episode)[step + 1] as Frame));
  }
  const entries: [EventKind, Surprise][] = [];
  for (const kind of eventKinds) {
    const scores: number[] = [];
    for (const { episode, step, frame } of impossibleEvents(kind, definition, episodes, EVENTS, random.fork(kind)))
      scores.push(await surpriseAt(dynamics, episodes[episode] as Episode, step, frame));
    entries.push([kind, { auc: scores.length > 0 ? rocArea(scores, ordinary) : null, events: scores.length }]);
  }
  return Object.fromEntries(entries) as Record<EventKind, Surprise>;
}

/** Squared latent distance of what is seen after a step from what the true past leads to. */
async function surpriseAt(dynamics: Dynamics, episode: Episode, step: number, seen: Frame): Promise<number> {
  const width = episode.actions.length / episode.steps;
  const before = (await dynamics.encode([framesOf(episode)[step] as Frame])).data;
  const action = episode.actions.slice(step * width, (step + 1) * width);
  const { latents: expected } = await dynamics.rollout(before, action, 1, 1);
  const { data: latent } = await dynamics.encode([seen]);
  return latent.reduce((sum, value, i) => sum + (value - (expected[i] as number)) ** 2, 0);
}
