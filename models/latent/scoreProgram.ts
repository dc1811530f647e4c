/**
 * A planner's question as one compiled graph: roll all candidates out from one latent, score them on the way, and,
 * where asked, differentiate each cost by its own candidate's actions. Latents never leave the graph; what crosses is
 * the actions and one number a candidate. A candidate's cost depends on no other's actions, so that the derivative of
 * their sum is all of theirs at once.
 */
import * as tf from '@tensorflow/tfjs';
import type { TracedCost } from '../planning/contracts.ts';
import { constants } from '../tensor/constants.ts';
import { differentiate } from '../tensor/differentiate.ts';
import type { Engine, Program, Tensors } from '../tensor/program.ts';
import type { LatentWeights } from './learnedDynamics.ts';
import { rollOut } from './predictor.ts';

export interface ScoreProgramConfig {
  /** Of the action features: `[candidates, horizon, features]`. */
  readonly shape: readonly number[];
  readonly latentSize: number;
  readonly cost: TracedCost;
  readonly withGradients: boolean;
}

/**
 * From `start` `[1, latent]`, `actions` and the cost's feeds to `costs` `[candidates]` and, where asked, `gradients`.
 */
export function compileScore(
  engine: Engine,
  weights: LatentWeights,
  { shape, latentSize, cost, withGradients }: ScoreProgramConfig,
): Promise<Program> {
  const { predictor } = weights.config;
  const feeds = Object.entries(cost.feeds).map(([name, { shape: size }]) => [name, { shape: size }] as const);
  return engine.compile(
    (inputs): Tensors => {
      const params = constants(weights.tensors);
      const score = (actions: tf.Tensor): tf.Tensor1D => {
        const start = tf.tile(inputs.start as tf.Tensor2D, [shape[0] as number, 1]);
        const steps = rollOut(params, start, actions as tf.Tensor3D, predictor);
        return cost.cost(tf.stack(steps, 0) as tf.Tensor3D, inputs); // [horizon, candidates, latent]
      };
      const actions = inputs.actions as tf.Tensor;
      if (!withGradients) return { costs: score(actions) };
      const { gradients, terms } = differentiate(
        (variables) => {
          const costs = score(variables.actions as tf.Tensor);
          return { loss: tf.sum(costs) as tf.Scalar, terms: { costs } };
        },
        { actions },
      );
      return { costs: terms.costs as tf.Tensor, gradients: gradients.actions as tf.Tensor };
    },
    { start: { shape: [1, latentSize] }, actions: { shape }, ...Object.fromEntries(feeds) },
  );
}
