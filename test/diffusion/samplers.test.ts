/**
 * Every sampler on normal data, whose denoiser, flow and marginals are known in closed form for any process: its order,
 * what it does with no noise left, and the distribution that comes out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowVelocity, type Process } from '../../models/diffusion/processes/process.ts';
import { subVariancePreserving } from '../../models/diffusion/processes/subVariancePreserving.ts';
import { varianceExploding } from '../../models/diffusion/processes/varianceExploding.ts';
import {
  cosineVariancePreserving,
  linearVariancePreserving,
} from '../../models/diffusion/processes/variancePreserving.ts';
import { adaptiveFlow } from '../../models/diffusion/samplers/adaptiveFlow.ts';
import { ancestral, ddim, ddimWeights, sampleDdim } from '../../models/diffusion/samplers/ddim.ts';
import { dormandPrince } from '../../models/diffusion/samplers/dormandPrince.ts';
import { dpmSolver } from '../../models/diffusion/samplers/dpmSolver.ts';
import {
  eulerMaruyama,
  predictorCorrector,
  samplePredictorCorrector,
} from '../../models/diffusion/samplers/eulerMaruyama.ts';
import { flowEuler, heun } from '../../models/diffusion/samplers/flowSolvers.ts';
import type { Blend, Sampler, Sampling } from '../../models/diffusion/samplers/sampler.ts';
import { evenTimes, karrasTimes, timeOfNoise } from '../../models/diffusion/samplers/timeGrids.ts';
import { Random } from '../../shared/random.ts';

const samplers = [ddim, ancestral, flowEuler, heun, dormandPrince, dpmSolver, eulerMaruyama, predictorCorrector];

const MEAN = 0.3;
const DEVIATION = 0.5;

const cosine = cosineVariancePreserving;
const exploding = varianceExploding();
const processes = [cosine, linearVariancePreserving(), subVariancePreserving(), exploding];
const noises = [-2, -0.7, 0, 0.4, 1.5];

const blend: Blend<number> = (terms) => terms.reduce((sum, [weight, x]) => sum + weight * x, 0);
const spread = (process: Process, time: number) => Math.hypot(process.alpha(time) * DEVIATION, process.sigma(time));

const denoiserOf = (process: Process) => (noisy: number, time: number) => {
  const alpha = process.alpha(time);
  return MEAN + ((alpha * DEVIATION ** 2) / spread(process, time) ** 2) * (noisy - alpha * MEAN);
};

function exactFlow(process: Process, noisy: number, from: number, to: number): number {
  const ratio = spread(process, to) / spread(process, from);
  return process.alpha(to) * MEAN + ratio * (noisy - process.alpha(from) * MEAN);
}

function sampling(process: Process, times: readonly number[], drawn: readonly [number, ...number[]]): Sampling<number> {
  return { process, denoise: denoiserOf(process), times, noises: drawn, blend };
}

/** The largest distance from the flow at the last of the times. */
function flowError(sampler: Sampler, process: Process, times: readonly number[]): number {
  const [from, to] = [times[0] as number, times.at(-1) as number];
  return Math.max(
    ...noises.map((noise) => {
      const start = process.sigma(from) * noise;
      return Math.abs(sampler.sample(sampling(process, times, [noise])) - exactFlow(process, start, from, to));
    }),
  );
}

