/**
 * What a leak test measures: a program like those that the agent runs is run and compiled over and over, and after each
 * part tensors are counted and resident memory is read. Garbage is collected first, so that what stays is what
 * something holds on to.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import type { Engine, HostTensors, Signature, Tensors } from '../../models/tensor/program.ts';
import { compileTrainStep } from '../../models/tensor/trainStep.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds } from './randomFeeds.ts';

/** What the process holds. */
export interface Held {
  /** Tensors of tensorflow.js. */
  readonly tensors: number;
  /** Their buffers. */
  readonly buffers: number;
  /** Resident memory in megabytes. */
  readonly megabytes: number;
}

const WIDTH = 64;
const WIDE = 16_384;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Eight pictures and two kernels: with what `network` answers, 620 kB a run. */
export const signature: Signature = {
  pictures: { shape: [8, 32, 32, 3] },
  kernel: { shape: [3, 3, 3, 16] },
  last: { shape: [16, WIDTH] },
};

export function network({ pictures, kernel, last }: Tensors): Tensors {
  const hidden = tf.relu(tf.conv2d(pictures as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'));
  const rows = tf.mean(hidden, [1, 2]) as tf.Tensor2D; // [8, 16]
  return { hidden, output: tf.softmax(tf.matMul(rows, last as tf.Tensor2D)) };
}

export const feeds: HostTensors = randomFeeds(signature, new Random(1));

/** Runs one program `count` times. */
export async function runOften(engine: Engine, count: number): Promise<void> {
  const program = await engine.compile(network, signature);
  for (let i = 0; i < count; i++) await program.run(feeds);
  await program.dispose();
}

/** `network` with 4 MB of weights inside, which a program that were not freed would keep. */
function heavyNetwork(inputs: Tensors): Tensors {
  const weights = new Float32Array(WIDTH * WIDE);
  weights[0] = 1;
  const { output } = network(inputs);
  return { output: tf.matMul(output as tf.Tensor2D, tf.tensor2d(weights, [WIDTH, WIDE])) };
}

/** Compiles, runs and disposes of a forward pass and a training step, `count` times both. */
export async function compileOften(engine: Engine, count: number): Promise<void> {
  const { pictures, ...weights } = signature as Required<Signature>;
  const parameters = Object.fromEntries(
    Object.entries(weights).map(([name, { shape }]) => [name, { shape, init: 'he' as const }]),
  );
  const { pictures: examples, ...start } = feeds as Required<HostTensors>;
  for (let i = 0; i < count; i++) {
    const program = await engine.compile(heavyNetwork, signature);
    await program.run(feeds);
    await program.dispose();
    const step = await compileTrainStep(engine, {
      parameters,
      batch: { pictures: pictures as Signature[string] },
      loss: (params, batch) => {
        const { hidden, output } = network({ ...params, ...batch }) as { hidden: tf.Tensor; output: tf.Tensor };
        return { loss: tf.mean(tf.square(output)), terms: { size: tf.mean(hidden) } };
      },
    });
    await step.run(step.start(start), { pictures: examples as HostTensors[string] }, 1e-3);
    await step.dispose();
  }
}

/** What is held once garbage is gone. */
export async function held(): Promise<Held> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await nextTurn();
  }
  const { numTensors, numDataBuffers } = tf.memory();
  return { tensors: numTensors, buffers: numDataBuffers, megabytes: process.memoryUsage().rss / 1e6 };
}
