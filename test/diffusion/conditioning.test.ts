/**
 * What a denoiser may be told beyond its latent: a network without the options is what it always was, one to which they
 * are added answers as before, and one that was trained with them does what they promise.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NoisePool } from '../../models/diffusion/frameNoise.ts';
import { guided } from '../../models/diffusion/guidance.ts';
import { type DenoiserConfig, denoiserFlops, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import { withZerosFor } from '../../models/diffusion/network/optionalConditions.ts';
import { createRenderer, type RenderRequest } from '../../models/diffusion/renderer.ts';
import { packRenderer, type RendererWeights, unpackRenderer } from '../../models/diffusion/rendererWeights.ts';
import { drawConditions } from '../../models/diffusion/training/conditionInputs.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { trainNetworks } from '../../server/training/networkTraining.ts';
import { RendererCheckpoint } from '../../server/training/rendererCheckpoint.ts';
import { RendererExamples } from '../../server/training/rendererExamples.ts';
import { ManualClock } from '../../shared/clock.ts';
import { TrainingError, UsageError } from '../../shared/errors.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { discData } from './discScene.ts';
import { combineNumbers } from './gaussianData.ts';
import { randomNetwork } from './randomNetwork.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const backdrop = new Uint8Array(FRAME_BYTES).fill(128);
const shapes: readonly DenoiserConfig[] = [
  { latentSize: 6, points: 3, channels: [8, 16], embedding: 16 },
  { latentSize: 6, points: 3, width: 32, depth: 1, embedding: 16 },
];
const latents = { rows: 3, columns: 6, data: new Random(9).normals(18) };

/** A renderer of one network for all. */
function rendererOf(config: DenoiserConfig, network = randomNetwork(config, 2)): RendererWeights {
  return { config, backdrop, networks: { regression: network, base: network, student: network } };
}

async function paint(weights: RendererWeights, request: Partial<RenderRequest>): Promise<Frame[]> {
  const renderer = createRenderer(engine, weights);
  const frames = await renderer.render(latents, { method: 'ddim', steps: 2, seed: 1, ...request });
  await renderer.dispose();
  return frames;
}

const largestDifference = (a: Frame, b: Frame): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);

const noisyFrame = (seed: number) => Uint8Array.from(new Random(seed).normals(FRAME_BYTES), (x) => 128 + 40 * x);