describe('orders of convergence', () => {
  /** Without the last step to no noise, which is of order 1 for all. */
  const withoutZero = (process: Process, steps: number) => karrasTimes(process, steps + 1).slice(0, -1);

  it.each([
    { sampler: ddim, order: 1 },
    { sampler: heun, order: 2 },
    { sampler: dpmSolver, order: 2 },
  ])("$sampler.name on Karras's grid, of order $order", ({ sampler, order }) => {
    for (const process of processes) {
      const errors = [64, 128, 256, 512].map((steps) => flowError(sampler, process, withoutZero(process, steps)));
      const orders = errors.slice(1).map((error, i) => Math.log2((errors[i] as number) / error));
      for (const measured of orders) expect(Math.abs(measured - order), process.name).toBeLessThan(0.1);
      expect(Math.abs((orders.at(-1) as number) - order), process.name).toBeLessThan(0.03);
    }
  });

  it("rk45 on Karras's grid, of order 5", () => {
    for (const process of processes) {
      const errors = [24, 48, 96].map((steps) => flowError(dormandPrince, process, withoutZero(process, steps)));
      const orders = errors.slice(1).map((error, i) => Math.log2((errors[i] as number) / error));
      for (const measured of orders) expect(measured, process.name).toBeGreaterThan(4.7);
    }
  });

  it('Euler in time, of order 1', () => {
    for (const process of processes) {
      const last = (steps: number) => {
        const times = karrasTimes(process, steps);
        // The sampler ends by denoising at the last time but one: compare with the denoised flow there.
        const [from, end] = [times[0] as number, times.at(-2) as number];
        return Math.max(
          ...noises.map((noise) => {
            const flow = exactFlow(process, process.sigma(from) * noise, from, end);
            return Math.abs(flowEuler.sample(sampling(process, times, [noise])) - denoiserOf(process)(flow, end));
          }),
        );
      };
      const errors = [128, 256, 512, 1024].map(last);
      const orders = errors.slice(1).map((error, i) => Math.log2((errors[i] as number) / error));
      expect(Math.abs((orders.at(-1) as number) - 1), process.name).toBeLessThan(0.1);
    }
  });

  it('RK45 keeps its tolerance, of order 5', async () => {
    const velocity = (x: Float64Array, time: number) => {
      const score = (z: number) => -(z - cosine.alpha(time) * MEAN) / spread(cosine, time) ** 2;
      return x.map((z) => flowVelocity(cosine, time, z, score(z)));
    };
    const start = Float64Array.from(noises);
    const run = async (tolerance: number) => {
      const config = { absolute: tolerance, relative: tolerance, most: 10_000 };
      const { x, calls } = await adaptiveFlow(velocity, start, 0.95, 0.01, config);
      const error = Math.max(...x.map((z, i) => Math.abs(z - exactFlow(cosine, start[i] as number, 0.95, 0.01))));
      return { error, calls };
    };
    const [rough, fine] = [await run(1e-5), await run(1e-10)];
    expect(rough.error).toBeLessThan(1e-4);
    expect(fine.error).toBeLessThan(1e-9);
    // A tolerance 10⁵ times as fine costs ten times the calls where the error falls with the fifth power of a step.
    expect(fine.calls / rough.calls).toBeLessThan(11);
    await expect(adaptiveFlow(() => new Float64Array([Number.NaN]), new Float64Array(1), 0, 1)).rejects.toThrow(
      /did not come to 1 within 10000 steps/,
    );
  });
});

describe('samplers of the flow', () => {
  it.each([ddim, heun, dormandPrince, dpmSolver, flowEuler])(
    '$name comes to the data in a few hundred steps',
    (sampler) => {
      for (const process of processes) {
        const times = sampler.times(process, 400);
        const from = times[0] as number;
        for (const noise of noises) {
          const exact = exactFlow(process, process.sigma(from) * noise, from, 0);
          const error = Math.abs(sampler.sample(sampling(process, times, [noise])) - exact);
          expect(error, process.name).toBeLessThan(0.1);
        }
      }
    },
  );
});

describe('samplers of the SDE', () => {
  /** Mean and deviation of 3,000 samples. */
  function moments(sampler: Sampler, process: Process, steps: number, seed: number) {
    const random = new Random(seed);
    const times = sampler.times(process, steps);
    const draw = () => Array.from(random.normals(sampler.noises(steps))) as [number, ...number[]];
    const samples = Array.from({ length: 3000 }, () => sampler.sample(sampling(process, times, draw())));
    const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
    const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length;
    return { mean, deviation: Math.sqrt(variance) };
  }

  it.each([ancestral, eulerMaruyama, predictorCorrector])('$name gives the data their mean and spread', (sampler) => {
    for (const process of processes) {
      const { mean, deviation } = moments(sampler, process, 200, 7);
      // Four standard errors of 3,000 samples, and what is left of the bias of 200 steps.
      expect(Math.abs(mean - MEAN), process.name).toBeLessThan(0.04);
      expect(Math.abs(deviation - DEVIATION), process.name).toBeLessThan(0.035);
    }
  });

  it('lose spread in few steps, and win it back in proportion', () => {
    const lost = [8, 16, 32].map((steps) => {
      // Variances follow by arithmetic: the mean step is linear.
      const times = evenTimes(cosine, steps);
      let variance = 1;
      times.slice(1).forEach((to, k) => {
        const from = times[k] as number;
        const [clean, kept, fresh] = ddimWeights(cosine, from, to, 1);
        const gain = (cosine.alpha(from) * DEVIATION ** 2) / spread(cosine, from) ** 2;
        variance = (clean * gain + kept) ** 2 * variance + fresh ** 2;
      });
      return DEVIATION - Math.sqrt(variance);
    });
    expect(lost[0]).toBeGreaterThan(0.01);
    expect((lost[1] as number) / (lost[2] as number)).toBeCloseTo(2, 0);
  });

  it('without a corrector step, the two are one', () => {
    const times = karrasTimes(cosine, 20);
    const drawn = Array.from(new Random(3).normals(39)) as [number, ...number[]];
    expect(samplePredictorCorrector(sampling(cosine, times, drawn), 0)).toBeCloseTo(
      eulerMaruyama.sample(sampling(cosine, times, drawn)),
      12,
    );
  });
});

