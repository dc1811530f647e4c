/** How often a training method asks a network for one example, counted, against what it says of itself. */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type DenoiserConfig, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import { ancestryOf, type NetworkName, networkPlans } from '../../models/diffusion/networks.ts';
import { exampleSignature } from '../../models/diffusion/training/trainingMethod.ts';
import { constants } from '../../models/tensor/constants.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { Random } from '../../shared/random.ts';

const counted = vi.hoisted(() => ({ calls: 0 }));
vi.mock('../../models/diffusion/network/denoiser.ts', async (original) => {
  const real = await original<typeof import('../../models/diffusion/network/denoiser.ts')>();
  return {
    ...real,
    denoise: (...args: Parameters<typeof real.denoise>) => {
      counted.calls++;
      return real.denoise(...args);
    },
  };
});

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

const config: DenoiserConfig = { latentSize: 2, points: 1, channels: [8, 8], embedding: 8 };
const parameters = initialise(denoiserSpecs(config), new Random(1));

describe('a loss', () => {
  test.each([
    ['regression', 1],
    ['base', 1],
    ['student', 3],
    ['mct', 2],
    ['cd', 4],
    ['ct', 2],
    ['ect', 2],
    ['progressive-16', 3],
  ] as const)('of %s takes %i calls', async (name, calls) => {
    const method = networkPlans[name].method(parameters);
    counted.calls = 0;
    const program = await engine.compile((inputs) => ({ loss: method.loss(constants(parameters), inputs) }), {
      ...exampleSignature(4, config.latentSize),
      ...method.signature(4),
    });
    await program.dispose();
    expect([method.calls, counted.calls]).toEqual([calls, calls]);
  });
});

test('a network comes after all that it starts from and is taught by', () => {
  const expected: readonly NetworkName[] = ['regression', 'base', 'progressive-16', 'progressive-8', 'mct'];
  expect(ancestryOf(['progressive-8', 'mct'])).toEqual(expected);
  expect(ancestryOf([])).toEqual([]);
});
