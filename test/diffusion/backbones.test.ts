/** The networks that a renderer can be: what their arithmetic costs, and that each learns and paints. */
import type { Tensor } from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { BACKBONES } from '../../models/diffusion/network/backboneNames.ts';
import { backbones } from '../../models/diffusion/network/backbones.ts';
import {
  conditionOn,
  type DenoiserConfig,
  denoise,
  denoiserFlops,
  patchShape,
} from '../../models/diffusion/network/denoiser.ts';
import { createRenderer } from '../../models/diffusion/renderer.ts';
import { packRenderer, unpackRenderer } from '../../models/diffusion/rendererWeights.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { float32, type HostTensors } from '../../models/tensor/program.ts';
import { createReadout } from '../../server/bench/readout.ts';
import { scalingCurve } from '../../server/bench/scalingCurve.ts';
import { ManualClock } from '../../shared/clock.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { discColour, discData } from './discScene.ts';
import { randomNetwork } from './randomNetwork.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const dit: DenoiserConfig = { latentSize: 6, points: 3, width: 64, depth: 2, embedding: 16 };

/** x̂ for one latent and fixed noise. */
async function answer(params: HostTensors): Promise<Float32Array> {
  const program = await engine.compile(
    ({ latents, noisy, times }) => {
      const weights = constants(params);
      const condition = conditionOn(weights, latents as Tensor);
      return { clean: denoise(weights, noisy as Tensor, times as Tensor, condition) };
    },
    { latents: { shape: [1, 6] }, noisy: { shape: patchShape(1) }, times: { shape: [1] } },
  );
  const random = new Random(4);
  const { clean } = await program.run({
    latents: float32(random.normals(6), [1, 6]),
    noisy: float32(random.normals(FRAME_BYTES), patchShape(1)),
    times: float32([0.4], [1]),
  });
  await program.dispose();
  return clean?.data as Float32Array;
}

describe('the transformer', () => {
  it('has blocks that a gate of zero makes the identity', async () => {
    const params = randomNetwork(dit, 1);
    const closed = Object.entries(params).map(([name, tensor]): [string, HostTensors[string]] =>
      name.startsWith('block') && name.includes('modulation') ? [name, float32(0, tensor.shape)] : [name, tensor],
    );
    const other = closed.map(([name, tensor]): [string, HostTensors[string]] =>
      name.startsWith('block') && !name.includes('modulation')
        ? [name, randomNetwork(dit, 2)[name] as HostTensors[string]]
        : [name, tensor],
    );
    const blocked = await answer(Object.fromEntries(closed));
    expect(await answer(Object.fromEntries(other))).toEqual(blocked);
    expect(await answer(params)).not.toEqual(blocked);
  });

  it('is a renderer as the U-Net is', async () => {
    const network = (seed: number) => randomNetwork(dit, seed);
    const weights = {
      config: dit,
      backdrop: new Uint8Array(FRAME_BYTES).fill(128),
      networks: { regression: network(1), base: network(2), student: network(3) },
    };
    expect(unpackRenderer(packRenderer(weights), dit)).toEqual(weights);
    const renderer = createRenderer(engine, weights);
    const latents = { rows: 2, columns: 6, data: new Random(9).normals(12) };
    const [first, second] = await renderer.render(latents, { steps: 4, seed: 1 });
    const alone = { rows: 1, columns: 6, data: latents.data.slice(6) };
    expect((await renderer.render(alone, { steps: 4, seed: 1 }))[0]).toEqual(second);
    expect(first).not.toEqual(second);
    expect((await renderer.render(alone, { steps: 8, seed: 1 }))[0]).not.toEqual(second);
    await renderer.dispose();
  });
});

describe('operations of a call', () => {
  const flops = (name: (typeof BACKBONES)[number]) =>
    denoiserFlops({ latentSize: 48, points: 24, ...backbones[name] }) / 1e6;

  it('of a transformer are those of its products', () => {
    const [tokens, width, depth, embedding, numbers] = [64, 64, 2, 16, 192];
    const perToken = 2 * numbers * width + depth * (4 * width * width + 2 * 2 * width * width);
    const perFrame = 32 * embedding + depth * embedding * 6 * width + embedding * 2 * width;
    expect(denoiserFlops(dit)).toBe(2 * tokens * perToken + 2 * perFrame + depth * 4 * tokens * tokens * width);
  });

  it('make two ladders of the same steps', () => {
    for (const [sizes, target] of [
      [['unet-small', 'dit-small'], 20],
      [['unet', 'dit'], 40],
      [['unet-large', 'dit-large'], 100],
    ] as const)
      for (const name of sizes) expect(Math.abs(flops(name) / target - 1)).toBeLessThan(0.12);
  });
});

describe('the scaling curve', () => {
  it('has the error of a backbone on unseen frames, and what it cost', async () => {
    const data = discData(60, 1);
    const unseen = discData(16, 2);
    const clock = new ManualClock();
    const backdrop = new Uint8Array(FRAME_BYTES).fill(0xf0);
    const rows = await scalingCurve({
      engine,
      clock,
      backbones: ['dit-small'],
      data,
      initialPoints: { kernel: Float32Array.of(22 / 32, 0, 0, 22 / 32), bias: new Float32Array(2) },
      unseen,
      heldOut: {
        frames: Array.from({ length: 16 }, (_, i) => unseen.frames.slice(i * FRAME_BYTES, (i + 1) * FRAME_BYTES)),
        truths: unseen.centres.map(([x, y]) => [{ x, y, area: 78 }]),
        episodeStarts: [0],
        backdrop,
      },
      readout: createReadout([{ name: 'disc', color: discColour }], backdrop),
      steps: 12,
      seed: 1,
      onProgress: () => clock.advance(9),
      interrupted: new AbortController().signal,
    });
    expect(rows.map(({ backbone }) => backbone)).toEqual(['dit-small']);
    for (const { msPerTrainingStep, error, mflops, parameters } of rows) {
      expect(msPerTrainingStep).toBeCloseTo(9, 6);
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.2); // of pictures whose disc alone would cost 0.04 · σ⁻² at the noisiest
      expect(mflops).toBeGreaterThan(15);
      expect(parameters).toBeGreaterThan(50_000);
    }
  }, 120_000);
});