describe.each(shapes)('options of a network ($channels$width)', (plain) => {
  const both: DenoiserConfig = { ...plain, context: 2, unconditional: true };

  it('add parameters that begin at zero, and change nothing else', async () => {
    const names = Object.keys(denoiserSpecs(plain));
    const added = Object.entries(denoiserSpecs(both)).filter(([name]) => !names.includes(name));
    expect(added.map(([name]) => name).sort()).toEqual(['embed/context/kernel', 'in/context/kernel', 'none/latent']);
    expect(added.every(([, { init }]) => init === 'zeros')).toBe(true);
    expect(denoiserFlops(both)).toBe(denoiserFlops(plain));
    const before = rendererOf(plain);
    const widened = rendererOf(both, withZerosFor(denoiserSpecs(both), before.networks.base));
    for (const method of ['ddim', 'mcm', 'regression'] as const) {
      const request = { method, steps: method === 'regression' ? 1 : 2 };
      const frames = await paint(before, request);
      expect(await paint(widened, request)).toEqual(frames);
      expect(await paint(widened, { ...request, context: { before: [noisyFrame(1)] } })).toEqual(frames);
    }
  });

  it('come back from a file, and are missed there by name', () => {
    const weights = rendererOf(both);
    expect(unpackRenderer(packRenderer(weights), both)).toEqual(weights);
    expect(() => unpackRenderer(packRenderer(rendererOf(plain)), both)).toThrow(/context|none/);
  });

  it('tell of the frames before, the latest first, and of the noise on them', async () => {
    const weights = rendererOf(both);
    const told = (before: readonly Frame[], time = 0) => paint(weights, { context: { before, time } });
    const [none, one, other] = [await told([]), await told([noisyFrame(1)]), await told([noisyFrame(2)])];
    // Nothing is known either way; two graphs may round a number to two neighbouring grey levels.
    expect(largestDifference(none[0] as Frame, (await paint(weights, {}))[0] as Frame)).toBeLessThanOrEqual(1);
    expect(one[0]).not.toEqual(none[0]);
    expect(other[0]).not.toEqual(one[0]);
    expect((await told([noisyFrame(2), noisyFrame(1)]))[0]).not.toEqual((await told([noisyFrame(1)]))[0]);
    expect((await told([noisyFrame(3), noisyFrame(2), noisyFrame(1)]))[0]).toEqual(
      (await told([noisyFrame(2), noisyFrame(1)]))[0],
    );
    expect((await told([noisyFrame(1)], 0.3))[0]).not.toEqual(one[0]);
    expect(await told([noisyFrame(1)], 0.3)).toEqual(await told([noisyFrame(1)], 0.3));
  });

  it('make a rollout go on from its own frames, in one call or in several', async () => {
    const renderer = createRenderer(engine, rendererOf(both));
    const request = { method: 'ddim', steps: 2, seed: 1 } as const;
    const whole = await renderer.render(latents, { ...request, context: { before: [], time: 0.2 } });
    const row = (i: number) => ({ rows: 1, columns: 6, data: latents.data.slice(6 * i, 6 * i + 6) });
    for (let i = 0; i < 3; i++) {
      const context = { before: whole.slice(0, i), time: 0.2 };
      expect(await renderer.render(row(i), { ...request, first: i, context })).toEqual([whole[i]]);
    }
    await renderer.dispose();
  });

  it('guide frames: not at all by the weight 1, wholly from the latent by 0, beyond it by more', async () => {
    const weights = rendererOf(both);
    const [plainly, untold, beyond] = [
      await paint(weights, { guidance: 1 }),
      await paint(weights, { guidance: 0 }),
      await paint(weights, { guidance: 2 }),
    ];
    expect(plainly).toEqual(await paint(weights, {}));
    expect(new Set(untold.map((frame) => Buffer.from(frame).toString('base64'))).size).toBe(1);
    expect(new Set(plainly.map((frame) => Buffer.from(frame).toString('base64'))).size).toBe(3);
    expect(beyond).not.toEqual(plainly);
  });
});

describe('guidance', () => {
  it('is the same line in x̂ and in the noise', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, number, number, fc.double({ min: 0, max: 5, noNaN: true }), (told, untold, z, weight) => {
        const [alpha, sigma] = [0.6, 0.8];
        const noiseOf = (clean: number) => (z - alpha * clean) / sigma;
        const inNoise = guided(noiseOf(told), noiseOf(untold), weight, combineNumbers);
        expect(noiseOf(guided(told, untold, weight, combineNumbers))).toBeCloseTo(inNoise, 9);
      }),
    );
  });

  it.each([
    ['a network that always had its latent', {}, { guidance: 2 }, /has never been without a latent.*--guidable/],
    ['the mean frame', { unconditional: true }, { guidance: 2, method: 'regression', steps: 1 }, /cannot be guided/],
    ['a weight that is none', { unconditional: true }, { guidance: Number.NaN }, /weight NaN; give a number/],
    ['frames before for a network that sees none', {}, { context: { before: [] } }, /sees no frames before.*--context/],
    ['noise that hides everything', { context: 1 }, { context: { before: [], time: 1 } }, /time 1; give a number/],
  ] as const)('refuses %s', async (_name, options, request, said) => {
    const config = { ...(shapes[0] as DenoiserConfig), ...options };
    const refusal = paint(rendererOf(config), request as Partial<RenderRequest>);
    await expect(refusal).rejects.toThrow(UsageError);
    await expect(paint(rendererOf(config), request as Partial<RenderRequest>)).rejects.toThrow(said);
  });
});

