/**
 * Where diffusion earns its place: a latent that leaves something open. Either the future, since the action that is
 * held until then is not told: the world plays many futures of a moment from the very snapshot. Or the place of what a
 * cover hides (`coveredMoments.ts`). A painter of what is open is trained on pairs (`futurePainter.ts`) and then asked,
 * for moments that it has not seen, for as many pictures as there are truths. The mean frame must blur; whatever draws
 * from the noise need not. Beside them stand the truth against itself, which is the floor, and the agent as it is: its
 * imagination of the futures, which is told the actions, so that what it lacks is prediction and not painting; or how
 * it paints the latent of the covered picture, which it has never seen the like of.
 */

import { drawScene } from '../../../envs/drawScene.ts';
import type { RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { createRenderer } from '../../../models/diffusion/renderer.ts';
import type { Clock } from '../../../shared/clock.ts';
import { FRAME_BYTES, type Frame } from '../../../shared/frame.ts';
import type { World, WorldDefinition } from '../../../shared/world.ts';
import type { LoadedRenderer } from '../../agent/loadedRenderer.ts';
import { createReadout } from '../../bench/readout.ts';
import { repeatedRow } from '../../bench/repeatedRow.ts';
import { compactReadout } from './compactReadout.ts';
import { COVERS, sampleCovered } from './coveredMoments.ts';
import { trainFuturePainter } from './futurePainter.ts';
import { type FutureScore, type PaintedMoment, scoreFutures } from './futureScore.ts';
import type { OpenCase, OpenMoment } from './openMoment.ts';
import { type Moment, sampleFutures } from './trueFutures.ts';

export interface FuturesEvaluation {
  readonly definition: WorldDefinition;
  readonly agent: LoadedRenderer;
  /** What is left open; the future unless told. */
  readonly open?: OpenCase;
  /** Steps from the present to the future. */
  readonly horizon: number;
  /** Pairs to train on. */
  readonly pairs: number;
  readonly minutes: number;
  /** Moments to judge by, where the future is open, and truths of each, as many again of which are what is compared with. */
  readonly moments: number;
  readonly futures: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly interrupted?: AbortSignal;
  readonly onProgress?: (stage: string, share: number, terms: Readonly<Record<string, number>>) => void;
}

export interface FuturesRow extends FutureScore {
  /** `truth`, `imagined` or `agent`, or a method of the painter of the future. */
  readonly painter: string;
  readonly steps: number;
}

export interface FuturesReport {
  readonly world: string;
  readonly open: OpenCase;
  /** None where a cover leaves the place open. */
  readonly horizon?: number;
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

/**
 * @throws UsageError when the world's objects cannot be told apart by colour or no cover hides them; TrainingError when
 *   a loss is not finite
 */
export async function evaluateFutures(evaluation: FuturesEvaluation): Promise<FuturesReport> {
  const { definition, agent, open = 'future', horizon, futures, seed } = evaluation;
  const world = definition.create();
  const { training, judged, own } = open === 'future' ? openFuture(evaluation, world) : openPlace(evaluation, world);
  const still = world.scene().filter(({ fixed }) => fixed);
  const backdrop = drawScene(still, definition.spec);
  const readout = compactReadout(createReadout(definition.spec.objects, backdrop), backdrop);
  const weights = await trainFuturePainter({
    ...evaluation,
    ...agentParts(agent),
    data: await pairData(agent, training),
  });
  const renderer = createRenderer(agent.engine, weights);
  const rows: FuturesRow[] = [];
  const samples: { painter: string; frames: Frame[] }[] = [];
  const add = (painter: string, steps: number, painted: readonly (readonly Frame[])[]): void => {
    // Half of the true futures is what all are compared with, the other half stands for the truth itself.
    const pairsOfSets = judged.map(
      (moment, i): PaintedMoment => ({ painted: painted[i] ?? [], truth: moment.truths.slice(futures) }),
    );
    rows.push({ painter, steps, ...scoreFutures(pairsOfSets, readout) });
    samples.push({ painter: `${painter} ${steps}`, frames: (painted[0] ?? []).slice(0, SHOWN) });
  };
  add(
    'truth',
    0,
    judged.map(({ truths }) => truths.slice(0, futures)),
  );
  add(own.painter, 4, await own.paint());
  const presents = await agent.encode(judged.map(({ seen }) => seen));
  for (const { method, steps } of painters) {
    const painted: Frame[][] = [];
    for (let moment = 0; moment < judged.length; moment++) {
      const latents = repeatedRow(presents, moment, futures);
      painted.push(await renderer.render(latents, { method, steps, seed: seed + moment, noise: 'independent' }));
    }
    add(method, steps, painted);
  }
  await renderer.dispose();
  return { world: definition.spec.id, open, ...(open === 'future' && { horizon }), rows, samples };
}

/** What is trained on, what is judged by, and what the agent itself makes of it. */
interface Case {
  /** Pairs of a picture and what was true of it. */
  readonly training: readonly OpenMoment[];
  readonly judged: readonly OpenMoment[];
  readonly own: { readonly painter: 'imagined' | 'agent'; readonly paint: () => Promise<Frame[][]> };
}

function openFuture(evaluation: FuturesEvaluation, world: World): Case {
  const { horizon, pairs, moments, futures, seed } = evaluation;
  const judged = sampleFutures({ world, horizon, moments, futuresEach: 2 * futures, seed: seed + 1 });
  return {
    training: sampleFutures({ world, horizon, moments: pairs, futuresEach: 1, seed }).map(openMoment),
    judged: judged.map(openMoment),
    own: { painter: 'imagined', paint: () => imagined(evaluation, judged) },
  };
}

function openMoment({ frame, futures }: Moment): OpenMoment {
  return { seen: frame, truths: futures.map((future) => future.frame) };
}

function openPlace({ agent, pairs, futures, seed }: FuturesEvaluation, world: World): Case {
  const covered = sampleCovered({ world, truthsEach: Math.ceil(pairs / COVERS), seed });
  const judged = sampleCovered({ world, truthsEach: 2 * futures, seed: seed + 1 });
  return {
    training: covered.flatMap(({ seen, truths }) => truths.map((truth) => ({ seen, truths: [truth] }))),
    judged,
    own: {
      painter: 'agent',
      async paint() {
        const latents = await agent.encode(judged.map(({ seen }) => seen));
        const painted: Frame[][] = [];
        for (let moment = 0; moment < judged.length; moment++) {
          const repeated = repeatedRow(latents, moment, futures);
          painted.push(await agent.renderer.render(repeated, { steps: 4, seed: seed + moment, noise: 'independent' }));
        }
        return painted;
      },
    },
  };
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

async function pairData(agent: LoadedRenderer, pairs: readonly OpenMoment[]) {
  const frames = new Uint8Array(pairs.length * FRAME_BYTES);
  pairs.forEach(({ truths }, i) => {
    frames.set(truths[0] as Frame, i * FRAME_BYTES);
  });
  const { data } = await agent.encode(pairs.map(({ seen }) => seen));
  return { count: pairs.length, frames, latents: data };
}
