/**
 * A probe that may bend: a small MLP from latents to what the linear probe leaves of the state. What both read and the
 * linear one does not is there, but not laid out in straight lines. Inputs and targets are standardised by the set that
 * it is fitted to; it trains for a fixed number of steps, so that it is the same everywhere.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../../models/nn/dense.ts';
import { silu } from '../../models/nn/silu.ts';
import { defaultAdamWConfig } from '../../models/tensor/adamW.ts';
import { constants } from '../../models/tensor/constants.ts';
import { initialise, type ParameterSpecs } from '../../models/tensor/parameters.ts';
import { type Engine, float32, type HostTensors, type Tensors } from '../../models/tensor/program.ts';
import { warmupCosine } from '../../models/tensor/schedule.ts';
import { compileTrainStep } from '../../models/tensor/trainStep.ts';
import { Random } from '../../shared/random.ts';
import type { WorldSpec } from '../../shared/world.ts';
import { fitLinear, type ProbeSet, type Readout } from './linearProbe.ts';
import { rSquared } from './rSquared.ts';
import { targetsOf } from './stateTargets.ts';

export interface MlpProbeConfig {
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

export const defaultMlpProbeConfig: MlpProbeConfig = {
  hidden: 64,
  steps: 800,
  batch: 256,
  learningRate: 2e-3,
  weightDecay: 0.5,
};

/** R² of every target on each of the `judged` sets, after fitting to `fitted`. */
export async function mlpProbe(
  engine: Engine,
  spec: WorldSpec,
  fitted: ProbeSet,
  judged: readonly ProbeSet[],
  seed: number,
  config: MlpProbeConfig = defaultMlpProbeConfig,
): Promise<Record<string, number>[]> {
  const linear = fitLinear(spec, fitted);
  const inputs = standardiser(columnsOf(fitted.latents));
  const unread = leftBy(linear, spec, fitted);
  const outputs = standardiser(columnsOf(unread));
  const rows = fitted.latents.map((latent) => standardised(latent, inputs));
  const targets = unread.map((row) => standardised(row, outputs));
  const [latentSize, targetSize] = [inputs.length, outputs.length];
  const parameters = probeSpecs(latentSize, config.hidden, targetSize);
  const trainStep = await compileTrainStep(engine, {
    parameters,
    batch: { latents: { shape: [config.batch, latentSize] }, targets: { shape: [config.batch, targetSize] } },
    optimiser: { ...defaultAdamWConfig, weightDecay: config.weightDecay },
    loss: (params, batch) => {
      const error = tf.sub(forward(params, batch.latents as tf.Tensor), batch.targets as tf.Tensor);
      return { loss: tf.mean(tf.square(error)) as tf.Scalar, terms: {} };
    },
  });
  const random = new Random(seed).fork('mlp probe');
  const schedule = { peak: config.learningRate, warmupSteps: 50, floor: 0 };
  let state = trainStep.start(initialise(parameters, random));
  for (let step = 0; step < config.steps; step++) {
    const drawn = Array.from({ length: config.batch }, () => random.integer(rows.length));
    const batch = {
      latents: packed(drawn.map((row) => rows[row] as number[])),
      targets: packed(drawn.map((row) => targets[row] as number[])),
    };
    state = (await trainStep.run(state, batch, warmupCosine(step, step / config.steps, schedule))).state;
  }
  await trainStep.dispose();
  const scores: Record<string, number>[] = [];
  for (const set of judged) {
    const bent = await read(engine, state.parameters, set, inputs);
    const straight = set.latents.map((latent) => linear(latent));
    const entries = targetsOf(spec, set.states).map(({ name, values }, i): [string, number] => {
      const by = outputs[i] as Standardiser;
      const guesses = straight.map((row, at) => (row[i] as number) + by.restore(bent[at * targetSize + i] as number));
      return [name, rSquared(guesses, values)];
    });
    scores.push(Object.fromEntries(entries));
  }
  return scores;
}

/** What the linear probe leaves of every target, a row for each latent. */
function leftBy(linear: Readout, spec: WorldSpec, { latents, states }: ProbeSet): number[][] {
  const truth = targetsOf(spec, states);
  return latents.map((latent, row) => linear(latent).map((guess, i) => (truth[i]?.values[row] as number) - guess));
}

function probeSpecs(inputs: number, hidden: number, outputs: number): ParameterSpecs {
  return {
    ...denseSpecs('layer0', inputs, hidden),
    ...denseSpecs('layer1', hidden, hidden),
    ...denseSpecs('out', hidden, outputs, { init: 'lecun' }),
  };
}

function forward(params: Tensors, latents: tf.Tensor): tf.Tensor {
  const hidden = silu(dense(params, 'layer0', latents));
  return dense(params, 'out', silu(dense(params, 'layer1', hidden)));
}

/** Standardised targets of all rows, `[rows, targets]`. */
async function read(
  engine: Engine,
  parameters: HostTensors,
  { latents }: ProbeSet,
  inputs: readonly Standardiser[],
): Promise<Float32Array> {
  const rows = latents.map((latent) => standardised(latent, inputs));
  const program = await engine.compile(
    (feeds) => ({ targets: forward(constants(parameters), feeds.latents as tf.Tensor) }),
    { latents: { shape: [rows.length, inputs.length] } },
  );
  const { targets } = await program.run({ latents: packed(rows) });
  await program.dispose();
  return targets?.data as Float32Array;
}

interface Standardiser {
  standardise(value: number): number;
  restore(value: number): number;
}

/** One for each column; a column that never changes becomes 0. */
function standardiser(columns: readonly (readonly number[])[]): Standardiser[] {
  return columns.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
    return { standardise: (value) => (value - mean) / deviation, restore: (value) => mean + deviation * value };
  });
}

function standardised(row: ArrayLike<number>, by: readonly Standardiser[]): number[] {
  return by.map(({ standardise }, i) => standardise(row[i] as number));
}

function columnsOf(rows: readonly ArrayLike<number>[]): number[][] {
  return Array.from(rows[0] ?? [], (_, i) => rows.map((row) => row[i] as number));
}

function packed(rows: readonly (readonly number[])[]) {
  return float32(rows.flat(), [rows.length, rows[0]?.length ?? 0]);
}
