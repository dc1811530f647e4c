/** The optimisers and clipping against their papers' formulas, in double precision and written apart. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { adamW } from '../../models/tensor/adamW.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { clipped, globalNorm } from '../../models/tensor/gradientClipping.ts';
import type { Optimiser, OptimiserConfig } from '../../models/tensor/optimiser.ts';
import { float32 } from '../../models/tensor/program.ts';
import { defaultRAdamConfig, rAdam } from '../../models/tensor/rAdam.ts';
import { compileTrainStep, type TrainState } from '../../models/tensor/trainStep.ts';

tf.enableProdMode();
const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** The state after each step on one number, whose gradient is the batch. */
async function course(update: Optimiser, config: OptimiserConfig, gradients: readonly number[], rate: number, at = 0) {
  const step = await compileTrainStep(engine, {
    parameters: { w: { shape: [1, 1], init: 'zeros' } },
    batch: { g: { shape: [1, 1] } },
    loss: ({ w }, { g }) => ({ loss: tf.sum(tf.mul(w as tf.Tensor, g as tf.Tensor)) as tf.Scalar, terms: {} }),
    optimiser: config,
    update,
  });
  let state: TrainState = { ...step.start({ w: float32(1, [1, 1]) }), step: at };
  const values: number[] = [];
  for (const gradient of gradients) {
    ({ state } = await step.run(state, { g: float32(gradient, [1, 1]) }, rate));
    values.push(state.parameters.w?.data[0] as number);
  }
  await step.dispose();
  return values;
}

/** Algorithm 2 of the RAdam paper with decoupled decay, in doubles. */
function plainRAdam(config: OptimiserConfig, gradients: readonly number[], rate: number): number[] {
  const { beta1, beta2, epsilon, weightDecay } = config;
  const longest = 2 / (1 - beta2) - 1;
  let [w, m, v] = [1, 0, 0];
  return gradients.map((g, i) => {
    const t = i + 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mean = m / (1 - beta1 ** t);
    const length = longest - (2 * t * beta2 ** t) / (1 - beta2 ** t);
    const rectified = Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
    const scale = length > 5 ? rectified / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon) : 1;
    w = w * (1 - rate * weightDecay) - rate * scale * mean;
    return w;
  });
}

const wave = Array.from({ length: 300 }, (_, i) => Math.sin(i) + 0.3);

describe('RAdam', () => {
  const config = { ...defaultRAdamConfig, weightDecay: 0.1, clipNorm: 1e9 };

  it.each([{ beta2: 0.999 }, { beta2: 0.99 }, { beta2: 0.9 }])(
    'follows its paper for 300 steps: %j',
    async (change) => {
      const values = await course(rAdam, { ...config, ...change }, wave, 1e-2);
      const expected = plainRAdam({ ...config, ...change }, wave, 1e-2);
      values.forEach((value, i) => {
        expect(value, `step ${i + 1}`).toBeCloseTo(expected[i] as number, 5);
      });
    },
  );

  it('takes plain steps along the mean gradient while ρ is 5 at most: five of them at β₂ = 0.999', async () => {
    const values = await course(rAdam, { ...config, weightDecay: 0 }, Array(8).fill(0.5), 0.1);
    const steps = values.map((value, i) => (values[i - 1] ?? 1) - value);
    for (const step of steps.slice(0, 5)) expect(step).toBeCloseTo(0.05, 6);
    for (const step of steps.slice(5)) expect(step).toBeLessThan(0.01); // ρ is little above 5: next to no trust yet
  });

  it('comes to trust its second moments as AdamW does', async () => {
    const late = async (update: Optimiser) => {
      const [first, second] = await course(update, config, [0.5, 0.5], 1e-3, 20_000);
      return (first as number) - (second as number);
    };
    expect(await late(rAdam)).toBeCloseTo(await late(adamW), 6);
  });
});

describe('clipping', () => {
  const run = async (values: readonly number[][], limit: number) => {
    const trees = Object.fromEntries(values.map((row, i) => [`g${i}`, float32(row, [row.length])]));
    const signature = Object.fromEntries(values.map((row, i) => [`g${i}`, { shape: [row.length] }]));
    const program = await engine.compile((gradients) => {
      const norm = globalNorm(gradients);
      return { norm, ...clipped(gradients, norm, limit) };
    }, signature);
    const { norm, ...scaled } = await program.run(trees);
    return { norm: norm?.data[0], scaled: Object.values(scaled).map(({ data }) => [...data]) };
  };

  it('takes all gradients for one vector, and keeps its direction', async () => {
    const { norm, scaled } = await run([[3, 0], [4]], 1);
    expect(norm).toBeCloseTo(5, 6);
    expect(scaled).toEqual([[expect.closeTo(0.6, 6), 0], [expect.closeTo(0.8, 6)]]);
  });

  it('leaves short gradients as they are, none among them', async () => {
    expect(await run([[3, 0], [4]], 5)).toMatchObject({ scaled: [[3, 0], [4]] });
    expect(await run([[0, 0]], 1)).toEqual({ norm: 0, scaled: [[0, 0]] });
  });
});
