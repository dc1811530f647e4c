/**
 * The same tensor functions on a backend of tensorflow.js, one kernel at a time: slower than the compiled engine, and
 * the reference that it is tested against. A function is still traced once, so that its outputs are known and that
 * both engines refuse the same functions.
 */
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../shared/errors.ts';
import { refusalOf } from './abort.ts';
import { checkFeeds } from './checkFeeds.ts';
import type { Engine, HostTensor, HostTensors, Program, Signature, TensorFunction } from './program.ts';
import { asDType } from './trace.ts';
import { traceFunction } from './tracingBackend.ts';

/**
 * An engine on a backend of tensorflow.js that has been loaded.
 * @param name what the engine is called
 * @param backend the backend's name in tensorflow.js; `cpu` is always there
 */
export function createEagerEngine(name: string, backend: string): Engine {
  tf.enableProdMode(); // without checks of every kernel, and without a notice about faster backends
  return {
    name,
    async compile(fn: TensorFunction, inputs: Signature): Promise<Program> {
      const { outputs } = traceFunction(fn, inputs);
      return {
        inputs,
        outputs,
        async run(feeds, { signal } = {}) {
          checkFeeds(inputs, feeds);
          if (signal?.aborted) throw refusalOf(signal);
          return onBackend(backend, () => evaluate(fn, feeds));
        },
        dispose: async () => {},
      };
    },
    dispose: async () => {},
  };
}

/** Runs synchronous work with a backend active, and makes the former one active again. */
function onBackend<T>(backend: string, work: () => T): T {
  const before = tf.getBackend() ?? 'cpu';
  void tf.setBackend(backend);
  tf.engine().startScope();
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(`the backend ${backend} cannot run the program: ${reason}`, { cause: error });
  } finally {
    tf.engine().endScope();
    void tf.setBackend(before);
  }
}

function evaluate(fn: TensorFunction, feeds: HostTensors): HostTensors {
  const inputs = Object.entries(feeds).map(([name, { data, shape, dtype }]): [string, tf.Tensor] => [
    name,
    tf.tensor(data, [...shape], dtype),
  ]);
  const outputs = fn(Object.fromEntries(inputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, toHost(tensor)]));
}

function toHost(tensor: tf.Tensor): HostTensor {
  return { shape: tensor.shape, dtype: asDType(tensor.dtype), data: tensor.dataSync().slice() };
}
