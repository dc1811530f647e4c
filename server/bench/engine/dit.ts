/**
 * A patch transformer conditioned on a latent (Peebles and Xie 2023, arXiv 2212.09748, without gates): 64 tokens of
 * 8×8 pixels, width 128, four blocks of four heads.
 */
import * as tf from '@tensorflow/tfjs';
import { parameter } from '../../../models/nn/parameter.ts';
import { silu } from '../../../models/nn/silu.ts';
import { standardise } from '../../../models/nn/standardise.ts';
import type { ParameterSpecs } from '../../../models/tensor/parameters.ts';
import type { Tensors } from '../../../models/tensor/program.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';

const TOKENS = 64;
const PATCH = 192;
const LATENT = 64;
const WIDTH = 128;
const BLOCKS = 4;
const HEADS = 4;

const blocks = Array.from({ length: BLOCKS }, (_, block) => `block${block}`);

function matrix(inputs: number, outputs: number): ParameterSpecs[string] {
  return { shape: [inputs, outputs], init: 'lecun' };
}

const parameters: ParameterSpecs = {
  patch: matrix(PATCH, WIDTH),
  position: { shape: [TOKENS, WIDTH], init: { scaled: 0.1 } },
  condition: matrix(LATENT, WIDTH),
  ...Object.assign(
    {},
    ...blocks.map((block) => ({
      [`${block}/qkv`]: matrix(WIDTH, 3 * WIDTH),
      [`${block}/out`]: matrix(WIDTH, WIDTH),
      [`${block}/widen`]: matrix(WIDTH, 4 * WIDTH),
      [`${block}/narrow`]: matrix(4 * WIDTH, WIDTH),
      [`${block}/modulation`]: matrix(WIDTH, 4 * WIDTH),
    })),
  ),
  pixels: matrix(WIDTH, PATCH),
};

/** [batch, tokens, inputs] → [batch, tokens, outputs]. */
function linear(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [batch, tokens, inputs] = x.shape as [number, number, number];
  const rows = tf.reshape(x, [batch * tokens, inputs]);
  return tf.reshape(tf.matMul(rows, kernel as tf.Tensor2D), [batch, tokens, kernel.shape[1] as number]);
}

function attention(parameters: Tensors, block: string, x: tf.Tensor): tf.Tensor {
  const batch = x.shape[0] as number;
  const [query, key, value] = tf
    .split(linear(x, parameter(parameters, `${block}/qkv`)), 3, 2)
    .map((part) => tf.transpose(tf.reshape(part, [batch, TOKENS, HEADS, WIDTH / HEADS]), [0, 2, 1, 3])) as [
    tf.Tensor, // [batch, heads, tokens, width / heads]
    tf.Tensor,
    tf.Tensor,
  ];
  const affinity = tf.softmax(tf.mul(tf.matMul(query, key, false, true), Math.sqrt(HEADS / WIDTH)));
  const mixed = tf.reshape(tf.transpose(tf.matMul(affinity, value), [0, 2, 1, 3]), x.shape);
  return linear(mixed, parameter(parameters, `${block}/out`));
}

function forward(parameters: Tensors, { x, latent }: Tensors): tf.Tensor {
  const patches = x as tf.Tensor; // [batch, tokens, patch]
  const condition = silu(tf.matMul(latent as tf.Tensor2D, parameter(parameters, 'condition') as tf.Tensor2D));
  let hidden = tf.add(linear(patches, parameter(parameters, 'patch')), parameter(parameters, 'position'));
  for (const block of blocks) {
    const modulation = tf.matMul(condition as tf.Tensor2D, parameter(parameters, `${block}/modulation`) as tf.Tensor2D);
    const [scale1, shift1, scale2, shift2] = tf.split(tf.expandDims(modulation, 1), 4, 2) as [
      tf.Tensor, // [batch, 1, width]
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const seen = tf.add(tf.mul(standardise(hidden), tf.add(scale1, 1)), shift1);
    hidden = tf.add(hidden, attention(parameters, block, seen));
    const thought = tf.add(tf.mul(standardise(hidden), tf.add(scale2, 1)), shift2);
    const wide = silu(linear(thought, parameter(parameters, `${block}/widen`)));
    hidden = tf.add(hidden, linear(wide, parameter(parameters, `${block}/narrow`)));
  }
  return linear(standardise(hidden), parameter(parameters, 'pixels'));
}

export const dit: ReferenceNetwork = {
  name: 'dit',
  parameters,
  data: (batch) => ({
    x: { shape: [batch, TOKENS, PATCH] },
    latent: { shape: [batch, LATENT] },
    target: { shape: [batch, TOKENS, PATCH] },
  }),
  forward,
  flops:
    2 * TOKENS * PATCH * WIDTH * 2 + BLOCKS * (2 * TOKENS * WIDTH * (3 + 1 + 8) * WIDTH + 4 * TOKENS * TOKENS * WIDTH),
};
