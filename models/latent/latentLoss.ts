/**
 * What the latent model learns from: frames and actions, nothing else. One linear function from a batch of windows to a
 * loss, its terms by name. The encoder and the predictor are trained together, gradients through both sides of the
 * prediction error, with no target network (LeWorldModel, arXiv 2603.19312, §3), over several open-loop steps.
 *
 * - `prediction`: mean squared error of the rolled-out poses, all steps alike.
 * - `sigreg`: keeps the latents spread (`sigreg.ts`).
 * - `inverse`: the action between two neighbouring latents can be read from them, so that what the agent moves is in
 *   the latent.
 * - `reconstruction`: the keypoints explain the picture (`reconstruction.ts`), on the window's first and last frames.
 * - `coverage`: together the heat maps lie where rare pixels are (`coverage.ts`), so that small objects get keypoints
 *   too.
 * - `concentration`: a heat map wider than a cell is penalised. Without it most maps stay flat, their keypoints sit in
 *   the middle of the frame, and standardising amplifies movements of a third of a pixel (docs/log.md).
 * - `states`: the true state can be read from the latent; only where that is measured (`stateReadout.ts`).
 */

import * as tf from '@tensorflow/tfjs';
import type { Space } from '../../shared/space.ts';
import { batchNorm, runningStatistic } from '../nn/batchNorm.ts';
import { dense, denseSpecs } from '../nn/dense.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Signature, Tensors } from '../tensor/program.ts';
import { actionFeatureSize } from './actionFeatures.ts';
import { coverageLoss } from './coverage.ts';
import type { DistanceNetworkConfig } from './distanceNetwork.ts';
import { PATCH_CHANNELS, PATCH_GRID } from './ink.ts';
import { CELL, defaultEncoderConfig, encoderSpecs, keypoints, poseSizeOf } from './keypointEncoder.ts';
import { type LatentLayout, latentOf, latentSizeOf } from './motion.ts';
import { defaultPredictorConfig, type PredictorConfig, poseErrors, predictorSpecs, rollOut } from './predictor.ts';
import type { ProposalConfig } from './proposal.ts';
import {
  defaultReconstructionConfig,
  type ReconstructionConfig,
  reconstructionLoss,
  reconstructionSpecs,
} from './reconstruction.ts';
import { sigreg } from './sigreg.ts';
import { type StateReadoutConfig, stateReadoutLoss, stateReadoutSpecs } from './stateReadout.ts';
import { defaultTemporalDistanceConfig, type TemporalDistanceConfig } from './temporalDistance.ts';

/** The network: what must be known to run trained weights. */
export interface LatentModelConfig extends LatentLayout {
  /** The world's action space; see `actionFeatures.ts` for what the model sees of an action. */
  readonly actions: Space;
  readonly predictor: PredictorConfig;
  readonly distance: Pick<TemporalDistanceConfig, 'heads'>;
  /** Where the agent tells things from its body. */
  readonly things?: Pick<DistanceNetworkConfig, 'heads'>;
  /** Where the agent has practised. */
  readonly proposal?: Pick<ProposalConfig, 'ways' | 'steps'>;
}

export function latentModelConfig(actions: Space): LatentModelConfig {
  return {
    actions,
    encoder: defaultEncoderConfig,
    frames: 2,
    predictor: defaultPredictorConfig,
    distance: { heads: defaultTemporalDistanceConfig.heads },
  };
}

/** How it is trained. */
export interface LatentLossConfig {
  /** Windows in a batch. */
  readonly batch: number;
  /** Open-loop steps of a window. */
  readonly horizon: number;
  /** Random directions of SIGReg, redrawn every step. */
  readonly directions: number;
  readonly inverseHidden: number;
  readonly reconstruction: ReconstructionConfig;
  readonly weights: {
    readonly prediction: number;
    readonly sigreg: number;
    readonly inverse: number;
    readonly reconstruction: number;
    readonly coverage: number;
    readonly concentration: number;
  };
  /** Share of the running BatchNorm statistics kept at each step. */
  readonly momentum: number;
  /** Supervision by the true state; none in agents that are shipped. */
  readonly states?: StateReadoutConfig;
}

export const defaultLatentLossConfig: LatentLossConfig = {
  batch: 24,
  horizon: 5,
  directions: 64,
  inverseHidden: 128,
  reconstruction: defaultReconstructionConfig,
  weights: { prediction: 1, sigreg: 0.03, inverse: 0.3, reconstruction: 2, coverage: 0.2, concentration: 0.5 },
  momentum: 0.99,
};

/**
 * Everything that is trained; names under `reconstruction/` and `inverse/` are training aids and are dropped
 * afterwards.
 */
export function latentSpecs(model: LatentModelConfig, loss: LatentLossConfig): ParameterSpecs {
  return {
    ...encoderSpecs(model.encoder),
    ...predictorSpecs(model.predictor, model, actionFeatureSize(model.actions)),
    ...reconstructionSpecs(loss.reconstruction, model.encoder.keypoints),
    ...denseSpecs('inverse/hidden', 2 * latentSizeOf(model), loss.inverseHidden),
    ...denseSpecs('inverse/out', loss.inverseHidden, actionFeatureSize(model.actions), { init: 'lecun' }),
    ...(loss.states && stateReadoutSpecs(loss.states, latentSizeOf(model))),
  };
}

/** Frames in a window: those behind its first latent, and one for each step. */
export function windowFrames({ frames }: LatentLayout, horizon: number): number {
  return frames + horizon;
}

