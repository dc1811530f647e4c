/**
 * The vocabulary of the tensor engine. A *tensor function* is written with tensorflow.js on named tensors; an `Engine`
 * compiles it for one signature of shapes into a `Program`, which runs on plain typed arrays. Model code knows these
 * types and tensorflow.js, never the engine that runs it.
 */
import type { Tensor } from '@tensorflow/tfjs';

export type DType = 'float32' | 'int32' | 'bool';

/** Shape and type of a tensor; every dimension is fixed. `dtype` defaults to `float32`. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype?: DType;
}

/** Named tensor specs: the inputs or the outputs of a program. */
export type Signature = Readonly<Record<string, TensorSpec>>;

/** A tensor as memory: float32, int32, or bytes 0 and 1 for bool, in row-major order. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Named tensors in memory. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Named tensors inside a traced function. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A pure function of named tensors; traced once, so that it must not read a tensor's values. */
export type TensorFunction = (inputs: Tensors) => Tensors;

export interface RunOptions {
  /**
   * Gives the run up: it is refused at once. What has not begun by then is never computed; what has begun is computed
   * to its end, which no runtime can stop, and its result dropped.
   */
  readonly signal?: AbortSignal;
}

/** A compiled tensor function. */
export interface Program {
  readonly inputs: Signature;
  readonly outputs: Signature;
  /**
   * Runs the function.
   * @throws EngineError naming the input that is missing, unknown, or of another shape or type; when the signal aborts;
   *   or when the thread that computes it ends
   */
  run(feeds: HostTensors, options?: RunOptions): Promise<HostTensors>;
  dispose(): Promise<void>;
}

/** Compiles tensor functions. */
export interface Engine {
  readonly name: string;
  /** @throws EngineError naming a kernel that the engine does not cover. */
  compile(fn: TensorFunction, signature: Signature): Promise<Program>;
  dispose(): Promise<void>;
}

/** Elements of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** A float32 tensor in memory; `data` may be an array or, for one value everywhere, a number. */
export function float32(data: Float32Array | readonly number[] | number, shape: readonly number[]): HostTensor {
  const size = sizeOf(shape);
  const values =
    typeof data === 'number'
      ? new Float32Array(size).fill(data)
      : data instanceof Float32Array
        ? data
        : Float32Array.from(data);
  if (values.length !== size)
    throw new RangeError(`${values.length} values do not fill the shape [${shape.join(', ')}]`);
  return { shape, dtype: 'float32', data: values };
}
