/**
 * The renderer bench: every method and step count on the same frames that training has not seen, painted from the
 * latents that the agent's own encoder gives them; and how long one frame takes alone, as in a live session. It answers
 * which step count a frame budget can afford, and what it costs.
 */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import type { Renderer, RenderRequest } from '../../models/diffusion/renderer.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Frame } from '../../shared/frame.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { type ConditionOptions, conditionsFor, givenConditions } from '../agent/paintingOptions.ts';
import type { TrainingCosts } from '../agent/trainingCost.ts';
import { percentile } from '../evaluation/percentile.ts';
import { type HeldOutFrames, heldOutFrames } from './heldOutFrames.ts';
import { type MethodCost, methodCost } from './methodCost.ts';
import { RandomFeatures } from './randomFeatures.ts';
import { createReadout } from './readout.ts';
import type { RowChoice } from './rendererRows.ts';
import { type RendererScore, scoreRenderer } from './rendererScore.ts';

export interface RendererBench {
  readonly definition: WorldDefinition;
  /** Runs the random networks of the Fréchet distance. */
  readonly engine: Engine;
  readonly renderer: Renderer;
  /** The agent's encoder. */
  readonly encode: (frames: readonly Frame[]) => Promise<Matrix>;
  readonly seed: number;
  /** How many frames to paint with each row; 300 or more for a steady Fréchet distance. */
  readonly frames: number;
  readonly clock: Clock;
  /** What to measure. */
  readonly rows: readonly RowChoice[];
  /** By what more than the latent it paints. */
  readonly conditions?: ConditionOptions;
  /** What each network took to train, from the agent's card. */
  readonly training: TrainingCosts;
  /** Called with each row, the frames that it was measured on, and the true ones. */
  readonly onRow?: (row: RendererRow, painted: readonly Frame[], truth: readonly Frame[]) => void;
}

export interface RendererRow extends RendererScore {
  readonly method: RenderMethod;
  readonly steps: number;
  readonly msPerFrame: { readonly p50: number; readonly p95: number };
  readonly fps: number;
  /** Whether a frame alone, at the 95th percentile, fits the budget of so many frames a second. */
  readonly fits: { readonly '30': boolean; readonly '60': boolean };
  /** What the method took to train. */
  readonly training: MethodCost;
}

export interface RendererReport {
  readonly world: string;
  /** Weight of guidance, and noise on the frames before, where they were asked for. */
  readonly guidance?: number;
  readonly contextNoise?: number;
  readonly rows: readonly RendererRow[];
}

const WARM_UP = 5;
/** Frames timed alone; fewer of many steps, which vary less. */
const TIMED = 60;
const TIMED_LONG = 15;
const LONG_STEPS = 64;

/** Measures every row. @throws UsageError when the world's objects cannot be told apart by colour */
export async function benchRenderer(bench: RendererBench): Promise<RendererReport> {
  const { definition, seed } = bench;
  const heldOut = heldOutFrames(definition, bench.frames, seed);
  const readout = createReadout(definition.spec.objects, heldOut.backdrop);
  const latents = await bench.encode(heldOut.frames);
  const features = await RandomFeatures.create(bench.engine);
  const report: RendererRow[] = [];
  try {
    for (const { method, steps } of bench.rows) {
      const painted = await paintAll(bench, heldOut, latents, { method, steps, seed });
      const score = await scoreRenderer(painted, heldOut, readout, features);
      const msPerFrame = await timeAlone(bench, heldOut, latents, { method, steps, seed });
      const fits = { '30': msPerFrame.p95 <= 1000 / 30, '60': msPerFrame.p95 <= 1000 / 60 };
      const training = methodCost(method, bench.training);
      const row = { method, steps, msPerFrame, fps: 1000 / msPerFrame.p50, ...score, fits, training };
      report.push(row);
      bench.onRow?.(row, painted, heldOut.frames);
    }
  } finally {
    await features.dispose();
  }
  return { world: definition.spec.id, ...givenConditions(bench.conditions ?? {}), rows: report };
}

/** Every frame from its latent; where frames are told those before them, each episode goes on from its own. */
async function paintAll(
  { renderer, conditions = {} }: RendererBench,
  { frames, episodeStarts }: HeldOutFrames,
  latents: Matrix,
  request: RenderRequest,
): Promise<Frame[]> {
  if (conditions.contextNoise === undefined)
    return renderer.render(latents, { ...request, ...conditionsFor(conditions, []) });
  const painted: Frame[] = [];
  for (const [i, first] of episodeStarts.entries()) {
    const rows = (episodeStarts[i + 1] ?? frames.length) - first;
    const data = latents.data.slice(first * latents.columns, (first + rows) * latents.columns);
    const episode = { rows, columns: latents.columns, data };
    painted.push(...(await renderer.render(episode, { ...request, first, ...conditionsFor(conditions, []) })));
  }
  return painted;
}

/** Milliseconds that one frame takes when it is painted alone, after a true one where it is told of any. */
async function timeAlone(
  { renderer, clock, conditions = {} }: RendererBench,
  { frames }: HeldOutFrames,
  latents: Matrix,
  request: RenderRequest,
): Promise<{ p50: number; p95: number }> {
  const alone = { rows: 1, columns: latents.columns, data: latents.data.slice(0, latents.columns) };
  const times: number[] = [];
  const told = conditionsFor(conditions, frames.slice(0, 1));
  const timed = request.steps < LONG_STEPS ? TIMED : TIMED_LONG;
  for (let i = 0; i < WARM_UP + timed; i++) {
    const start = clock.now();
    await renderer.render(alone, { ...request, ...told });
    if (i >= WARM_UP) times.push(clock.now() - start);
  }
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}
