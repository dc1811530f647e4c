/**
 * Gradients of convolutions. tensorflow.js refuses dilated ones: a dilated filter is a plain filter with zeros between
 * its elements, so that its gradients are those of the plain one, with the gradients of the zeros left out. It also
 * lacks the gradients of the gradient kernels; a convolution is linear in the data and in the filter, so that each
 * is one of the three kernels again.
 */
import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { spread } from './spread.ts';

/** The three kernels of a convolution. */
interface Family {
  readonly forward: string;
  readonly ofInput: string;
  readonly ofFilter: string;
  readonly spatialRank: number;
}

function run(kernel: string, inputs: NamedTensorMap, attributes: NamedAttrMap): Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes) as Tensor;
}

function stepsOf(dilations: unknown, rank: number): number[] {
  if (Array.isArray(dilations)) return dilations.map(Number);
  return Array<number>(rank).fill(Number(dilations ?? 1));
}

function convolution({ forward, ofInput, ofFilter, spatialRank }: Family): GradConfig {
  return {
    kernelName: forward,
    inputsToSave: ['x', 'filter'],
    gradFunc: (upstream, saved, attributes) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const dy = upstream as Tensor;
      const steps = stepsOf(attributes.dilations, spatialRank);
      const ones = Array<number>(spatialRank).fill(1);
      const plain = { ...attributes, dilations: ones };
      return {
        x: () => run(ofInput, { dy, filter: spread(filter, steps) }, { ...plain, inputShape: x.shape }),
        filter: () => {
          const shape = filter.shape.map((size, axis) => (size - 1) * (steps[axis] ?? 1) + 1);
          const dense = run(ofFilter, { x, dy }, { ...plain, filterShape: shape });
          return steps.every((step) => step === 1) ? dense : picked(dense, steps);
        },
      };
    },
  };
}

/** Every `steps[i]`-th element of each leading axis. */
function picked(x: Tensor, steps: readonly number[]): Tensor {
  const strides = x.shape.map((_, axis) => steps[axis] ?? 1);
  return tf.stridedSlice(
    x,
    x.shape.map(() => 0),
    x.shape,
    strides,
  );
}

/** The gradient of the input is linear in the upstream gradient and the filter. */
function inputGradient({ forward, ofInput, ofFilter, spatialRank }: Family): GradConfig {
  return {
    kernelName: ofInput,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (upstream, saved, attributes) => {
      const [dy, filter] = saved as [Tensor, Tensor];
      const x = upstream as Tensor;
      const ones = Array<number>(spatialRank).fill(1);
      const plain = { ...attributes, dilations: ones };
      return {
        dy: () => run(forward, { x, filter }, plain),
        filter: () => run(ofFilter, { x, dy }, { ...plain, filterShape: filter.shape }),
      };
    },
  };
}

/** The gradient of the filter is linear in the input and the upstream gradient. */
function filterGradient({ forward, ofInput, ofFilter, spatialRank }: Family): GradConfig {
  return {
    kernelName: ofFilter,
    inputsToSave: ['x', 'dy'],
    gradFunc: (upstream, saved, attributes) => {
      const [x, dy] = saved as [Tensor, Tensor];
      const filter = upstream as Tensor;
      const ones = Array<number>(spatialRank).fill(1);
      const plain = { ...attributes, dilations: ones };
      return {
        x: () => run(ofInput, { dy, filter }, { ...plain, inputShape: x.shape }),
        dy: () => run(forward, { x, filter }, plain),
      };
    },
  };
}

const families: readonly Family[] = [
  { forward: 'Conv2D', ofInput: 'Conv2DBackpropInput', ofFilter: 'Conv2DBackpropFilter', spatialRank: 2 },
  {
    forward: 'DepthwiseConv2dNative',
    ofInput: 'DepthwiseConv2dNativeBackpropInput',
    ofFilter: 'DepthwiseConv2dNativeBackpropFilter',
    spatialRank: 2,
  },
  { forward: 'Conv3D', ofInput: 'Conv3DBackpropInputV2', ofFilter: 'Conv3DBackpropFilterV2', spatialRank: 3 },
];

export const windowGradients: readonly GradConfig[] = families.flatMap((family) => [
  convolution(family),
  inputGradient(family),
  filterGradient(family),
]);
