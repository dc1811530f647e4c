/**
 * The latent dynamics: a residual MLP from a latent and an action to the next latent, LayerNorm and SiLU
 * in every block (after TD-MPC2's, Hansen et al. 2024, §3.1). The network says by how much the pose changes beyond what
 * the motion carries on; the next motion follows from both poses, so that a rollout never contradicts itself.
 * The last layer starts small, so that the first prediction is that everything goes on as it does.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { poseSizeOf } from './keypointEncoder.ts';
import { type LatentLayout, latentOf, latentSizeOf, MOTION_SCALE } from './motion.ts';

export interface PredictorConfig {
  readonly hidden: number;
  readonly layers: number;
}

export const defaultPredictorConfig: PredictorConfig = { hidden: 384, layers: 3 };

export function predictorSpecs(config: PredictorConfig, layout: LatentLayout, actionSize: number): ParameterSpecs {
  const pose = poseSizeOf(layout.encoder);
  const specs: Record<string, ParameterSpecs[string]> = {
    ...denseSpecs('predictor/in', latentSizeOf(layout) + actionSize, config.hidden, { init: 'lecun' }),
    ...(layout.frames === 2 && { 'predictor/inertia': { shape: [pose], init: 'ones' as const } }),
  };
  for (let i = 0; i < config.layers; i++) {
    Object.assign(specs, layerNormSpecs(`predictor/norm${i}`, config.hidden));
    Object.assign(specs, denseSpecs(`predictor/layer${i}`, config.hidden, config.hidden));
  }
  return { ...specs, ...denseSpecs('predictor/out', config.hidden, pose, { init: { scaled: 0.1 } }) };
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
  const change = dense(params, 'predictor/out', silu(hidden)); // [batch, pose]
  const inertia = params['predictor/inertia'];
  if (!inertia) return tf.add(latents, change) as tf.Tensor2D;
  const [pose, motion] = tf.split(latents, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  const carried = tf.div(tf.mul(motion, inertia), MOTION_SCALE);
  return latentOf(pose, tf.addN([pose, carried, change]) as tf.Tensor2D);
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

/**
 * Mean squared error of the pose at every step; the motion follows from the poses and is not counted.
 * @param predicted `[batch, latent]` a step, as `actual`
 * @param pose numbers in a pose
 */
export function poseErrors(
  predicted: readonly tf.Tensor2D[],
  actual: readonly tf.Tensor2D[],
  pose: number,
): tf.Scalar[] {
  const difference = (latents: tf.Tensor2D, t: number) =>
    tf.slice(tf.sub(latents, actual[t] as tf.Tensor2D), [0, 0], [latents.shape[0], pose]);
  return predicted.map((latents, t) => tf.mean(tf.square(difference(latents, t))) as tf.Scalar);
}
