import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import onnxProto from 'onnx-proto';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { cpuTarget } from '../../models/tensor/cpuTarget.ts';
import { createEagerEngine } from '../../models/tensor/eagerEngine.ts';
import type { HostTensor, Signature, Tensors } from '../../models/tensor/program.ts';
import { traceFunction } from '../../models/tensor/tracingBackend.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds, relativeError } from './randomFeeds.ts';

const engine = createCpuEngine({ threads: 2 });
const reference = createEagerEngine('reference', 'cpu');
afterAll(() => engine.dispose());

interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly extents: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly pad: 'same' | 'valid';
}

const geometry: fc.Arbitrary<Geometry> = fc
  .record({
    batch: fc.constantFrom(1, 2, 3, 8, 16),
    height: fc.integer({ min: 5, max: 16 }),
    width: fc.integer({ min: 5, max: 12 }),
    inputs: fc.constantFrom(1, 3, 8, 16, 24, 32),
    outputs: fc.constantFrom(1, 3, 8, 10, 16, 32),
    extents: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    stride: fc.constantFrom(1, 2),
    dilation: fc.constantFrom(1, 2),
    pad: fc.constantFrom<'same' | 'valid'>('same', 'valid'),
  })
  .filter(({ stride, dilation }) => stride === 1 || dilation === 1)
  .filter(({ extents, dilation, pad }) => pad === 'same' || (Math.max(...extents) - 1) * dilation < 5);

/** A convolution and its two gradients, the upstream gradient being whatever the squares of the result make it. */
function convolution({ stride, dilation, pad }: Geometry) {
  return ({ x, filter }: Tensors): Tensors => {
    const result = (image: tf.Tensor, kernel: tf.Tensor) =>
      tf.conv2d(image as tf.Tensor4D, kernel as tf.Tensor4D, stride, pad, 'NHWC', dilation);
    const gradients = tf.grads((image, kernel) => tf.sum(tf.square(result(image as tf.Tensor, kernel as tf.Tensor))));
    const [ofInput, ofFilter] = gradients([x as tf.Tensor, filter as tf.Tensor]) as [tf.Tensor, tf.Tensor];
    return { result: result(x as tf.Tensor, filter as tf.Tensor), ofInput, ofFilter };
  };
}

function signatureOf({ batch, height, width, inputs, outputs, extents }: Geometry): Signature {
  return { x: { shape: [batch, height, width, inputs] }, filter: { shape: [...extents, inputs, outputs] } };
}

/** Operators of the graph that belong to a domain other than ONNX's own. */
function foreignOperators(model: Uint8Array): string[] {
  const { graph } = onnxProto.onnx.ModelProto.decode(model);
  return (graph?.node ?? []).flatMap(({ domain, opType }) => (domain ? [String(opType)] : []));
}

describe('convolutions in the layout of the runtime', () => {
  it('and their gradients are those of tensorflow.js, whatever the shapes', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, fc.nat(), async (drawn, seed) => {
        const fn = convolution(drawn);
        const signature = signatureOf(drawn);
        const feeds = randomFeeds(signature, new Random(seed));
        const [program, expected] = [await engine.compile(fn, signature), await reference.compile(fn, signature)];
        const [actual, wanted] = [await program.run(feeds), await expected.run(feeds)];
        await program.dispose();
        for (const [name, tensor] of Object.entries(wanted))
          expect(relativeError(actual[name] as HostTensor, tensor), name).toBeLessThan(1e-5);
      }),
      {
        numRuns: Number(process.env.NUMERICS_RUNS ?? 15),
        ...(process.env.NUMERICS_SEED && { seed: Number(process.env.NUMERICS_SEED) }),
      },
    );
  });

  it('is used where channels fill blocks, and never in graphs for other programs', async () => {
    const target = await cpuTarget();
    const whole = {
      batch: 2,
      height: 16,
      width: 8,
      inputs: 32,
      outputs: 16,
      extents: [3, 3],
      stride: 1,
      dilation: 1,
      pad: 'same',
    } as const;
    expect(foreignOperators(traceFunction(convolution(whole), signatureOf(whole)).model)).toEqual([]);
    const operators = foreignOperators(traceFunction(convolution(whole), signatureOf(whole), target).model);
    expect(operators.filter((operator) => operator === 'Conv')).toHaveLength(target.channelBlock > 0 ? 3 : 0);
  });

  it('is left where no equal bands of the images make whole blocks', async () => {
    const odd = {
      batch: 3,
      height: 7,
      width: 7,
      inputs: 3,
      outputs: 5,
      extents: [3, 3],
      stride: 1,
      dilation: 1,
      pad: 'same',
    } as const;
    expect(foreignOperators(traceFunction(convolution(odd), signatureOf(odd), await cpuTarget()).model)).toEqual([]);
  });
});
