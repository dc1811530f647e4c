/**
 * The latent dynamics: a residual MLP from a latent and an action to the next latent, LayerNorm and SiLU
 * in every block (after TD-MPC2's, Hansen et al. 2024, §3.1).
 * The last layer starts small, so that the first prediction is that nothing changes.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';

export interface PredictorConfig {
  readonly hidden: number;
  readonly layers: number;
}

export const defaultPredictorConfig: PredictorConfig = { hidden: 384, layers: 3 };

export function predictorSpecs(config: PredictorConfig, latentSize: number, actionSize: number): ParameterSpecs {
  const specs: Record<string, ParameterSpecs[string]> = {
    ...denseSpecs('predictor/in', latentSize + actionSize, config.hidden, { init: 'lecun' }),
  };
  for (let i = 0; i < config.layers; i++) {
    Object.assign(specs, layerNormSpecs(`predictor/norm${i}`, config.hidden));
    Object.assign(specs, denseSpecs(`predictor/layer${i}`, config.hidden, config.hidden));
  }
  return { ...specs, ...denseSpecs('predictor/out', config.hidden, latentSize, { init: { scaled: 0.1 } }) };
}

/** One step: latents `[batch, latent]` and actions `[batch, action]` → `[batch, latent]`. */
export function predict(
  params: Tensors,
  latents: tf.Tensor2D,
  actions: tf.Tensor2D,
  config: PredictorConfig,
): tf.Tensor2D {
  let hidden = dense(params, 'predictor/in', tf.concat([latents, actions], 1)); // [batch, hidden]
  for (let i = 0; i < config.layers; i++) {
    const activated = silu(layerNorm(params, `predictor/norm${i}`, hidden));
    hidden = tf.add(hidden, dense(params, `predictor/layer${i}`, activated));
  }
  return tf.add(latents, dense(params, 'predictor/out', silu(hidden))) as tf.Tensor2D;
}

/** Open-loop rollout: start `[batch, latent]`, actions `[batch, horizon, action]` → one `[batch, latent]` a step. */
export function rollOut(
  params: Tensors,
  start: tf.Tensor2D,
  actions: tf.Tensor3D,
  config: PredictorConfig,
): tf.Tensor2D[] {
  const [batch, horizon, actionSize] = actions.shape;
  const steps: tf.Tensor2D[] = [];
  let latents = start;
  for (let t = 0; t < horizon; t++) {
    const action = tf.reshape(tf.slice(actions, [0, t, 0], [batch, 1, actionSize]), [batch, actionSize]) as tf.Tensor2D;
    latents = predict(params, latents, action, config);
    steps.push(latents);
  }
  return steps;
}
