/**
 * How a layer finds its own parameters: by the prefix that its declaration was given. A network asked for a name that
 * it does not hold was paired with the weights of another, which is worth a plain sentence.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { WeightsError } from '../../shared/errors.ts';
import type { Tensors } from '../tensor/program.ts';

/** The parameter of this name. @throws WeightsError naming it when it is missing. */
export function parameter(params: Tensors, name: string): Tensor {
  const tensor = params[name];
  if (!tensor) throw new WeightsError(`the parameter "${name}" is missing; these weights belong to another network`);
  return tensor;
}
