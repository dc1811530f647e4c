/**
 * What a larger network buys: the same latents, data and training steps for each backbone, and then the error on frames that
 * training has not seen against the arithmetic of one call. Each is trained as a renderer's first two networks are,
 * regression and then the base model. The error is the base's loss itself, its squared error of the velocity without
 * emphasis, over fixed draws of time and noise; beside it the place of objects in frames painted in one step.
 */
import { NoisePool } from '../../models/diffusion/frameNoise.ts';
import type { Networks } from '../../models/diffusion/methods.ts';
import type { BackboneName } from '../../models/diffusion/network/backboneNames.ts';
import { backbones } from '../../models/diffusion/network/backbones.ts';
import { type DenoiserConfig, denoiserFlops, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import { createRenderer } from '../../models/diffusion/renderer.ts';
import { denoisingDiffusion } from '../../models/diffusion/training/denoisingDiffusion.ts';
import { exampleSignature } from '../../models/diffusion/training/trainingMethod.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import { constants } from '../../models/tensor/constants.ts';
import { type Engine, type HostTensors, sizeOf } from '../../models/tensor/program.ts';
import { type Clock, ManualClock } from '../../shared/clock.ts';
import { TrainingError } from '../../shared/errors.ts';
import { Random } from '../../shared/random.ts';
import { trainNetworks } from '../training/networkTraining.ts';
import { RendererCheckpoint } from '../training/rendererCheckpoint.ts';
import { type RendererData, RendererExamples } from '../training/rendererExamples.ts';
import { defaultRendererTrainingConfig, firstParameters, type InitialPoints } from '../training/rendererTraining.ts';
import type { HeldOutFrames } from './heldOutFrames.ts';
import type { Readout } from './readout.ts';
import { meanDistance } from './rendererScore.ts';

export interface ScalingCurve {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly backbones: readonly BackboneName[];
  readonly data: RendererData;
  readonly initialPoints: InitialPoints;
  /** Frames that training has not seen, as data and for the readout. */
  readonly unseen: RendererData;
  readonly heldOut: HeldOutFrames;
  readonly readout: Readout;
  /** Training steps of each backbone, half of them of regression. */
  readonly steps: number;
  readonly seed: number;
  readonly onProgress: (label: string, progress: number, terms: Readonly<Record<string, number>>) => void;
  readonly interrupted: AbortSignal;
}

export interface ScalingRow {
  readonly backbone: BackboneName;
  /** Million operations of one call. */
  readonly mflops: number;
  readonly parameters: number;
  /** Milliseconds of a training step, on this machine as busy as it was. */
  readonly msPerTrainingStep: number;
  /** Mean squared error of the velocity, on unseen frames. */
  readonly error: number;
  readonly readoutErrorPx: number;
}

const BATCH = 16;
const BATCHES = 12;

/** One row for each backbone. @throws TrainingError when a loss is not finite or the run is interrupted */
export async function scalingCurve(curve: ScalingCurve): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = [];
  for (const backbone of curve.backbones) rows.push(await measured(curve, backbone));
  return rows;
}

async function measured(curve: ScalingCurve, backbone: BackboneName): Promise<ScalingRow> {
  const { engine, data, seed, onProgress, heldOut, readout, unseen } = curve;
  const { latentNoise } = defaultRendererTrainingConfig;
  const { backdrop } = heldOut;
  const examples = new RendererExamples(data, backdrop, latentNoise);
  const points = curve.initialPoints.bias.length / 2;
  const config: DenoiserConfig = { latentSize: examples.latentSize, points, ...backbones[backbone] };
  const random = new Random(seed).fork('scaling curve');
  const clock = new ManualClock(); // a millisecond a step: the schedules follow the steps
  const began = curve.clock.now();
  const { networks } = await trainNetworks({
    ...curve,
    clock,
    minutes: curve.steps / 60_000,
    denoiser: config,
    examples,
    random,
    checkpoint: await RendererCheckpoint.open(undefined, { denoiser: config, seed, data: '' }),
    networks: ['regression', 'base'],
    trained: {},
    first: firstParameters(config, random, curve.initialPoints),
    onProgress(network, { progress, terms }) {
      clock.advance(1);
      onProgress(`${backbone} ${network}`, progress, terms);
    },
  });
  const msPerTrainingStep = (curve.clock.now() - began) / clock.now();
  const { regression, base } = both(networks);
  const renderer = createRenderer(engine, { config, backdrop, networks: { regression, base, student: base } });
  const latents: Matrix = { rows: unseen.count, columns: examples.latentSize, data: unseen.latents };
  const painted = await renderer.render(latents, { method: 'ddim', steps: 1, seed });
  await renderer.dispose();
  return {
    backbone,
    mflops: denoiserFlops(config) / 1e6,
    parameters: Object.values(denoiserSpecs(config)).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    msPerTrainingStep,
    error: await denoisingError(engine, base, new RendererExamples(unseen, backdrop, 0), random.fork('unseen')),
    readoutErrorPx: meanDistance(painted.map(readout), heldOut.truths),
  };
}

function both({ regression, base }: Networks): { regression: HostTensors; base: HostTensors } {
  if (!regression || !base) throw new TrainingError('a network of the scaling curve was not trained; report this');
  return { regression, base };
}

/** The base model's loss on unseen frames, all pixels alike. */
async function denoisingError(
  engine: Engine,
  base: HostTensors,
  unseen: RendererExamples,
  random: Random,
): Promise<number> {
  const signature = { ...exampleSignature(BATCH, unseen.latentSize), ...denoisingDiffusion.signature(BATCH) };
  const program = await engine.compile(
    (inputs) => ({ loss: denoisingDiffusion.loss(constants(base), inputs) }),
    signature,
  );
  const noise = new NoisePool(random.fork('noise'));
  let sum = 0;
  for (let i = 0; i < BATCHES; i++) {
    const draw = random.fork(i);
    const method = denoisingDiffusion.draw({ batch: BATCH, progress: 1, random: draw, noise });
    const { loss } = await program.run({ ...unseen.draw(BATCH, 0, draw), ...method });
    sum += loss?.data[0] as number;
  }
  await program.dispose();
  return sum / BATCHES;
}
