/** Cases of kernels with windows, on images and on clips: convolutions, poolings, dilations; and of resizing. */
import * as tf from '@tensorflow/tfjs';
import { fixed, type KernelCase, some } from './kernelCase.ts';

/** A convolution of random size, stride and padding. */
function convolution(name: string, strides: readonly number[], dilations: readonly number[]): KernelCase {
  return {
    name,
    covers: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    draw: (random) => {
      const [batch, channels, outputs] = [some(random, 1, 3), some(random, 1, 4), some(random, 1, 4)] as const;
      const [height, width] = [some(random, 5, 9), some(random, 5, 9)] as const;
      const size = [some(random, 1, 3), some(random, 1, 3)] as const;
      const pad = random.choice(['same', 'valid', 1] as const);
      const stride = random.choice(strides);
      const dilation = random.choice(dilations);
      return {
        fn: ({ x, w }) => ({
          y: tf.conv2d(
            x as tf.Tensor4D,
            w as tf.Tensor4D,
            stride,
            pad,
            'NHWC',
            dilation,
            pad === 1 ? 'floor' : undefined,
          ),
        }),
        signature: { x: { shape: [batch, height, width, channels] }, w: { shape: [...size, channels, outputs] } },
      };
    },
  };
}

/** A depthwise convolution of random size, stride, padding and number of filters a channel. */
function depthwise(name: string, strides: readonly number[], dilations: readonly number[]): KernelCase {
  return {
    name,
    covers: ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
    draw: (random) => {
      const [batch, channels, multiplier] = [some(random, 1, 3), some(random, 1, 4), some(random, 1, 3)] as const;
      const [height, width] = [some(random, 5, 9), some(random, 5, 9)] as const;
      const pad = random.choice(['same', 'valid', 1] as const);
      const [stride, spacing] = [random.choice(strides), random.choice(dilations)];
      return {
        fn: ({ x, w }) => ({
          y: tf.depthwiseConv2d(
            x as tf.Tensor4D,
            w as tf.Tensor4D,
            stride,
            pad,
            'NHWC',
            spacing,
            pad === 1 ? 'floor' : undefined,
          ),
        }),
        signature: {
          x: { shape: [batch, height, width, channels] },
          w: { shape: [some(random, 1, 3), some(random, 1, 3), channels, multiplier] },
        },
      };
    },
  };
}

/** A convolution of clips. */
function solidConvolution(name: string, strides: readonly number[], dilations: readonly number[]): KernelCase {
  return {
    name,
    covers: ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
    draw: (random) => {
      const [batch, channels, outputs] = [some(random, 1, 2), some(random, 1, 3), some(random, 1, 3)] as const;
      const extents = [some(random, 3, 5), some(random, 3, 6), some(random, 3, 6)] as const;
      const pad = random.choice(['same', 'valid'] as const);
      const steps = () =>
        [random.choice(strides), random.choice(strides), random.choice(strides)] as [number, number, number];
      const [stride, spacing] = [steps(), random.choice(dilations)];
      const most = spacing > 1 ? 2 : 3;
      return {
        fn: ({ x, w }) => ({
          y: tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, stride, pad, 'NDHWC', spacing as never),
        }),
        signature: {
          x: { shape: [batch, ...extents, channels] },
          w: { shape: [some(random, 1, most), some(random, 1, most), some(random, 1, most), channels, outputs] },
        },
      };
    },
  };
}

/** A transposed convolution, as decoders use it. */
function transposed(stride: number): KernelCase {
  return {
    name: `conv2dTranspose with stride ${stride}`,
    covers: ['Conv2DBackpropInput', 'Conv2DBackpropFilter', 'Conv2D'],
    draw: (random) => {
      const [height, width] = [some(random, 2, 5), some(random, 2, 5)];
      const outShape: [number, number, number, number] = [2, height * stride, width * stride, 3];
      return {
        fn: ({ x, w }) => ({ y: tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, outShape, stride, 'same') }),
        signature: { x: { shape: [2, height, width, 2] }, w: { shape: [some(random, 2, 4), 3, 3, 2] } },
      };
    },
  };
}

const solidTransposed: KernelCase = fixed(
  ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2', 'Conv3D'],
  { x: { shape: [1, 2, 3, 2, 2] }, w: { shape: [2, 2, 2, 3, 2] } },
  (x, w) => tf.conv3dTranspose(x as tf.Tensor5D, w as tf.Tensor5D, [1, 4, 6, 4, 3], 2, 'same'),
  { name: 'conv3dTranspose' },
);

