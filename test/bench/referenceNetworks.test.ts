/**
 * The reference networks learn the same on the compiled engine as on tensorflow.js, one kernel at a time: on its plain
 * backend or, since twenty steps of the U-Net take an hour there, on the engine that REFERENCE_ENGINE names. The large
 * two are the long check: `REFERENCE_NETS=dit,unet REFERENCE_ENGINE=tensorflow npx vitest run
 * test/bench/referenceNetworks.test.ts`.
 */
import { afterAll, describe, expect, it, test } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import { createEngine } from '../../models/tensor/engines.ts';
import { float32, type HostTensor, type HostTensors, type Program, sizeOf } from '../../models/tensor/program.ts';
import { referenceNetworks } from '../../server/bench/engine/referenceNetworks.ts';
import { adam, trainFeeds, trainFunction, trainSignature } from '../../server/bench/engine/referenceSteps.ts';
import { relativeError } from '../tensor/randomFeeds.ts';

const engine = createCpuEngine({ threads: 2 });
const { REFERENCE_ENGINE: name } = process.env;
const plain = name === undefined ? createEagerEngine('plain', 'cpu') : await createEngine(name);
afterAll(() => engine.dispose());

const wanted = (process.env.REFERENCE_NETS ?? 'mlp').split(',');
const STEPS = 20;

/**
 * Where a gradient is nothing but rounding, Adam's first step is a whole learning rate either way: a start that differs
 * in the last bit then ends 2e-3 apart on one engine. This epsilon lies above the rounding.
 */
const optimiser = { ...adam, epsilon: 1e-4 };

describe.each(referenceNetworks.filter(({ name }) => wanted.includes(name)))('$name', (network) => {
  it(`has the same losses and parameters after ${STEPS} steps as without compiling`, {
    timeout: 1_800_000,
  }, async () => {
    const batch = network.name === 'mlp' ? 16 : 1;
    const [compiled, expected] = (await Promise.all(
      [engine, plain].map((one) => one.compile(trainFunction(network, optimiser), trainSignature(network, batch))),
    )) as [Program, Program];
    let [ours, theirs]: HostTensors[] = [trainFeeds(network, batch, 3), trainFeeds(network, batch, 3)];
    const losses: number[] = [];
    for (let step = 1; step <= STEPS; step++) {
      const number = { step: float32(step, []) };
      const [after, wanted] = [
        await compiled.run({ ...ours, ...number }),
        await expected.run({ ...theirs, ...number }),
      ];
      const { 'terms:loss': loss, ...state } = after;
      const { 'terms:loss': wantedLoss, ...wantedState } = wanted;
      expect(relativeError(loss as HostTensor, wantedLoss as HostTensor)).toBeLessThan(1e-4);
      losses.push(wantedLoss?.data[0] as number);
      [ours, theirs] = [
        { ...ours, ...state },
        { ...theirs, ...wantedState },
      ];
    }
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    for (const [name, value] of Object.entries(theirs).filter(([name]) => name.startsWith('parameters:')))
      expect(relativeError(ours[name] as HostTensor, value), name).toBeLessThan(1e-4);
  });
});

test.each([
  ['mlp', 317_488],
  ['dit', 1_114_112],
  ['unet', 1_319_504],
] as const)('%s has as many parameters as its layers say', (name, expected) => {
  const parameters = referenceNetworks.find((network) => network.name === name)?.parameters ?? {};
  expect(Object.values(parameters).reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(expected);
});
