/**
 * The proposal: what the agent would do first, at a glance, to come from one latent to a goal. A network imitates the
 * agent's own play with hindsight, the later moment of an episode being the goal of the earlier (goal-conditioned
 * imitation, Ghosh et al. 2021; a search begun from a learned policy, TD-MPC2, Hansen et al. 2024, §3.3). There is more
 * than one way around a block, and the mean of two ways is none: several sequences are proposed, as the parts of a
 * tempered mixture of equal Gaussians (after mixture density networks, Bishop 1994, §3), and the search takes all of
 * them up.
 */
import * as tf from '@tensorflow/tfjs';
import { dense, denseSpecs } from '../nn/dense.ts';
import { layerNorm, layerNormSpecs } from '../nn/layerNorm.ts';
import { silu } from '../nn/silu.ts';
import type { ParameterSpecs } from '../tensor/parameters.ts';
import type { Tensors } from '../tensor/program.ts';

export interface ProposalConfig {
  /** Sequences proposed. */
  readonly ways: number;
  /** Steps of each. */
  readonly steps: number;
  readonly hidden: number;
  /** Softness, as a mean square error: a way that is farther off than another by twice this counts e times less. */
  readonly variance: number;
}

export const defaultProposalConfig: ProposalConfig = { ways: 4, steps: 8, hidden: 256, variance: 0.05 };

const NAME = 'proposal';

export function proposalSpecs(
  { ways, steps, hidden }: ProposalConfig,
  sizes: { readonly latent: number; readonly pose: number; readonly action: number },
): ParameterSpecs {
  return {
    ...denseSpecs(`${NAME}/layer0`, sizes.latent + 2 * sizes.pose, hidden),
    ...layerNormSpecs(`${NAME}/norm0`, hidden),
    ...denseSpecs(`${NAME}/layer1`, hidden, hidden),
    ...layerNormSpecs(`${NAME}/norm1`, hidden),
    ...denseSpecs(`${NAME}/out`, hidden, ways * steps * sizes.action, { init: 'lecun' }),
  };
}

/**
 * From `[batch, latent]` to `[batch, latent]`, of which the goal's pose counts alone: actions
 * `[batch, ways, steps, action]` in [−1, 1].
 */
export function propose(
  params: Tensors,
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  poseSize: number,
  { ways, steps }: Pick<ProposalConfig, 'ways' | 'steps'>,
): tf.Tensor4D {
  const [batch] = from.shape;
  const pose = tf.slice(from, [0, 0], [batch, poseSize]);
  const goal = tf.slice(to, [0, 0], [batch, poseSize]);
  const features = tf.concat([from, goal, tf.sub(goal, pose)], 1); // [batch, latent + 2·pose]
  let hidden = silu(layerNorm(params, `${NAME}/norm0`, dense(params, `${NAME}/layer0`, features)));
  hidden = silu(layerNorm(params, `${NAME}/norm1`, dense(params, `${NAME}/layer1`, hidden)));
  return tf.reshape(tf.tanh(dense(params, `${NAME}/out`, hidden)), [batch, ways, steps, -1]) as tf.Tensor4D;
}

/**
 * How far the ways are from what was done, the nearest counting most: `from`, `to` `[batch, latent]`, `actions`
 * `[batch, steps, action]`, of which those with a 1 in `counted` `[batch, steps]` led to the goal. The error of a way is
 * its mean square over those actions and their numbers. A mixture's negative log-likelihood would have their sum in the
 * exponent: the mean tempers each part by the count of the numbers, so that long sequences do not choose a way more
 * sharply than short ones.
 */
export function proposalLoss(params: Tensors, batch: Tensors, poseSize: number, config: ProposalConfig): tf.Scalar {
  const { variance, ways } = config;
  const proposed = propose(params, batch.from as tf.Tensor2D, batch.to as tf.Tensor2D, poseSize, config);
  const actions = tf.expandDims(batch.actions as tf.Tensor3D, 1); // [batch, 1, steps, action]
  const counted = tf.expandDims(batch.counted as tf.Tensor2D, 1); // [batch, 1, steps]
  const errors = tf.mul(tf.mean(tf.square(tf.sub(proposed, actions)), 3), counted); // [batch, ways, steps]
  const mean = tf.div(tf.sum(errors, 2), tf.sum(counted, 2)); // [batch, ways]
  const likely = tf.logSumExp(tf.mul(mean, -1 / (2 * variance)), 1); // [batch]
  return tf.mean(tf.mul(tf.sub(likely, Math.log(ways)), -2 * variance)) as tf.Scalar;
}
