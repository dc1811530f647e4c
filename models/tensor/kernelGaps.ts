/**
 * Kernels that a backend of tensorflow.js lacks, refuses or computes wrongly are computed by its plain CPU backend
 * instead, and their tensors cross over: slower, and right. Lacking kernels are found by comparing the registries;
 * calls that are computed wrongly each backend's list names (`wasmGaps.ts`, `tensorflowGaps.ts`). The numerics suite is
 * what found them.
 */
import * as tf from '@tensorflow/tfjs';
import { asDType } from './trace.ts';

/** What a kernel is called with: inputs by name, or a list of them, which tensorflow.js's types leave out. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo | undefined>>;
  readonly attrs: tf.NamedAttrMap | undefined;
  readonly backend: unknown;
}

/** What is known of a backend. */
export interface BackendFaults {
  /** Whether it computes a call wrongly. */
  isWrong(kernel: string, call: KernelCall): boolean;
  /** Kernels that it lacks, made of those that it has. */
  readonly made?: Readonly<Record<string, tf.KernelFunc>>;
  /** Whether an error says that it does not take such a call; none does unless told. */
  isRefusal?(error: unknown): boolean;
}

const filled = new Set<string>();

/** Puts kernels of the CPU backend in a backend's gaps; does nothing when that has been done. */
export function fillKernelGaps(backendName: string, faults: BackendFaults): void {
  if (filled.has(backendName)) return;
  filled.add(backendName);
  const present = new Map((tf.getKernelsForBackend(backendName) ?? []).map((config) => [config.kernelName, config]));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    const own = present.get(kernelName);
    const made = faults.made?.[kernelName];
    if (own) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...own,
      kernelName,
      backendName,
      kernelFunc: (call) => {
        const seen = call as KernelCall;
        if (made) return made(call);
        if (!own || faults.isWrong(kernelName, seen)) return onCpu(kernelFunc, seen);
        try {
          return own.kernelFunc(call);
        } catch (error) {
          if (faults.isRefusal?.(error)) return onCpu(kernelFunc, seen);
          throw error;
        }
      },
    });
  }
}

/** Computes on the CPU backend and brings the results back. */
function onCpu(kernel: tf.KernelFunc, { inputs, attrs, backend }: KernelCall): tf.TensorInfo | tf.TensorInfo[] {
  const here = backend as tf.KernelBackend;
  const cpu = tf.findBackend('cpu');
  const away = Object.entries(inputs).map(([name, given]): [string, tf.TensorInfo | undefined] => [
    name,
    // Some kernels read what only whole tensors have: their rank.
    given && Object.assign(crossed(given, here, cpu), { rank: given.shape.length }),
  ]);
  const named = Array.isArray(inputs) ? away.map(([, tensor]) => tensor) : Object.fromEntries(away);
  const computed = kernel({ inputs: named as tf.NamedTensorInfoMap, attrs, backend: cpu });
  const results = [computed].flat();
  const home = results.map((tensor) => crossed(tensor, cpu, here));
  const left = [...away.flatMap(([, tensor]) => tensor ?? []), ...results];
  for (const dataId of new Set(left.map((tensor) => tensor.dataId))) cpu.disposeData(dataId, true);
  return Array.isArray(computed) ? home : (home[0] as tf.TensorInfo);
}

/** The same tensor on another backend. */
function crossed({ dataId, shape, dtype }: tf.TensorInfo, from: tf.KernelBackend, to: tf.KernelBackend): tf.TensorInfo {
  const Values = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[asDType(dtype)];
  // A copy of the very type that the other side's memory has; the CPU backend keeps some integers as floats.
  const values = new Values(from.readSync(dataId) as Float32Array);
  return { dataId: to.write(values, shape, dtype), shape, dtype };
}

/** Whether an input is there and of a type. */
export function isOf(dtype: tf.DataType, tensor: tf.TensorInfo | undefined): boolean {
  return tensor?.dtype === dtype;
}
