/**
 * What `bench engine` times: small networks like those that Reverie learns with, each a pure function of parameters
 * and data. The same three are written in PyTorch beside them (`pytorchPeer.py`), layer by layer.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { ParameterSpecs } from '../../../models/tensor/parameters.ts';
import type { Signature, Tensors } from '../../../models/tensor/program.ts';

export interface ReferenceNetwork {
  readonly name: 'dit' | 'unet' | 'mlp';
  readonly parameters: ParameterSpecs;
  /** What goes in and, under `target`, what should come out. */
  data(batch: number): Signature;
  /** The output, of the target's shape. */
  forward(parameters: Tensors, data: Tensors): Tensor;
  /** Floating-point operations of a forward pass for one sample, two a multiplication with its addition. */
  readonly flops: number;
}
