/**
 * The latent dynamics: a residual MLP from a latent and an action to the next latent, LayerNorm (after TD-MPC2's, Hansen
 * et al. 2024, §3.1) and a gated layer in every block: where two bodies meet depends on products of what a latent holds
 * (docs/log.md). Agents of before have a plain layer with SiLU instead. The network says by how much the pose changes beyond what
 * the motion carries on; the next motion follows from both poses, so that a rollout never contradicts itself.
 * The last layer starts small, so that the first prediction is that everything goes on as it does.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import { gated, gatedSpecs } from '../nn/gated.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';
import { poseSizeOf } from './keypointEncoder.ts';
import { type LatentLayout, latentOf, latentSizeOf, MOTION_SCALE } from './motion.ts';

export interface PredictorConfig {
  readonly hidden: number;
  readonly layers: number;
  /** Values that pass the gates of a block; its layer is plain where left out. */
  readonly gated?: number;
}

/** Its blocks have as many products as plain layers of 384 by 384. */
export const defaultPredictorConfig: PredictorConfig = { hidden: 384, layers: 3, gated: 128 };

export function predictorSpecs(config: PredictorConfig, layout: LatentLayout, actionSize: number): ParameterSpecs {
  const pose = poseSizeOf(layout.encoder);
  const specs: Record<string, ParameterSpecs[string]> = {
    ...denseSpecs('predictor/in', latentSizeOf(layout) + actionSize, config.hidden, { init: 'lecun' }),
    ...(layout.frames === 2 && { 'predictor/inertia': { shape: [pose], init: 'ones' as const } }),
  };
  const { hidden, gated: width } = config;
  for (let i = 0; i < config.layers; i++) {
    const name = `predictor/layer${i}`;
    Object.assign(specs, layerNormSpecs(`predictor/norm${i}`, hidden));
    Object.assign(
      specs,
      width === undefined ? denseSpecs(name, hidden, hidden) : gatedSpecs(name, hidden, width, hidden),
    );
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
    const name = `predictor/layer${i}`;
    const even = layerNorm(params, `predictor/norm${i}`, hidden);
    hidden = tf.add(hidden, config.gated === undefined ? dense(params, name, silu(even)) : gated(params, name, even));
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
