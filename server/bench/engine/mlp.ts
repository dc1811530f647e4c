/** The latent predictor's kind: 58 → 512 → 512 → 48 with ReLU. */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../../../models/nn/dense.ts';
import type { ReferenceNetwork } from './referenceNetwork.ts';

const widths = [58, 512, 512, 48] as const;
const layers = widths.slice(1).map((outputs, i) => ({ name: `layer${i}`, inputs: widths[i] as number, outputs }));

export const mlp: ReferenceNetwork = {
  name: 'mlp',
  parameters: Object.assign({}, ...layers.map(({ name, inputs, outputs }) => denseSpecs(name, inputs, outputs))),
  data: (batch) => ({ x: { shape: [batch, widths[0]] }, target: { shape: [batch, widths[3]] } }),
  forward: (parameters, { x }) =>
    layers.reduce<tf.Tensor>(
      (hidden, { name }, i) => (i === 0 ? dense(parameters, name, hidden) : dense(parameters, name, tf.relu(hidden))),
      x as tf.Tensor,
    ),
  flops: layers.reduce((sum, { inputs, outputs }) => sum + 2 * inputs * outputs, 0),
};
