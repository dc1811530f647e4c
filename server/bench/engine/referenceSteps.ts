/**
 * A reference network at work on an engine: a training step (squared error, backward, Adam; Kingma and Ba 2015, arXiv
 * 1412.6980) that is fed its own results, and a forward pass with the parameters as constants, as the live server runs
 * its networks.
 */
import * as tf from '@tensorflow/tfjs';
import { adamW } from '../../../models/tensor/adamW.ts';
import { constants } from '../../../models/tensor/constants.ts';
import { differentiate } from '../../../models/tensor/differentiate.ts';
import { grouped, joined } from '../../../models/tensor/namespaces.ts';
import type { OptimiserConfig } from '../../../models/tensor/optimiser.ts';
import { initialise, signatureOf } from '../../../models/tensor/parameters.ts';
import {
  type Engine,
  float32,
  type HostTensor,
  type HostTensors,
  type Program,
  type Signature,
  sizeOf,
  type TensorSpec,
  type Tensors,
} from '../../../models/tensor/program.ts';
import { Random } from '../../../shared/random.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';

const LEARNING_RATE = 1e-3;

/** Adam without decay or clipping: what PyTorch's `Adam` does unless told. */
export const adam: OptimiserConfig = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: Number.POSITIVE_INFINITY,
};

/** Something that can be timed again and again. */
export interface Repeatable {
  /** @returns the loss of a training step; nothing of a forward pass */
  run(): Promise<number | undefined>;
  dispose(): Promise<void>;
}

/** The training step as a tensor function of a joined state. */
export function trainFunction(network: ReferenceNetwork, config = adam): (inputs: Tensors) => Tensors {
  return function referenceTrainStep({ step, ...inputs }) {
    const { parameters = {}, firstMoments = {}, secondMoments = {}, data = {} } = grouped(inputs);
    const { loss, gradients } = differentiate(
      (values) => ({
        loss: tf.mean(tf.squaredDifference(network.forward(values, data), data.target as tf.Tensor)),
        terms: {},
      }),
      parameters,
    );
    const state = { parameters, firstMoments, secondMoments };
    return joined({
      ...adamW(state, gradients, step as tf.Tensor, tf.scalar(LEARNING_RATE), config),
      terms: { loss },
    });
  };
}

export function trainSignature(network: ReferenceNetwork, batch: number): Signature {
  const specs = signatureOf(network.parameters);
  const trees = { parameters: specs, firstMoments: specs, secondMoments: specs, data: network.data(batch) };
  return { ...joined<TensorSpec>(trees), step: { shape: [] } };
}

/** The state before the first step, and one batch of normal numbers. */
export function trainFeeds(network: ReferenceNetwork, batch: number, seed: number): Record<string, HostTensor> {
  const random = new Random(seed);
  const zeros = Object.fromEntries(
    Object.entries(network.parameters).map(([name, { shape }]) => [name, float32(0, shape)]),
  );
  return joined<HostTensor>({
    parameters: initialise(network.parameters, random.fork('parameters')),
    firstMoments: zeros,
    secondMoments: zeros,
    data: dataOf(network, batch, random.fork('data')),
  });
}

function dataOf(network: ReferenceNetwork, batch: number, random: Random): HostTensors {
  return Object.fromEntries(
    Object.entries(network.data(batch)).map(([name, { shape }]) => [
      name,
      float32(random.fork(name).normals(sizeOf(shape)), shape),
    ]),
  );
}

/** A training step of the engine. */
export async function prepareTraining(engine: Engine, network: ReferenceNetwork, batch: number): Promise<Repeatable> {
  const program = await engine.compile(trainFunction(network), trainSignature(network, batch));
  let feeds: HostTensors = trainFeeds(network, batch, 0);
  let step = 0;
  return {
    async run() {
      const results = await program.run({ ...feeds, step: float32(++step, []) });
      const { 'terms:loss': loss, ...state } = results;
      feeds = { ...feeds, ...state };
      return loss?.data[0];
    },
    dispose: () => program.dispose(),
  };
}

/** A forward pass of the engine. */
export async function prepareForward(engine: Engine, network: ReferenceNetwork, batch: number): Promise<Repeatable> {
  const random = new Random(0);
  const weights = initialise(network.parameters, random.fork('parameters'));
  const { target, ...data } = network.data(batch);
  const program: Program = await engine.compile(
    (inputs) => ({ output: network.forward(constants(weights), inputs) }),
    data,
  );
  const { target: unused, ...feeds } = dataOf(network, batch, random.fork('data'));
  return {
    async run() {
      await program.run(feeds);
      return undefined;
    },
    dispose: () => program.dispose(),
  };
}