/**
 * `frames` are ink, `emphasis` how much each number of the windows' first and last frames counts, `directions` unit
 * columns.
 */
export function latentBatchSignature(model: LatentModelConfig, loss: LatentLossConfig): Signature {
  return {
    frames: { shape: [loss.batch * windowFrames(model, loss.horizon), PATCH_GRID, PATCH_GRID, PATCH_CHANNELS] },
    emphasis: { shape: [2 * loss.batch, PATCH_GRID, PATCH_GRID, PATCH_CHANNELS] },
    actions: { shape: [loss.batch, loss.horizon, actionFeatureSize(model.actions)] },
    directions: { shape: [poseSizeOf(model.encoder), loss.directions] },
    ...(loss.states && { states: { shape: [loss.batch, loss.horizon + 1, loss.states.targets] } }),
  };
}

/** Running mean and variance of the raw keypoints, by which inference standardises. */
export function latentBuffers(
  model: LatentModelConfig,
): Readonly<Record<string, { shape: readonly number[]; value: number }>> {
  const shape = [poseSizeOf(model.encoder)];
  return { mean: { shape, value: 0 }, variance: { shape, value: 1 } };
}

export interface LossOutput {
  readonly loss: tf.Scalar;
  readonly terms: Readonly<Record<string, tf.Scalar>>;
  readonly buffers: Tensors;
}

/** The loss of a batch of windows, frames in the order window, step. */
export function latentLoss(
  params: Tensors,
  batch: Tensors,
  buffers: Tensors,
  model: LatentModelConfig,
  config: LatentLossConfig,
): LossOutput {
  const frames = batch.frames as tf.Tensor4D; // [batch · length, 16, 16, 48]
  const actions = batch.actions as tf.Tensor3D; // [batch, horizon, action]
  const { batch: windows, horizon } = config;
  const size = poseSizeOf(model.encoder);
  const length = windowFrames(model, horizon);

  const { positions, heat, spread } = keypoints(params, frames, model.encoder); // [batch · length, pose]
  const { output, mean, variance } = batchNorm(positions);
  const poses = tf.unstack(tf.reshape(output, [windows, length, size]), 1) as tf.Tensor2D[]; // [batch, pose] each
  const latents = latentsOf(poses, model); // [batch, latent] each

  const rolled = rollOut(params, latents[0] as tf.Tensor2D, actions, model.predictor);
  const prediction = tf.div(tf.addN(poseErrors(rolled, latents.slice(1), size)), horizon) as tf.Scalar;

  const gaussianity = sigreg(output as tf.Tensor2D, batch.directions as tf.Tensor2D);

  const [before, after] = [tf.concat(latents.slice(0, -1), 0), tf.concat(latents.slice(1), 0)];
  const hidden = silu(dense(params, 'inverse/hidden', tf.concat([before, after], 1)));
  const guessed = dense(params, 'inverse/out', hidden); // [horizon · batch, action]
  const taken = tf.reshape(tf.transpose(actions, [1, 0, 2]), guessed.shape);
  const inverse = tf.mean(tf.square(tf.sub(guessed, taken))) as tf.Scalar;

  const ends = (x: tf.Tensor): tf.Tensor => {
    const grouped = tf.reshape(x, [windows, length, -1]);
    const width = grouped.shape[2] as number;
    const first = tf.slice(grouped, [0, 0, 0], [windows, 1, width]);
    const last = tf.slice(grouped, [0, length - 1, 0], [windows, 1, width]);
    return tf.reshape(tf.concat([first, last], 1), [2 * windows, ...x.shape.slice(1)]);
  };
  const reconstruction = reconstructionLoss(
    params,
    ends(positions) as tf.Tensor2D,
    ends(frames),
    batch.emphasis as tf.Tensor,
    config.reconstruction,
  );

  const coverage = coverageLoss(ends(heat) as tf.Tensor3D, ends(frames), batch.emphasis as tf.Tensor);
  const concentration = tf.mean(tf.relu(tf.sub(spread, CELL ** 2))) as tf.Scalar;

  const { states: supervision } = config;
  const states = supervision && stateReadoutLoss(params, latents, batch.states as tf.Tensor);
  const learned = { prediction, sigreg: gaussianity, inverse, reconstruction, coverage, concentration };
  const terms = { ...learned, ...(states && { states }) };
  const loss = tf.addN([
    tf.mul(prediction, config.weights.prediction),
    tf.mul(gaussianity, config.weights.sigreg),
    tf.mul(inverse, config.weights.inverse),
    tf.mul(reconstruction, config.weights.reconstruction),
    tf.mul(coverage, config.weights.coverage),
    tf.mul(concentration, config.weights.concentration),
    ...(states ? [tf.mul(states, supervision.weight)] : []),
  ]) as tf.Scalar;
  return {
    loss,
    terms,
    buffers: {
      mean: runningStatistic(buffers.mean as tf.Tensor, mean, config.momentum),
      variance: runningStatistic(buffers.variance as tf.Tensor, variance, config.momentum),
    },
  };
}

/** The latents of neighbouring poses: one for each pose that has the frames it needs. */
function latentsOf(poses: readonly tf.Tensor2D[], { frames }: LatentLayout): tf.Tensor2D[] {
  if (frames === 1) return [...poses];
  return poses.slice(1).map((pose, i) => latentOf(poses[i] as tf.Tensor2D, pose));
}
