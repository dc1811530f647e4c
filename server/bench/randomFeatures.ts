/**
 * Fréchet distance between two sets of frames in the features of random networks: no weights to download, and random
 * features rank generators much as trained ones do (arXiv 2208.09218). Five seeded networks are averaged, since one may
 * be blind to something. Figures compare painters of the same frames in equal numbers; they mean nothing by themselves,
 * and a missing small object hardly shows in them.
 */
import * as tf from '@tensorflow/tfjs';
import { conv2d, conv2dSpecs } from '../../models/nn/conv2d.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { type Engine, float32, type HostTensors, type Program, type Tensors } from '../../models/tensor/program.ts';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { product, symmetricRoot, traceOf } from './symmetricRoot.ts';

/** Features of a network: channel means after the last of three convolutions. */
export const FEATURES = 32;

const NETWORKS = 5;
const CHANNELS = [12, 20, FEATURES] as const;
const BATCH = 32;

/** Measures Fréchet distances; compiled once. */
export class RandomFeatures {
  private readonly program: Program;

  private constructor(program: Program) {
    this.program = program;
  }

  static async create(engine: Engine, seed = 0): Promise<RandomFeatures> {
    const networks = Array.from({ length: NETWORKS }, (_, i) => randomNetwork(new Random(seed).fork(i)));
    const shape = [BATCH, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS];
    const program = await engine.compile(
      ({ frames }) => ({ features: tf.stack(networks.map((weights) => features(weights, frames as tf.Tensor))) }),
      { frames: { shape } },
    );
    return new RandomFeatures(program);
  }

  /** Mean over the networks of the Fréchet distance between normal fits to the two sets' features, times 1000. */
  async distance(painted: readonly Frame[], truth: readonly Frame[]): Promise<number> {
    const [first, second] = [await this.featuresOf(painted), await this.featuresOf(truth)];
    const distances = first.map((rows, network) => frechetDistance(rows, second[network] as Float64Array, FEATURES));
    return (1000 * distances.reduce((a, b) => a + b, 0)) / NETWORKS;
  }

  dispose(): Promise<void> {
    return this.program.dispose();
  }

  /** For each network, [frames, features]. */
  private async featuresOf(frames: readonly Frame[]): Promise<Float64Array[]> {
    const results = Array.from({ length: NETWORKS }, () => new Float64Array(frames.length * FEATURES));
    const shape = [BATCH, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS];
    for (let start = 0; start < frames.length; start += BATCH) {
      const chunk = frames.slice(start, start + BATCH);
      const pixels = new Float32Array(BATCH * FRAME_BYTES);
      chunk.forEach((frame, i) => {
        pixels.set(frame, i * FRAME_BYTES);
      });
      const output = await this.program.run({ frames: float32(pixels, shape) });
      const values = output.features?.data as Float32Array; // [networks, batch, features]
      results.forEach((rows, network) => {
        const from = network * BATCH * FEATURES;
        rows.set(values.subarray(from, from + chunk.length * FEATURES), start * FEATURES);
      });
    }
    return results;
  }
}

/** Fréchet distance between normal fits: rows are [count, size]. */
export function frechetDistance(a: Float64Array, b: Float64Array, size: number): number {
  const [first, second] = [moments(a, size), moments(b, size)];
  let distance = traceOf(first.covariance, size) + traceOf(second.covariance, size);
  for (let i = 0; i < size; i++) distance += ((first.mean[i] as number) - (second.mean[i] as number)) ** 2;
  const root = symmetricRoot(first.covariance, size);
  const inner = product(product(root, second.covariance, size), root, size);
  return Math.max(0, distance - 2 * traceOf(symmetricRoot(inner, size), size));
}

function moments(rows: Float64Array, size: number): { mean: Float64Array; covariance: Float64Array } {
  const count = rows.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size] += (rows[i] as number) / count;
  const covariance = new Float64Array(size * size);
  for (let row = 0; row < count; row++)
    for (let i = 0; i < size; i++) {
      const centred = (rows[row * size + i] as number) - (mean[i] as number);
      for (let j = 0; j < size; j++)
        covariance[i * size + j] += (centred * ((rows[row * size + j] as number) - (mean[j] as number))) / count;
    }
  return { mean, covariance };
}

function randomNetwork(random: Random): HostTensors {
  const specs = CHANNELS.map((width, i) =>
    conv2dSpecs(`layer${i}`, i === 0 ? FRAME_CHANNELS : (CHANNELS[i - 1] as number), width, { bias: false }),
  );
  return initialise(Object.assign({}, ...specs), random);
}

function features(weights: HostTensors, frames: tf.Tensor): tf.Tensor {
  const params: Tensors = Object.fromEntries(
    Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  let hidden = tf.sub(tf.mul(frames, 1 / 127.5), 1);
  CHANNELS.forEach((_, i) => {
    hidden = tf.relu(conv2d(params, `layer${i}`, hidden, 2));
  });
  return tf.mean(hidden, [1, 2]); // [batch, features]
}