describe('every method', () => {
  it('trains a network with both options, down to what is told instead of a latent', async () => {
    const config: DenoiserConfig = {
      latentSize: 2,
      points: 1,
      channels: [8, 8],
      embedding: 8,
      context: 2,
      unconditional: true,
    };
    const clock = new ManualClock();
    const names = ['regression', 'base', 'student', 'mct', 'cd', 'ct', 'ect', 'progressive-16'] as const;
    const stage = { share: 1, batch: 8, learningRate: 1e-2, emphasis: [0, 0] } as const;
    const first = withZerosFor(
      denoiserSpecs(config),
      randomNetwork({ ...config, context: 0, unconditional: false }, 3),
    );
    const { networks } = await trainNetworks({
      engine,
      clock,
      denoiser: config,
      examples: new RendererExamples({ ...discData(20, 1), starts: [0, 10] }, backdrop, 0),
      minutes: 4 * names.length,
      random: new Random(5),
      checkpoint: await RendererCheckpoint.open(undefined, { denoiser: config, seed: 5, data: '' }),
      networks: names,
      stages: Object.fromEntries(names.map((name) => [name, stage])),
      trained: {},
      first,
      onProgress: () => clock.advance(60_000),
    });
    for (const name of names)
      for (const added of ['embed/context/kernel', 'in/context/kernel', 'none/latent'])
        expect(
          networks[name]?.[added]?.data.some((value) => value !== 0),
          `${name}: ${added}`,
        ).toBe(true);
  }, 120_000);
});

describe('a batch', () => {
  const starts = [0, 5];
  const data = { ...discData(10, 1), starts };
  const examples = new RendererExamples(data, backdrop, 0);

  it('shows each example the frames before it in its episode, and says where there are none', () => {
    const { latents: drawn, context, known } = examples.draw(200, 0, new Random(1), 2);
    const indexOf = (row: number): number => {
      const own = drawn?.data.slice(2 * row, 2 * row + 2) as Float32Array;
      return Array.from({ length: 10 }, (_, i) => i).find(
        (i) => data.latents[2 * i] === own[0] && data.latents[2 * i + 1] === own[1],
      ) as number;
    };
    const shown = (row: number, place: number, pixel: number): number =>
      (context?.data[row * 2 * FRAME_BYTES + 6 * pixel + 3 * place] as number) * 127.5 + 128;
    for (let row = 0; row < 200; row++) {
      const index = indexOf(row);
      const start = index < 5 ? 0 : 5;
      expect(known?.data[row]).toBe(Number(index > start));
      if (index === start) continue;
      for (const [place, before] of [index - 1, Math.max(start, index - 2)].entries())
        for (let pixel = 0; pixel < 4096; pixel += 97)
          expect(shown(row, place, pixel)).toBeCloseTo(data.frames[before * FRAME_BYTES + 3 * pixel] as number, 3);
    }
  });

  it('is refused where frames stand alone', () => {
    const alone = new RendererExamples(discData(4, 1), backdrop, 0);
    expect(() => alone.draw(2, 0, new Random(1), 1)).toThrow(TrainingError);
    expect(alone.draw(2, 0, new Random(1))).not.toHaveProperty('context');
  });

  it('lacks a latent and the frames before as often as it should, and else has noise on these', () => {
    const random = new Random(3);
    const drawing = { batch: 2000, random, noise: new NoisePool(random, 1 << 18) };
    const config = { withoutLatent: 0.2, withoutContext: 0.3, contextTime: 0.5 };
    const drawn = drawConditions({ ...drawing, batch: 400 }, { context: 1, unconditional: true }, config);
    const share = (values: ArrayLike<number> | undefined, value: number) =>
      Array.from(values ?? []).filter((each) => each === value).length / 400;
    expect(Math.abs(share(drawn.told?.data, 0) - 0.2)).toBeLessThan(0.08);
    const times = Array.from(drawn.contextTimes?.data ?? []);
    expect(Math.abs(share(times, 1) - 0.3)).toBeLessThan(0.08);
    times.forEach((time, i) => {
      const [kept, added] = [drawn['context/0']?.data[i] as number, drawn['context/1']?.data[i] as number];
      expect(time === 1 ? kept + added : Math.hypot(kept, added)).toBeCloseTo(time === 1 ? 0 : 1, 5);
      if (time < 1) expect(time).toBeLessThanOrEqual(0.5);
    });
    expect(drawConditions(drawing, {})).toEqual({});
  });
});
