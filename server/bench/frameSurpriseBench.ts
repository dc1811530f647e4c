/**
 * Does the renderer know what cannot be? Its base model says how likely a frame is given a latent (`FrameSurprise`);
 * here the latent is that of what truly came, and the frame either the true one or one in which something is where
 * physics would not have led it (`impossibleEvents.ts`). Where impossible frames cost more bits than real ones, the
 * area under the ROC curve is near 1; at 0.5 surprise tells nothing.
 */
import {
  defaultSurpriseConfig,
  FrameSurprise,
  type SurpriseConfig,
} from '../../models/diffusion/likelihood/frameSurprise.ts';
import type { Frame } from '../../shared/frame.ts';
import { mean } from '../../shared/mean.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { LoadedRenderer } from '../agent/loadedRenderer.ts';
import { collectEpisodes, framesOf } from '../data/episodes.ts';
import { type EventKind, eventKinds, impossibleEvents } from '../evaluation/impossibleEvents.ts';
import { rocArea } from '../evaluation/rocArea.ts';

export interface FrameSurpriseBench {
  readonly definition: WorldDefinition;
  readonly agent: Pick<LoadedRenderer, 'engine' | 'weights' | 'encode'>;
  /** Events of each kind, each beside the frame that truly came. */
  readonly events: number;
  readonly seed: number;
  readonly config?: SurpriseConfig;
  readonly onProgress?: (kind: EventKind, share: number) => void;
}

export interface FrameSurpriseRow {
  readonly kind: EventKind;
  /** Events that the episodes gave occasion for. */
  readonly count: number;
  /** Mean bits for each number of a frame. */
  readonly realBits: number;
  readonly impossibleBits: number;
  /** Area under the ROC curve of all impossible frames against all real ones of the kind. */
  readonly area: number;
  /** Share of events whose frame costs more bits than the true one, given the same latent. */
  readonly dearer: number;
}

const EPISODES = 12;
const LENGTH = 30;

/** One row for each kind of event that the world gives occasion for. */
export async function benchFrameSurprise(bench: FrameSurpriseBench): Promise<FrameSurpriseRow[]> {
  const { definition, agent, events, seed, config = defaultSurpriseConfig, onProgress } = bench;
  const { episodes } = collectEpisodes({ definition, episodes: EPISODES, length: LENGTH, seed });
  const random = new Random(seed).fork('frame surprise');
  const surprise = new FrameSurprise(agent.engine, agent.weights, config);
  const rows: FrameSurpriseRow[] = [];
  for (const kind of eventKinds) {
    const found = impossibleEvents(kind, definition, episodes, events, random.fork(kind));
    if (found.length === 0) continue;
    const [real, impossible]: [number[], number[]] = [[], []];
    for (const { episode, step, frame } of found) {
      const came = framesOf(episodes[episode] as (typeof episodes)[number])[step + 1] as Frame;
      const latent = (await agent.encode([came])).data;
      real.push(await surprise.bits(came, latent));
      impossible.push(await surprise.bits(frame, latent));
      onProgress?.(kind, real.length / found.length);
    }
    rows.push({
      kind,
      count: found.length,
      realBits: mean(real),
      impossibleBits: mean(impossible),
      area: rocArea(impossible, real),
      dearer: mean(impossible.map((bits, i) => Number(bits > (real[i] as number)))),
    });
  }
  await surprise.dispose();
  return rows;
}
