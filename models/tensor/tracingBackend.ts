/**
 * The tensorflow.js backend that computes nothing. While it is active, every kernel that a function calls adds nodes
 * to a `Trace`; gradients are kernel calls too, so that a whole training step becomes one graph. Tracing is
 * synchronous from start to end: no other code can run on the tracing backend, and the backend that was active before
 * is active again afterwards, whatever the function throws.
 */
import * as tf from '@tensorflow/tfjs';
import { EngineError, ReverieError } from '../../shared/errors.ts';
import { type BuiltGraph, inputName } from './graphBuilder.ts';
import { ownGradients } from './kernels/gradients.ts';
import { kernels } from './kernels/index.ts';
import type { Signature, TensorFunction, TensorSpec, Tensors } from './program.ts';
import { asDType, Trace } from './trace.ts';
import { portableTarget, type TraceTarget } from './traceTarget.ts';

const BACKEND = 'tracing';

/** A traced function: its graph and the specs of what it returns. */
export interface TracedFunction extends BuiltGraph {
  readonly outputs: Signature;
}

class TracingBackend extends tf.KernelBackend {
  trace: Trace | undefined;

  current(): Trace {
    if (!this.trace) throw new EngineError('the tracing backend is active outside a compilation; select another one');
    return this.trace;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.current().define(dataId, values as ArrayLike<number>, shape, dtype);
    return dataId;
  }

  override move(dataId: object, values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.current().define(dataId, values as ArrayLike<number>, shape, dtype);
  }

  override readSync(): never {
    throw new EngineError('a compiled function read the values of a tensor; it must be written without reading them');
  }

  override read(): never {
    return this.readSync();
  }

  override disposeData(): boolean {
    return true;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override numDataIds(): number {
    return 0;
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
}

const backend = new TracingBackend();
tf.registerBackend(BACKEND, () => backend, 0);
for (const [kernelName, kernel] of Object.entries(kernels))
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const trace = backend.current();
      trace.graph.origin = kernelName;
      return kernel(trace, inputs, attrs ?? {});
    },
  });
for (const gradient of ownGradients) tf.registerGradient(gradient);

/**
 * Traces a function for one signature.
 * @param target what the runtime of the graph can do; nothing but ONNX unless told
 * @throws EngineError when the function calls a kernel that is not covered, reads a tensor, or is itself compiling
 *   another
 */
export function traceFunction(
  fn: TensorFunction,
  signature: Signature,
  target: TraceTarget = portableTarget,
): TracedFunction {
  if (backend.trace) throw new EngineError('a function that is being compiled cannot compile another one');
  const before = tf.getBackend() ?? 'cpu';
  const trace = new Trace(target);
  backend.trace = trace;
  activate(BACKEND);
  tf.engine().startScope('trace');
  try {
    const inputs = Object.fromEntries(
      Object.entries(signature).map(([name, spec]) => [name, placeholder(trace, name, spec)]),
    );
    const results = fn(inputs);
    return encode(trace, signature, results);
  } catch (error) {
    throw asEngineError(error, fn.name, signature);
  } finally {
    tf.engine().endScope();
    backend.trace = undefined;
    activate(before);
  }
}

/** Both switches are synchronous: the promise of `setBackend` only reports what has already happened. */
function activate(name: string): void {
  void tf.setBackend(name);
}

function placeholder(trace: Trace, name: string, { shape, dtype = 'float32' }: TensorSpec): tf.Tensor {
  if (shape.some((dimension) => !Number.isInteger(dimension) || dimension < 1))
    throw new EngineError(`the input "${name}" has the shape [${shape.join(', ')}]; dimensions are positive integers`);
  if (!['float32', 'int32', 'bool'].includes(dtype))
    throw new EngineError(`the input "${name}" has the type ${dtype}; inputs are float32, int32 or bool`);
  return tf.engine().makeTensorFromTensorInfo(trace.tensor(inputName(name), shape, dtype));
}

function encode(trace: Trace, inputs: Signature, results: Tensors): TracedFunction {
  const entries = Object.entries(results);
  const wrong = entries.find(([, result]) => !(result instanceof tf.Tensor));
  if (wrong) throw new EngineError(`the output "${wrong[0]}" is not a tensor; return named tensors`);
  const outputs = Object.fromEntries(
    entries.map(([name, { shape, dtype }]) => [name, { shape: [...shape], dtype: asDType(dtype) }]),
  );
  const sources = Object.fromEntries(entries.map(([name, tensor]) => [name, trace.whole(tensor)]));
  return { ...trace.graph.build(inputs, outputs, sources), outputs };
}

function asEngineError(error: unknown, functionName: string, signature: Signature): Error {
  if (error instanceof ReverieError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const place = functionName ? `function ${functionName}` : 'an anonymous function';
  const [, kernel] = /[Kk]ernel '(\w+)'/.exec(message) ?? [];
  const [, constant] = /gradient function not found for (\w+)/.exec(message) ?? [];
  const reason = kernel
    ? `kernel ${kernel} is not covered by the compiled engine (${place}): express it with covered operations`
    : constant
      ? `kernel ${constant} has no gradient (${place}): express it with operations that have one`
      : `${place} cannot be compiled: ${message.replace(/\.$/, '')} (its inputs: ${listed(signature)})`;
  return new EngineError(reason, { cause: error });
}

/** Inputs in words; of a network with hundreds of parameters, the last, where the data stand. */
function listed(signature: Signature): string {
  const inputs = Object.entries(signature).map(
    ([name, { shape, dtype = 'float32' }]) => `"${name}" ${dtype} [${shape.join(', ')}]`,
  );
  const hidden = Math.max(0, inputs.length - 8);
  return `${hidden > 0 ? `${hidden} others, ` : ''}${inputs.slice(hidden).join(', ') || 'none'}`;
}
