/**
 * What the optimisers share: their state as named trees, their numbers, and the walk over all parameters. An optimiser
 * is a pure function on tensors, so that the update is compiled into the same graph as the loss. Moments are kept as
 * discounted sums, Σ βⁱ g, whose averages differ by the factor 1 − β: that saves two passes over all parameters.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { TrainingError } from '../../shared/errors.ts';
import type { Tensors } from './program.ts';

export interface OptimiserConfig {
  /** Decay of the first moment. */
  readonly beta1: number;
  /** Decay of the second moment. */
  readonly beta2: number;
  readonly epsilon: number;
  /** Fraction of a kernel that is taken away per step, times the learning rate. */
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together; longer ones are scaled down to it. */
  readonly clipNorm: number;
}

export interface OptimiserState {
  readonly parameters: Tensors;
  /** Discounted sums of the gradients. */
  readonly firstMoments: Tensors;
  /** Discounted sums of the squared gradients. */
  readonly secondMoments: Tensors;
}

/**
 * One update.
 * @param step scalar, the number of this step counted from 1
 * @param learningRate scalar
 */
export type Optimiser = (
  state: OptimiserState,
  gradients: Tensors,
  step: Tensor,
  learningRate: Tensor,
  config: OptimiserConfig,
) => OptimiserState;

/** A parameter with what belongs to it; all of one shape. */
export interface Updated {
  readonly parameter: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

/**
 * Updates each parameter on its own.
 * @throws TrainingError naming a parameter that has no gradient or no moments
 */
export function updateEach(
  { parameters, firstMoments, secondMoments }: OptimiserState,
  gradients: Tensors,
  update: (old: Updated, gradient: Tensor) => Updated,
): OptimiserState {
  const updates = Object.entries(parameters).map(([name, parameter]) => {
    const old = { parameter, first: named(firstMoments, name), second: named(secondMoments, name) };
    return [name, update(old, named(gradients, name))] as const;
  });
  return {
    parameters: Object.fromEntries(updates.map(([name, { parameter }]) => [name, parameter])),
    firstMoments: Object.fromEntries(updates.map(([name, { first }]) => [name, first])),
    secondMoments: Object.fromEntries(updates.map(([name, { second }]) => [name, second])),
  };
}

function named(tensors: Tensors, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new TrainingError(`the optimiser has no state for the parameter "${name}"; start the run afresh`);
  return tensor;
}
