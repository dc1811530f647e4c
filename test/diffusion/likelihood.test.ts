/** Likelihood on normal data, whose density is known, and surprise on a shipped renderer. */
import { afterAll, describe, expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { FrameSurprise } from '../../models/diffusion/likelihood/frameSurprise.ts';
import { logLikelihood } from '../../models/diffusion/likelihood/logLikelihood.ts';
import {
  estimatedTrace,
  exactTrace,
  type PulledDenoiser,
  signProbes,
} from '../../models/diffusion/likelihood/trace.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { loadRenderer } from '../../server/agent/loadedRenderer.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { heldOutFrames } from '../../server/bench/heldOutFrames.ts';
import { Random } from '../../shared/random.ts';

const MEAN = [0.3, -0.2, 0.6];
const DEVIATION = [0.5, 0.2, 1.5];

/** E[x | z] of independent normal numbers, whose Jacobian is diagonal. */
const denoise: PulledDenoiser = async (noisy, time, probe) => {
  const [alpha, sigma] = [Math.cos((Math.PI / 2) * time), Math.sin((Math.PI / 2) * time)];
  const gain = (i: number) => {
    const variance = (DEVIATION[i] as number) ** 2;
    return (alpha * variance) / (alpha ** 2 * variance + sigma ** 2);
  };
  return {
    denoised: noisy.map((z, i) => (MEAN[i] as number) + gain(i) * (z - alpha * (MEAN[i] as number))),
    pulled: probe.map((value, i) => value * gain(i)),
  };
};

/** ln p of a picture that has the noise `least` on it. */
function exactNats(z: Float64Array, least: number): number {
  const [alpha, sigma] = [1 / Math.hypot(1, least), least / Math.hypot(1, least)];
  return z.reduce((sum, value, i) => {
    const deviation = Math.hypot(alpha * (DEVIATION[i] as number), sigma);
    const distance = (value - alpha * (MEAN[i] as number)) / deviation;
    return sum - 0.5 * distance ** 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
  }, 0);
}

describe('log-likelihood', () => {
  const picture = Float64Array.of(0.9, -0.3, -1.1);

  it('is that of normal data, with order 4 at least', async () => {
    const error = async (steps: number) => {
      const config = { steps, least: 0.01, most: 1e8 };
      const { nats } = await logLikelihood(exactTrace(denoise), picture, config);
      return Math.abs(nats - exactNats(picture, 0.01));
    };
    const errors = [await error(24), await error(48), await error(96), await error(192)];
    const orders = errors.slice(1).map((each, i) => Math.log2((errors[i] as number) / each));
    for (const order of orders) expect(order).toBeGreaterThan(3.9);
    expect(errors[3]).toBeLessThan(1e-8);
  });

  it('carries data to standard normal noise', async () => {
    const random = new Random(1);
    const ends: number[] = [];
    for (let i = 0; i < 300; i++) {
      const x = Float64Array.from(MEAN, (mean, k) => mean + (DEVIATION[k] as number) * random.normal());
      ends.push(...(await logLikelihood(exactTrace(denoise), x, { steps: 24, least: 0.01, most: 1000 })).noise);
    }
    const mean = ends.reduce((sum, value) => sum + value, 0) / ends.length;
    const variance = ends.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ends.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(ends.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / ends.length));
  });
});

describe("Hutchinson's estimate", () => {
  /** A Jacobian with something off its diagonal, where single probes err. */
  const matrix = [
    [0.5, 0.3, 0],
    [-0.2, 0.1, 0.4],
    [0.6, 0, 0.7],
  ];
  const linear: PulledDenoiser = async (noisy, _time, probe) => ({
    denoised: noisy,
    pulled: probe.map((_, j) => matrix.reduce((sum, row, i) => sum + (row[j] as number) * (probe[i] as number), 0)),
  });

  it('has the trace for its mean, and is exact over unit vectors', async () => {
    const at = new Float64Array(3);
    expect((await exactTrace(linear)(at, 0.5)).trace).toBeCloseTo(1.3, 12);
    const one = (await estimatedTrace(linear, signProbes(new Random(2), 1, 3))(at, 0.5)).trace;
    expect(Math.abs(one - 1.3)).toBeGreaterThan(0.05);
    const many = (await estimatedTrace(linear, signProbes(new Random(3), 20_000, 3))(at, 0.5)).trace;
    expect(many).toBeCloseTo(1.3, 1);
  });
});

describe('the surprise of a frame', () => {
  const engine = createCpuEngine({ threads: 1 });
  afterAll(() => engine.dispose());

  it('is least for what the latent says, and greater the farther the ball is from there', async () => {
    const world = await loadWorld('two-room');
    const loaded = await loadRenderer(weightsDirectory('two-room'), { threads: 1 });
    const { frames } = heldOutFrames(world, 6, 3);
    const latents = await loaded.encode(frames);
    const surprise = new FrameSurprise(engine, loaded.weights, {
      steps: 12,
      least: 0.01,
      most: 200,
      probes: 1,
      seed: 0,
    });
    const bits = async (frame: number, latent: number) => {
      const row = latents.data.slice(latent * latents.columns, (latent + 1) * latents.columns);
      return surprise.bits(frames[frame] as Uint8Array, row);
    };
    const own = [await bits(0, 0), await bits(5, 5)];
    for (const value of own) expect(Number.isFinite(value)).toBe(true);
    expect(await bits(5, 0)).toBeGreaterThan(1.02 * (own[1] as number));
    expect(await bits(0, 5)).toBeGreaterThan(1.02 * (own[0] as number));
    expect(await bits(0, 0)).toBe(own[0]);
    await surprise.dispose();
    await loaded.dispose();
  });
});
