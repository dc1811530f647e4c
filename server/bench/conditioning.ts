/**
 * What it buys to tell a renderer more or less than the latent (`optionalConditions.ts`): an agent's base model is
 * trained further for the same steps on the same examples, as it is, without its latent now and then, and with the
 * frames before. The first is the control. Then the frames of the same unseen episodes are painted: guided by several
 * weights, told the true frames before, and as rollouts that go on from their own frames, where errors can pile up.
 */

import { type DenoiserConfig, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import { withZerosFor } from '../../models/diffusion/network/optionalConditions.ts';
import { withEveryStep } from '../../models/diffusion/network/studentSteps.ts';
import { networkPlans } from '../../models/diffusion/networks.ts';
import { createRenderer, type RenderRequest } from '../../models/diffusion/renderer.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import type { Engine, HostTensors } from '../../models/tensor/program.ts';
import { ManualClock } from '../../shared/clock.ts';
import { TrainingError, WeightsError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { readAgentFiles } from '../agent/agentFiles.ts';
import { refuseOtherWorld } from '../agent/refuseOtherWorld.ts';
import { RendererExamples } from '../training/rendererExamples.ts';
import { runRendererStage } from '../training/rendererStage.ts';
import { defaultRendererTrainingConfig } from '../training/rendererTraining.ts';
import { type BenchData, benchData } from './benchData.ts';
import { movingPixels, psnr } from './pictureMetrics.ts';
import { RandomFeatures } from './randomFeatures.ts';
import { type RendererScore, scoreRenderer } from './rendererScore.ts';

export interface ConditioningBench {
  readonly definition: WorldDefinition;
  readonly engine: Engine;
  /** Of the agent that is taught; nothing is written there. */
  readonly directory: string;
  /** Frames before that the renderer sees. */
  readonly context: number;
  /** Weights of guidance. */
  readonly weights: readonly number[];
  /** Training steps of each of the three. */
  readonly steps: number;
  /** Steps of DDIM. */
  readonly paintSteps: number;
  readonly episodes: number;
  readonly frames: number;
  readonly seed: number;
  readonly onProgress: (label: string, progress: number, terms: Readonly<Record<string, number>>) => void;
  readonly interrupted: AbortSignal;
}

export interface ConditioningRow extends RendererScore {
  /** What the network was trained with. */
  readonly trained: 'latent' | 'guidable' | 'context';
  /** How it painted, in words. */
  readonly painted: string;
  /** Decibels of PSNR, over what things cover, that the last quarter of an episode lacks of the first. */
  readonly driftDb: number;
}

/** A little noise on the frames before, as a time: σ/α is 0.24. */
const LITTLE = 0.15;

/** @throws WeightsError when the agent has no renderer; TrainingError when a loss is not finite or it is interrupted */
export async function benchConditioning(bench: ConditioningBench): Promise<ConditioningRow[]> {
  const { definition, engine, directory, episodes, context, onProgress } = bench;
  const { card, latent, renderer } = await readAgentFiles(directory);
  refuseOtherWorld(directory, card.world, definition.spec);
  if (!renderer) throw new WeightsError(`the agent in "${directory}" has no renderer yet; train it first`);
  const onEpisode = (done: number): void => onProgress('collect', done / episodes, {});
  const data = await benchData({ ...bench, latent, onEpisode });
  const features = await RandomFeatures.create(engine);
  const rows: ConditioningRow[] = [];
  const measure = async (trained: ConditioningRow['trained'], config: DenoiserConfig, ways: readonly Way[]) => {
    const weights = await taught(bench, renderer, data, trained, config);
    for (const way of ways) rows.push({ trained, ...(await painted(bench, weights, data, features, way)) });
  };
  try {
    await measure('latent', renderer.config, [{ name: 'as it is' }]);
    const guided = bench.weights.map((guidance): Way => ({ name: `weight ${guidance}`, guidance }));
    await measure('guidable', { ...renderer.config, unconditional: true }, guided);
    await measure('context', { ...renderer.config, context }, [
      { name: 'told none' },
      { name: 'told the true ones', before: 'true' },
      { name: 'told its own', before: 'own' },
      { name: 'told its own, with noise', before: 'own', time: LITTLE },
    ]);
    return rows;
  } finally {
    await features.dispose();
  }
}

/** The agent's renderer with a base model of this configuration, trained further. */
async function taught(
  { engine, steps, seed, interrupted, onProgress }: ConditioningBench,
  renderer: RendererWeights,
  { data }: BenchData,
  label: string,
  config: DenoiserConfig,
): Promise<RendererWeights> {
  const clock = new ManualClock(); // a millisecond a step: the schedules follow the steps
  const widened = (network: HostTensors) => withZerosFor(denoiserSpecs(config), withEveryStep(network));
  const { base } = renderer.networks;
  const { average } = await runRendererStage({
    engine,
    clock,
    denoiser: config,
    method: networkPlans.base.method({}),
    config: { ...networkPlans.base.stage, learningRate: FURTHER },
    examples: new RendererExamples(data, renderer.backdrop, defaultRendererTrainingConfig.latentNoise),
    budget: steps,
    random: new Random(seed).fork('conditioning'),
    parameters: widened(base),
    interrupted,
    onProgress({ progress, terms }) {
      clock.advance(1);
      onProgress(label, progress, terms);
    },
  });
  if (interrupted.aborted) throw new TrainingError('interrupted; run the bench again for the whole table');
  const { regression, student } = renderer.networks;
  return {
    backdrop: renderer.backdrop,
    config,
    networks: { regression: widened(regression), base: average, student: widened(student) },
  };
}

/** Highest learning rate of a model that has learned already. */
const FURTHER = 1e-3;

/** A way to paint. */
interface Way {
  readonly name: string;
  readonly guidance?: number;
  /** Whose frames before are told. */
  readonly before?: 'true' | 'own';
  /** Noise on them. */
  readonly time?: number;
}

async function painted(
  { engine, seed, paintSteps }: ConditioningBench,
  weights: RendererWeights,
  { heldOut, unseen, readout }: BenchData,
  features: RandomFeatures,
  { name, guidance, before, time }: Way,
): Promise<Omit<ConditioningRow, 'trained'>> {
  const renderer = createRenderer(engine, weights);
  const { frames, episodeStarts, backdrop } = heldOut;
  const columns = renderer.latentSize;
  const request: RenderRequest = { method: 'ddim', steps: paintSteps, seed, ...(guidance && { guidance }) };
  const paint = (from: number, to: number, known?: readonly Frame[]): Promise<Frame[]> =>
    renderer.render(
      { rows: to - from, columns, data: unseen.latents.slice(from * columns, to * columns) },
      { ...request, first: from, ...(known && { context: { before: known, ...(time && { time }) } }) },
    );
  const made: Frame[] = [];
  for (const [i, start] of episodeStarts.entries()) {
    const end = episodeStarts[i + 1] ?? frames.length;
    if (before === undefined) made.push(...(await paint(start, end)));
    else if (before === 'own') made.push(...(await paint(start, end, [])));
    else for (let at = start; at < end; at++) made.push(...(await paint(at, at + 1, frames.slice(start, at))));
  }
  await renderer.dispose();
  const score = await scoreRenderer(made, heldOut, readout, features);
  return { painted: name, ...score, driftDb: drift(made, frames, episodeStarts, backdrop) };
}

/** PSNR of the first quarter of the episodes minus that of the last, over what things cover. */
function drift(made: readonly Frame[], frames: readonly Frame[], starts: readonly number[], backdrop: Frame): number {
  const quarters = starts.map((start, i) => {
    const end = starts[i + 1] ?? frames.length;
    const length = Math.max(1, Math.floor((end - start) / 4));
    return { first: indices(start, start + length), last: indices(end - length, end) };
  });
  const of = (which: readonly number[]): number => {
    const truth = which.map((i) => frames[i] as Frame);
    const covered = truth.map((frame) => movingPixels(backdrop, frame));
    return psnr(
      which.map((i) => made[i] as Frame),
      truth,
      covered,
    );
  };
  return of(quarters.flatMap(({ first }) => first)) - of(quarters.flatMap(({ last }) => last));
}

function indices(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
