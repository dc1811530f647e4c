/**
 * Where diffusion earns its place: several futures of one moment. The latent of the present leaves them open, since the
 * action that is held until then is not told. A painter of the future is trained on pairs (`futurePainter.ts`) and then
 * asked, for moments that it has not seen, for as many futures as the world has played from the very snapshot. The mean
 * frame must blur; whatever draws from the noise need not. Beside them stand the truth against itself, which is the
 * floor, and the agent's own imagination, which is told the actions: what it lacks is prediction and not painting.
 */

import { drawScene } from '../../../envs/drawScene.ts';
import type { RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { createRenderer } from '../../../models/diffusion/renderer.ts';
import type { Clock } from '../../../shared/clock.ts';
import { FRAME_BYTES, type Frame } from '../../../shared/frame.ts';
import type { WorldDefinition } from '../../../shared/world.ts';
import type { LoadedRenderer } from '../../agent/loadedRenderer.ts';
import { createReadout } from '../../bench/readout.ts';
import { repeatedRow } from '../../bench/repeatedRow.ts';
import { compactReadout } from './compactReadout.ts';
import { trainFuturePainter } from './futurePainter.ts';
import { type FutureScore, type PaintedMoment, scoreFutures } from './futureScore.ts';
import { type Moment, sampleFutures } from './trueFutures.ts';

export interface FuturesEvaluation {
  readonly definition: WorldDefinition;
  readonly agent: LoadedRenderer;
  /** Steps from the present to the future. */
  readonly horizon: number;
  /** Pairs to train on. */
  readonly pairs: number;
  readonly minutes: number;
  /** Moments to judge by, and futures of each. */
  readonly moments: number;
  readonly futures: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly interrupted?: AbortSignal;
  readonly onProgress?: (stage: string, share: number, terms: Readonly<Record<string, number>>) => void;
}

export interface FuturesRow extends FutureScore {
  /** `truth`, `imagined`, or a method of the painter of the future. */
  readonly painter: string;
  readonly steps: number;
}

export interface FuturesReport {
  readonly world: string;
  readonly horizon: number;
  readonly rows: readonly FuturesRow[];
  /** Of the first moment, a few frames by each painter. */
  readonly samples: readonly { readonly painter: string; readonly frames: readonly Frame[] }[];
}

const painters: readonly { readonly method: RenderMethod; readonly steps: number }[] = [
  { method: 'regression', steps: 1 },
  ...[1, 2, 4, 8].map((steps) => ({ method: 'mcm' as const, steps })),
  ...[4, 16].map((steps) => ({ method: 'ddim' as const, steps })),
];

const SHOWN = 8;

/** @throws UsageError when the world's objects cannot be told apart by colour; TrainingError when a loss is not finite */
export async function evaluateFutures(evaluation: FuturesEvaluation): Promise<FuturesReport> {
  const { definition, agent, horizon, pairs, moments, futures, seed } = evaluation;
  const world = definition.create();
  const pairsOf = sampleFutures({ world, horizon, moments: pairs, futuresEach: 1, seed });
  const judged = sampleFutures({ world, horizon, moments, futuresEach: 2 * futures, seed: seed + 1 });
  const still = world.scene().filter(({ fixed }) => fixed);
  const backdrop = drawScene(still, definition.spec);
  const readout = compactReadout(createReadout(definition.spec.objects, backdrop), backdrop);
  const weights = await trainFuturePainter({
    ...evaluation,
    ...agentParts(agent),
    data: await pairData(agent, pairsOf),
  });
  const renderer = createRenderer(agent.engine, weights);
  const rows: FuturesRow[] = [];
  const samples: { painter: string; frames: Frame[] }[] = [];
  const add = (painter: string, steps: number, painted: readonly (readonly Frame[])[]): void => {
    // Half of the true futures is what all are compared with, the other half stands for the truth itself.
    const pairsOfSets = judged.map(
      (moment, i): PaintedMoment => ({ painted: painted[i] ?? [], truth: framesOf(moment).slice(futures) }),
    );
    rows.push({ painter, steps, ...scoreFutures(pairsOfSets, readout) });
    samples.push({ painter: `${painter} ${steps}`, frames: (painted[0] ?? []).slice(0, SHOWN) });
  };
  add(
    'truth',
    0,
    judged.map((moment) => framesOf(moment).slice(0, futures)),
  );
  add('imagined', 4, await imagined(evaluation, judged));
  const presents = await agent.encode(judged.map(({ frame }) => frame));
  for (const { method, steps } of painters) {
    const painted: Frame[][] = [];
    for (let moment = 0; moment < judged.length; moment++) {
      const latents = repeatedRow(presents, moment, futures);
      painted.push(await renderer.render(latents, { method, steps, seed: seed + moment, noise: 'independent' }));
    }
    add(method, steps, painted);
  }
  await renderer.dispose();
  return { world: definition.spec.id, horizon, rows, samples };
}

function agentParts({ engine, weights }: LoadedRenderer) {
  return { engine, present: weights };
}

/** The agent's own predictions for the actions that were held, painted by its own renderer. */
async function imagined({ agent, horizon, futures, seed }: FuturesEvaluation, judged: readonly Moment[]) {
  const painted: Frame[][] = [];
  for (const { frame, futures: own } of judged) {
    const actions = own
      .slice(0, futures)
      .flatMap(({ action }) => Array.from({ length: horizon }, () => [...action]).flat());
    const latents = await agent.imagine(frame, Float32Array.from(actions), futures, horizon);
    painted.push(await agent.renderer.render(latents, { steps: 4, seed }));
  }
  return painted;
}

async function pairData(agent: LoadedRenderer, pairs: readonly Moment[]) {
  const frames = new Uint8Array(pairs.length * FRAME_BYTES);
  pairs.forEach((moment, i) => {
    frames.set(framesOf(moment)[0] as Frame, i * FRAME_BYTES);
  });
  const { data } = await agent.encode(pairs.map(({ frame }) => frame));
  return { count: pairs.length, frames, latents: data };
}

function framesOf({ futures }: Moment): Frame[] {
  return futures.map(({ frame }) => frame);
}
