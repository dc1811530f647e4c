import { afterAll, describe, expect, it } from 'vitest';
import { frameNoise, rolloutNoise } from '../../models/diffusion/frameNoise.ts';
import type { DenoiserConfig } from '../../models/diffusion/network/denoiser.ts';
import { createRenderer } from '../../models/diffusion/renderer.ts';
import { packRenderer, type RendererWeights, unpackRenderer } from '../../models/diffusion/rendererWeights.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { float32 } from '../../models/tensor/program.ts';
import { UsageError, WeightsError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { randomNetwork as denoiserOf } from './randomNetwork.ts';

const config: DenoiserConfig = { latentSize: 6, points: 3, channels: [8, 16], embedding: 16 };

const randomNetwork = (seed: number) => denoiserOf(config, seed);

const weights: RendererWeights = {
  config,
  backdrop: new Uint8Array(FRAME_BYTES).fill(128),
  networks: { regression: randomNetwork(1), base: randomNetwork(2), student: randomNetwork(3) },
};

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const latents = { rows: 5, columns: 6, data: new Random(9).normals(30) };
const row = (i: number) => ({ rows: 1, columns: 6, data: latents.data.slice(6 * i, 6 * i + 6) });

describe('the renderer', () => {
  const renderer = createRenderer(engine, weights);

  it('paints the same frame alone and in any company', async () => {
    for (const request of [
      { steps: 2, seed: 5 },
      ...(['ddim', 'ddpm', 'em', 'pc', 'addim'] as const).map((method) => ({ steps: 3, seed: 5, method })),
      { steps: 3, seed: 5, method: 'ddpm' as const, noise: 'independent' as const },
    ]) {
      const together = await renderer.render(latents, request);
      expect(together).toHaveLength(5);
      for (let i = 0; i < 5; i++)
        expect((await renderer.render(row(i), { ...request, first: i }))[0], request.method).toEqual(together[i]);
    }
  });

  it('takes from the seed all the noise of its steps, the same with every engine like it', async () => {
    const other = createRenderer(createCpuEngine({ threads: 1 }), weights);
    for (const method of ['ddpm', 'em', 'pc'] as const) {
      const paint = (painter: typeof renderer, steps: number, seed: number) =>
        painter.render(row(0), { method, steps, seed });
      expect(await paint(other, 4, 5), method).toEqual(await paint(renderer, 4, 5));
      expect(await paint(renderer, 4, 6), method).not.toEqual(await paint(renderer, 4, 5));
    }
    // One more step takes one more noise, and leaves those before it as they are.
    expect(frameNoise(5, 4).slice(0, 3 * FRAME_BYTES)).toEqual(frameNoise(5, 3));
    await other.dispose();
  });

  it('depends on the latent and on the seed, but for regression on the latent alone', async () => {
    const paint = async (i: number, seed: number, method?: 'regression') =>
      (await renderer.render(row(i), { steps: 1, seed, ...(method && { method }) }))[0];
    expect(await paint(0, 1)).toEqual(await paint(0, 1));
    expect(await paint(0, 2)).not.toEqual(await paint(0, 1));
    expect(await paint(1, 1)).not.toEqual(await paint(0, 1));
    expect(await paint(0, 2, 'regression')).toEqual(await paint(0, 1, 'regression'));
  });

  it('tells the student how many steps it takes', async () => {
    const told = { ...weights.networks.student };
    const deaf = { ...told, 'embed/steps/kernel': float32(0, [5, 16]) };
    const other = createRenderer(engine, { ...weights, networks: { ...weights.networks, student: deaf } });
    expect(await other.render(row(0), { steps: 1, seed: 1 })).not.toEqual(
      await renderer.render(row(0), { steps: 1, seed: 1 }),
    );
  });

  it('names the step counts that it has', async () => {
    await expect(renderer.render(latents, { steps: 3, seed: 1 })).rejects.toThrow(
      /"mcm" has no 3 steps here; choose 1, 2, 4, 8 or 16/,
    );
    await expect(renderer.render(latents, { steps: 0, seed: 1, method: 'ddim' })).rejects.toThrow(UsageError);
    await expect(renderer.render(latents, { steps: 2, seed: 1, method: 'regression' })).rejects.toThrow(/choose 1/);
  });

  it('of before there were 16 steps paints as it did, and has no 16', async () => {
    const told = weights.networks.student;
    const kernel = told['embed/steps/kernel']?.data.slice(0, 4 * 16) as Float32Array;
    const student = { ...told, 'embed/steps/kernel': float32(kernel, [4, 16]) };
    const old = unpackRenderer(packRenderer({ ...weights, networks: { ...weights.networks, student } }), config);
    const other = createRenderer(engine, old);
    for (const steps of [1, 8])
      expect(await other.render(row(0), { steps, seed: 1 })).toEqual(await renderer.render(row(0), { steps, seed: 1 }));
    await expect(other.render(row(0), { steps: 16, seed: 1 })).rejects.toThrow(/choose 1, 2, 4 or 8/);
  });

  it('says which methods it has when it lacks one', async () => {
    await expect(renderer.render(row(0), { steps: 1, seed: 1, method: 'ect' })).rejects.toThrow(
      /not learned the method "ect"; train it with .*--method ect`, or choose mcm, ddim, regression, ddpm, euler, /,
    );
  });

  it('paints by methods trained besides, jumping with noises of their own', async () => {
    const own = {
      ...weights,
      networks: { ...weights.networks, ect: randomNetwork(4), 'progressive-1': randomNetwork(5) },
    };
    const more = createRenderer(engine, own);
    const paint = (steps: number, seed: number) => more.render(row(0), { steps, seed, method: 'ect' as const });
    expect(await paint(3, 1)).toEqual(await paint(3, 1));
    expect(await paint(3, 1)).not.toEqual(await paint(3, 2));
    await expect(more.render(row(0), { steps: 1, seed: 1, method: 'progressive' })).rejects.toThrow(/not learned/);
  });

  it('refuses latents of another encoder', async () => {
    const wrong = { rows: 1, columns: 7, data: new Float32Array(7) };
    await expect(renderer.render(wrong, { steps: 1, seed: 1 })).rejects.toThrow(/latents of 6 numbers, not 7/);
  });

  it('paints nothing for no latents', async () => {
    expect(await renderer.render({ rows: 0, columns: 6, data: new Float32Array(0) }, { steps: 1, seed: 1 })).toEqual(
      [],
    );
  });
});

describe('the noise of a frame', () => {
  it('is standard normal and its seed’s own', () => {
    const noise = frameNoise(1);
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    const variance = noise.reduce((a, b) => a + b * b, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 1)).toBeLessThan(0.06);
    expect(frameNoise(1)).toEqual(noise);
    expect(frameNoise(2)).not.toEqual(noise);
  });
});

describe('the noises of a rollout', () => {
  const correlation = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / a.length;

  it.each([0, 0.3, 0.9])('are standard normal, and correlated by %f as told', (rho) => {
    const [first, second] = [0, 1].map((frame) => rolloutNoise(7, frame, { correlation: rho })) as [
      Float32Array,
      Float32Array,
    ];
    expect(Math.abs(correlation(first, first) - 1)).toBeLessThan(0.06);
    expect(Math.abs(correlation(first, second) - rho)).toBeLessThan(0.04);
  });

  it('are the frame’s of the seed where they are shared, and what the ends of the correlation say', () => {
    expect(rolloutNoise(7, 3, 'shared')).toEqual(frameNoise(7));
    expect(rolloutNoise(7, 3, { correlation: 1 })).toEqual(frameNoise(7));
    expect(rolloutNoise(7, 3, { correlation: 0 })).toEqual(rolloutNoise(7, 3, 'independent'));
    expect(rolloutNoise(7, 3, 'independent')).not.toEqual(rolloutNoise(7, 4, 'independent'));
    expect(() => rolloutNoise(7, 3, { correlation: 1.1 })).toThrow(/cannot have the correlation 1.1/);
  });

  it('make a frame the same in any company, by its place in the rollout', async () => {
    const renderer = createRenderer(engine, weights);
    const still = {
      rows: 3,
      columns: 6,
      data: Float32Array.from({ length: 18 }, (_, i) => latents.data[i % 6] as number),
    };
    const request = { steps: 1, seed: 5, noise: { correlation: 0.5 } };
    const together = await renderer.render(still, request);
    expect(together[0]).not.toEqual(together[1]);
    expect(await renderer.render(row(0), { ...request, first: 2 })).toEqual([together[2]]);
    const shared = await renderer.render(still, { steps: 1, seed: 5 });
    expect(shared[1]).toEqual(shared[0]);
  });
});

describe('packed weights', () => {
  it('come back as they were', () => {
    expect(unpackRenderer(packRenderer(weights), config)).toEqual(weights);
  });

  it('name what is missing or does not fit', () => {
    const { 'student/out/kernel': _, ...rest } = packRenderer(weights);
    expect(() => unpackRenderer(rest, config)).toThrow(/"student\/out\/kernel" is missing/);
    expect(() => unpackRenderer(packRenderer(weights), { ...config, embedding: 32 })).toThrow(WeightsError);
  });
});
