/**
 * One tracing of a tensor function. Every tensor that tensorflow.js holds meanwhile is *symbolic*: it stands for a
 * value of the graph under construction. A symbolic tensor may be stored in a smaller shape that broadcasts to its
 * own: constants filled with one number, tiles, and gradients of sums never take memory until an operator that cannot
 * broadcast asks for them whole.
 */
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../shared/errors.ts';
import { type Attributes, bytesOf, elementTypes, GraphBuilder } from './graphBuilder.ts';
import { type DType, sizeOf } from './program.ts';
import { portableTarget, type TraceTarget } from './traceTarget.ts';

/** What a symbolic tensor stands for. */
export interface Symbolic {
  /** Name of the value in the graph. */
  readonly name: string;
  /** The value's own shape, which broadcasts to the tensor's. */
  readonly stored: readonly number[];
  /** The number that all elements are, where that is known. */
  readonly uniform?: number;
}

export class Trace {
  readonly graph = new GraphBuilder();
  readonly target: TraceTarget;
  private readonly symbols = new WeakMap<object, Symbolic>();

  /** @param target what the runtime of the graph can do */
  constructor(target: TraceTarget = portableTarget) {
    this.target = target;
  }

  /** The graph's value for a tensor. A tensor of another backend, captured from outside, becomes a constant. */
  symbolic(tensor: tf.TensorInfo): Symbolic {
    const known = this.symbols.get(tensor.dataId);
    if (known) return known;
    const values = tf.engine().readSync(tensor.dataId) as ArrayLike<number>;
    return this.define(tensor.dataId, values, tensor.shape, tensor.dtype);
  }

  /** Name of a value that has the tensor's whole shape. */
  whole(tensor: tf.TensorInfo): string {
    const { name, stored } = this.symbolic(tensor);
    return this.expanded(name, stored, tensor.shape);
  }

  /** A tensor for a value of the graph. `stored` is its shape there, when it is not yet broadcast to `shape`. */
  tensor(name: string, shape: readonly number[], dtype: string, stored = shape, uniform?: number): tf.TensorInfo {
    const dataId = {};
    this.symbols.set(dataId, { name, stored, ...(uniform !== undefined && { uniform }) });
    return { dataId, shape: [...shape], dtype: dtype as tf.DataType };
  }

  /** A tensor filled with one number. */
  filled(value: number, shape: readonly number[], dtype: string): tf.TensorInfo {
    return this.tensor(this.graph.scalar(value, asDType(dtype)), shape, dtype, [], value);
  }

  /** A tensor of constants. */
  constant(values: ArrayLike<number>, shape: readonly number[], dtype: string): tf.TensorInfo {
    const dataId = {};
    this.define(dataId, values, shape, dtype);
    return { dataId, shape: [...shape], dtype: dtype as tf.DataType };
  }

  /** Makes `dataId` stand for constant values; one number throughout is stored once. */
  define(dataId: object, values: ArrayLike<number>, shape: readonly number[], dtype: string): Symbolic {
    const type = asDType(dtype);
    const uniform = uniformValue(values);
    const symbolic: Symbolic =
      uniform === undefined
        ? { name: this.graph.constant(type, bytesOf(values, type), shape), stored: shape }
        : { name: this.graph.scalar(uniform, type), stored: [], uniform };
    this.symbols.set(dataId, symbolic);
    return symbolic;
  }

  /** Another tensor with the same value, and possibly another type mark or broadcast shape. */
  alias(tensor: tf.TensorInfo, shape: readonly number[] = tensor.shape): tf.TensorInfo {
    const { name, stored, uniform } = this.symbolic(tensor);
    return this.tensor(name, shape, tensor.dtype, stored, uniform);
  }

  /** Adds a node on whole tensors and wraps its output. */
  apply(
    operator: string,
    inputs: readonly tf.TensorInfo[],
    shape: readonly number[],
    dtype: string,
    attributes: Attributes = {},
  ): tf.TensorInfo {
    const names = inputs.map((input) => this.whole(input));
    return this.tensor(this.graph.node(operator, names, attributes), shape, dtype);
  }

  /** Name of the same elements in another shape. */
  reshaped(name: string, shape: readonly number[]): string {
    return this.graph.node('Reshape', [name, this.graph.int64(shape)]);
  }

  /** Name of the value cast to a type. */
  cast(name: string, dtype: keyof typeof elementTypes): string {
    return this.graph.node('Cast', [name], { to: elementTypes[dtype] });
  }

  private expanded(name: string, stored: readonly number[], shape: readonly number[]): string {
    if (stored.length === shape.length && sizeOf(stored) === sizeOf(shape)) return name;
    return this.graph.node('Expand', [name, this.graph.int64(shape)]);
  }
}

/**
 * The number that all values are; undefined where they differ, are NaN, or where there is none. tensorflow.js's
 * gradients fill whole activations with ones, so that a training step passes tens of millions of values through this
 * loop.
 */
function uniformValue(values: ArrayLike<number>): number | undefined {
  const first = values[0];
  for (let i = 0; i < values.length; i++) if (values[i] !== first) return undefined; // NaN differs from itself
  return first === undefined ? undefined : Number(first);
}

/** The element type, if programs can hold it. @throws EngineError for strings and complex numbers */
export function asDType(dtype: string): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new EngineError(`tensors of type ${dtype} cannot be compiled; use float32, int32 or bool`);
}