describe('DDIM with all noise new', () => {
  it("steps as DDPM's posterior says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...processes),
        fc.double({ min: 0.1, max: 0.99, noNaN: true }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (process, from, share) => {
          const to = share * from;
          const [clean, kept, fresh] = ddimWeights(process, from, to, 1);
          // The bridge of z_s given x and z_t (Ho et al. 2020, eq. 6 and 7), from the two marginals.
          const scale = process.alpha(from) / process.alpha(to);
          const between = process.sigma(from) ** 2 - (scale * process.sigma(to)) ** 2;
          const variance = (process.sigma(to) ** 2 * between) / process.sigma(from) ** 2;
          expect(fresh ** 2 / variance).toBeCloseTo(1, 6);
          expect(kept / ((scale * process.sigma(to) ** 2) / process.sigma(from) ** 2)).toBeCloseTo(1, 6);
          expect(clean).toBeCloseTo((process.alpha(to) * between) / process.sigma(from) ** 2, 9);
        },
      ),
    );
  });

  it('keeps the marginal right at any share of new noise', () => {
    for (const eta of [0, 0.3, 1]) {
      const [clean, kept, fresh] = ddimWeights(cosine, 0.7, 0.4, eta);
      expect(clean + kept * cosine.alpha(0.7)).toBeCloseTo(cosine.alpha(0.4), 12);
      expect(Math.hypot(kept * cosine.sigma(0.7), fresh)).toBeCloseTo(cosine.sigma(0.4), 12);
    }
    const times = evenTimes(cosine, 10);
    const drawn = Array.from(new Random(1).normals(10)) as [number, ...number[]];
    expect(sampleDdim(sampling(cosine, times, drawn), 0)).toBe(ddim.sample(sampling(cosine, times, drawn)));
  });
});

describe('every sampler', () => {
  it.each(samplers)(
    '$name calls the denoiser and takes noise as often as it says, in any number of steps',
    (sampler) => {
      for (const process of processes)
        for (const steps of [1, 2, 3, 8, 17]) {
          let calls = 0;
          const used = new Set<number>();
          const drawn = Array.from({ length: 40 }, (_, i) => i + 1);
          const counted: Sampling<number> = {
            ...sampling(process, sampler.times(process, steps), drawn as [number, ...number[]]),
            denoise: () => {
              calls++;
              return 0.5;
            },
            blend: (terms) => {
              for (const [, x] of terms) if (Number.isInteger(x) && x !== 0) used.add(x);
              return 0.5;
            },
          };
          sampler.sample(counted);
          expect(calls).toBe(sampler.calls(steps));
          expect(Math.max(...used)).toBe(sampler.noises(steps));
          expect(used.size).toBe(sampler.noises(steps));
        }
    },
  );
});

describe('grids of times', () => {
  it('fall from much noise to none, at the noise asked for', () => {
    for (const process of processes) {
      for (const grid of [evenTimes, karrasTimes]) {
        const times = grid(process, 16);
        expect(times).toHaveLength(17);
        expect(times.at(-1)).toBe(0);
        expect(times.every((time, i) => i === 0 || time < (times[i - 1] as number))).toBe(true);
      }
      for (const level of [0.01, 1, 50]) {
        const time = timeOfNoise(process, level);
        expect(process.sigma(time) / process.alpha(time) / level).toBeCloseTo(1, 9);
      }
    }
  });
});