const dilation: KernelCase = {
  name: 'Dilation2D',
  covers: ['Dilation2D', 'Dilation2DBackpropInput', 'Dilation2DBackpropFilter'],
  draw: (random) => {
    const channels = some(random, 1, 3);
    const pad = random.choice(['same', 'valid'] as const);
    const [stride, spacing] = [some(random, 1, 2), some(random, 1, 2)];
    return {
      fn: ({ x, w }) => ({ y: tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, stride, pad, spacing) }),
      signature: {
        x: { shape: [2, some(random, 4, 7), some(random, 4, 7), channels] },
        w: { shape: [some(random, 1, 3), some(random, 1, 3), channels] },
      },
    };
  },
};

export const convolutions: KernelCase[] = [
  convolution('Conv2D', [1], [1]),
  convolution('Conv2D again', [1], [1]),
  convolution('Conv2D with strides', [2, 3], [1]),
  convolution('Conv2D with strides again', [2, 3], [1]),
  convolution('Conv2D dilated', [1], [2, 3]),
  depthwise('DepthwiseConv2dNative', [1], [1]),
  depthwise('DepthwiseConv2dNative with strides', [2, 3], [1]),
  depthwise('DepthwiseConv2dNative dilated', [1], [2]),
  solidConvolution('Conv3D', [1], [1]),
  solidConvolution('Conv3D with strides', [1, 2], [1]),
  solidConvolution('Conv3D dilated', [1], [2]),
  transposed(1),
  transposed(2),
  solidTransposed,
  dilation,
  fixed('Conv2D', { x: { shape: [2, 4, 6, 3] }, w: { shape: [1, 1, 3, 5] } }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
  ),
  fixed('Conv2D', { x: { shape: [2, 8, 8, 3] }, w: { shape: [3, 3, 3, 5] } }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
  ),
  fixed('Conv2D', { x: { shape: [2, 8, 8, 3] }, w: { shape: [4, 4, 3, 5] } }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 4, 'valid'),
  ),
];

/** A pooling of random size, stride and padding. */
function pooling(name: string, pool: typeof tf.avgPool): KernelCase {
  return {
    name,
    covers: [name, `${name}Grad`],
    draw: (random) => {
      const size = some(random, 2, 3);
      const stride = some(random, 1, 3);
      const pad = random.choice(['same', 'valid'] as const);
      return {
        fn: ({ x }) => ({ y: pool(x as tf.Tensor4D, size, stride, pad) }),
        signature: { x: { shape: [2, some(random, 4, 8), some(random, 4, 8), 3] } },
      };
    },
  };
}

/** A pooling of clips. */
function solidPooling(name: string, pool: typeof tf.avgPool3d): KernelCase {
  return {
    name,
    covers: [name, `${name}Grad`],
    draw: (random) => {
      const [size, stride] = [some(random, 2, 3), some(random, 1, 2)];
      const pad = random.choice(['same', 'valid'] as const);
      return {
        fn: ({ x }) => ({ y: pool(x as tf.Tensor5D, size, stride, pad) }),
        signature: { x: { shape: [2, some(random, 3, 5), some(random, 3, 6), some(random, 3, 6), 2] } },
      };
    },
  };
}

export const images: KernelCase[] = [
  pooling('AvgPool', tf.avgPool),
  pooling('MaxPool', tf.maxPool),
  solidPooling('AvgPool3D', tf.avgPool3d),
  solidPooling('MaxPool3D', tf.maxPool3d),
  ...[true, false].map((whole) =>
    fixed(
      'MaxPoolWithArgmax',
      { x: { shape: [2, 5, 4, 3] } },
      (x) => Object.values(tf.maxPoolWithArgmax(x as tf.Tensor4D, 2, 2, 'same', whole)),
      { gradient: false },
    ),
  ),
  ...(['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((method) =>
    [
      [false, false],
      [true, false],
      [false, true],
    ].map(([alignCorners, halfPixelCenters]): KernelCase => {
      const kernel = method === 'resizeBilinear' ? 'ResizeBilinear' : 'ResizeNearestNeighbor';
      return {
        name: `${kernel}${alignCorners ? ' with aligned corners' : ''}${halfPixelCenters ? ' with half pixels' : ''}`,
        covers: [kernel, `${kernel}Grad`],
        gradient: kernel === 'ResizeBilinear' && !halfPixelCenters,
        draw: (random) => {
          const size: [number, number] = [some(random, 1, 9), some(random, 1, 9)];
          const height = some(random, 2, 6);
          const width = halfPixelCenters ? some(random, 2, 6) : height; // the CPU's gradients know square images alone
          return {
            fn: ({ x }) => ({ y: tf.image[method](x as tf.Tensor4D, size, alignCorners, halfPixelCenters) }),
            signature: { x: { shape: [2, height, width, 2] } },
          };
        },
      };
    }),
  ),
];
