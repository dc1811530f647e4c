/**
 * A planner's question as one compiled graph: roll all candidates out from one latent, score them on the way, and,
 * where asked, differentiate each cost by its own candidate's actions. Latents never leave the graph; what crosses is
 * the actions and one number a candidate. A candidate's cost depends on no other's actions, so that the derivative of
 * their sum is all of theirs at once.
 *
 * A search wants to know the cheapest candidates alone, so that most of the others can be given up on the way: of those
 * that were dear half-way, hardly one is among the cheapest in the end (successive halving, Karnin et al. 2013; Jamieson
 * and Talwalkar 2016).
 */
import * as tf from '@tensorflow/tfjs';
import type { TracedCost } from '../planning/contracts.ts';
import { constants } from '../tensor/constants.ts';
import { differentiate } from '../tensor/differentiate.ts';
import type { Engine, Program, Tensors } from '../tensor/program.ts';
import type { LatentWeights } from './learnedDynamics.ts';
import { type PredictorConfig, rollOut } from './predictor.ts';

export interface ScoreProgramConfig {
  /** Of the action features: `[candidates, horizon, features]`. */
  readonly shape: readonly [candidates: number, horizon: number, features: number];
  /** Candidates that are imagined to their end, without gradients; the cheapest after half of their steps. */
  readonly survivors: number;
  readonly latentSize: number;
  readonly cost: TracedCost;
  readonly withGradients: boolean;
}

/**
 * From `start` `[1, latent]`, `actions` and the cost's feeds to `costs` `[candidates]` and, where asked, `gradients`; where
 * candidates are given up, to `costs` and `survivors` `[survivors]`, which of the candidates they are of.
 */
export function compileScore(
  engine: Engine,
  weights: LatentWeights,
  { shape, survivors, latentSize, cost, withGradients }: ScoreProgramConfig,
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
      const actions = inputs.actions as tf.Tensor3D;
      if (!withGradients && survivors < shape[0] && cost.tellsAfter(halfOf(shape[1]), shape[1]))
        return halved(params, inputs, predictor, cost, survivors);
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

function halfOf(horizon: number): number {
  return Math.floor(horizon / 2);
}

/** Costs of the candidates that are left after half of the steps. */
function halved(
  params: Tensors,
  inputs: Tensors,
  predictor: PredictorConfig,
  cost: TracedCost,
  survivors: number,
): { readonly costs: tf.Tensor1D; readonly survivors: tf.Tensor1D } {
  const actions = inputs.actions as tf.Tensor3D;
  const [candidates, horizon, width] = actions.shape;
  const half = halfOf(horizon);
  const early = tf.slice(actions, [0, 0, 0], [candidates, half, width]);
  const late = tf.slice(actions, [0, half, 0], [candidates, horizon - half, width]);

  const start = tf.tile(inputs.start as tf.Tensor2D, [candidates, 1]);
  const first = rollOut(params, start, early, predictor); // [half] of [candidates, latent]
  const before = cost.cost(tf.stack(first, 0) as tf.Tensor3D, inputs, { first: 0, horizon });
  const { values, indices } = tf.topk(tf.neg(before), survivors); // [survivors]

  const middle = tf.gather(first.at(-1) as tf.Tensor2D, indices) as tf.Tensor2D;
  const second = rollOut(params, middle, tf.gather(late, indices) as tf.Tensor3D, predictor);
  const after = cost.cost(tf.stack(second, 0) as tf.Tensor3D, inputs, { first: half, horizon });
  return { costs: tf.sub(after, values as tf.Tensor1D), survivors: indices as tf.Tensor1D };
}
