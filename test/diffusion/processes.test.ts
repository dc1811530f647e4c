import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { karrasGrid, preconditioning } from '../../models/diffusion/processes/edmPreconditioning.ts';
import {
  cleanFrom,
  explodingSigma,
  PARAMETRISATIONS,
  preservingLevel,
  sayClean,
} from '../../models/diffusion/processes/parametrisation.ts';
import { flowVelocity, type Process, reverseDrift } from '../../models/diffusion/processes/process.ts';
import { subVariancePreserving } from '../../models/diffusion/processes/subVariancePreserving.ts';
import { varianceExploding } from '../../models/diffusion/processes/varianceExploding.ts';
import {
  cosineVariancePreserving,
  linearVariancePreserving,
} from '../../models/diffusion/processes/variancePreserving.ts';

const linear = linearVariancePreserving();
const subVp = subVariancePreserving();
const exploding = varianceExploding();
const processes = [linear, cosineVariancePreserving, subVp, exploding].map(
  (process) => [process.name, process] as const,
);
const times = [0.05, 0.2, 0.5, 0.8, 0.95];
const slope = (f: (time: number) => number, time: number) => (f(time + 1e-6) - f(time - 1e-6)) / 2e-6;
const value = fc.double({ min: -3, max: 3, noNaN: true });

describe.each(processes)('the process %s', (_, process: Process) => {
  it('has the marginals that its drift and diffusion make', () => {
    for (const time of times) {
      const [drift, variance] = [process.drift(time), process.sigma(time) ** 2];
      expect(slope(process.alpha, time) - drift * process.alpha(time)).toBeCloseTo(0, 6);
      const made = 2 * drift * variance + process.diffusion(time) ** 2;
      const measured = slope((t) => process.sigma(t) ** 2, time);
      expect(measured / made).toBeCloseTo(1, 6);
    }
  });

  it('carries Gaussian data along its closed-form probability flow', () => {
    const deviation = (time: number) => Math.hypot(0.5 * process.alpha(time), process.sigma(time));
    const exact = (time: number) => process.alpha(time) * 0.3 + deviation(time) * 0.7;
    for (const time of times) {
      const score = -0.7 / deviation(time);
      expect(flowVelocity(process, time, exact(time), score) / slope(exact, time)).toBeCloseTo(1, 5);
    }
  });

  it('has a reverse drift twice as far from its own drift as the flow', () => {
    const [own, flow] = [process.drift(0.5) * 0.4, flowVelocity(process, 0.5, 0.4, -1.2)];
    expect((reverseDrift(process, 0.5, 0.4, -1.2) - own) / (flow - own)).toBeCloseTo(2, 12);
  });

  it('ends at its prior', () => {
    expect(process.alpha(0)).toBe(1);
    expect(process.sigma(1) / process.priorDeviation).toBeCloseTo(1, 4);
  });
});

describe('the family', () => {
  it('preserves variance, or stays below it', () => {
    for (const time of times) {
      expect(linear.alpha(time) ** 2 + linear.sigma(time) ** 2).toBeCloseTo(1, 14);
      expect(subVp.sigma(time)).toBeCloseTo(linear.sigma(time) ** 2, 14);
    }
  });

  it('refuses noise that does not grow', () => {
    expect(() => varianceExploding({ least: 2, most: 1 })).toThrow(/from 2 to 1/);
    expect(() => varianceExploding({ least: 0, most: 1 })).toThrow(/from 0 to 1/);
  });
});

describe('parametrisations', () => {
  it('say the same clean picture, each back from itself, on every process', () => {
    fc.assert(
      fc.property(value, value, fc.constantFrom(...times), fc.constantFrom(...processes), (x, noise, time, [, p]) => {
        const level = { alpha: p.alpha(time), sigma: p.sigma(time) };
        const z = level.alpha * x + level.sigma * noise;
        const truth = { x, noise, velocity: level.alpha * noise - level.sigma * x, score: -noise / level.sigma };
        for (const said of PARAMETRISATIONS) {
          // A score or noise is divided by α on the way to x: digits are lost where the picture is nearly gone.
          const digits = said === 'x' || level.alpha > 0.05 ? 9 : 6;
          expect(cleanFrom(said, truth[said], z, level)).toBeCloseTo(x, digits);
          const asked = sayClean(said, x, z, level);
          expect(Math.abs(asked - truth[said])).toBeLessThan(1e-8 * (1 + Math.abs(truth[said])));
        }
      }),
    );
  });

  it('are the same between VP and VE at another scale', () => {
    for (const time of times) {
      const level = { alpha: cosineVariancePreserving.alpha(time), sigma: cosineVariancePreserving.sigma(time) };
      expect(explodingSigma(level)).toBeCloseTo(Math.tan((Math.PI / 2) * time), 10);
      const back = preservingLevel(explodingSigma(level));
      expect(back.alpha).toBeCloseTo(level.alpha, 12);
      expect(back.sigma).toBeCloseTo(level.sigma, 12);
      // E[x | z] of N(0.3, 0.5²) at z = 0.6 of VP and at z / α of VE
      const denoise = (z: number, a: number, s: number) => 0.3 + ((a * 0.25) / (a * a * 0.25 + s * s)) * (z - a * 0.3);
      const onVe = denoise(0.6 / level.alpha, 1, explodingSigma(level));
      expect(onVe).toBeCloseTo(denoise(0.6, level.alpha, level.sigma), 12);
    }
  });
});

describe("EDM's preconditioning", () => {
  it('gives the network inputs, answers and errors of one size', () => {
    for (const sigma of [0.002, 0.1, 1, 10, 80]) {
      const c = preconditioning(sigma);
      expect(c.in ** 2 * (sigma ** 2 + 0.25)).toBeCloseTo(1, 12);
      expect(c.weight * c.out ** 2).toBeCloseTo(1, 12);
      // F's target is (x − c_skip (x + σ ε)) / c_out, for data of variance 0.25 and independent noise
      expect(((1 - c.skip) ** 2 * 0.25 + (c.skip * sigma) ** 2) / c.out ** 2).toBeCloseTo(1, 10);
    }
  });

  it('has a falling grid from the most noise to the least', () => {
    const grid = karrasGrid(18);
    expect(grid[0]).toBeCloseTo(80, 10);
    expect(grid[17]).toBeCloseTo(0.002, 12);
    expect(grid.every((sigma, i) => i === 0 || sigma < (grid[i - 1] as number))).toBe(true);
    expect(() => karrasGrid(1)).toThrow(/1 points/);
  });
});
