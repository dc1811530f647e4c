/**
 * The backends of tensorflow.js that are imported when they are first asked for. The native one may be absent: it
 * downloads libtensorflow when it is installed, from a host that many networks block.
 */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../shared/errors.ts';
import { fillKernelGaps } from './kernelGaps.ts';
import { tensorflowFaults } from './tensorflowGaps.ts';
import { wasmFaults } from './wasmGaps.ts';

export interface EagerBackend {
  /** Its name in tensorflow.js. */
  readonly backend: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
}

const require = createRequire(import.meta.url);

/**
 * libtensorflow through `@tensorflow/tfjs-node-gpu`, or else `@tensorflow/tfjs-node`.
 * @throws EngineError when neither can be loaded
 */
export async function loadTensorflow(): Promise<EagerBackend> {
  restoreUtilities();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // errors alone
  const reasons: string[] = [];
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
    try {
      await keepingBackend(() => import(name));
      const native = tf.findBackend('tensorflow') as { isUsingGpuDevice?: boolean } | null;
      if (!native) continue;
      fillKernelGaps('tensorflow', tensorflowFaults);
      return { backend: 'tensorflow', gpu: native.isUsingGpuDevice === true };
    } catch (error) {
      reasons.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new EngineError(
    `libtensorflow cannot be loaded (${reasons.join('; ')}); run "npm run engine:tensorflow", or "npm install @tensorflow/tfjs-node" where its download is allowed`,
  );
}

/** WebAssembly through `@tensorflow/tfjs-backend-wasm`. @throws EngineError when it cannot be loaded */
export async function loadWasm(): Promise<EagerBackend> {
  const name = '@tensorflow/tfjs-backend-wasm';
  try {
    const { setWasmPaths } = (await import(name)) as { setWasmPaths(directory: string): void };
    setWasmPaths(join(dirname(require.resolve(`${name}/package.json`)), 'dist') + sep);
    const ready = await keepingBackend(() => tf.setBackend('wasm'));
    if (!ready) throw new EngineError('the backend did not start');
    fillKernelGaps('wasm', wasmFaults);
    return { backend: 'wasm', gpu: false };
  } catch (error) {
    throw new EngineError(`${name} cannot be loaded (${firstLine(error)}); run "npm install ${name}"`);
  }
}

/** Both backends make themselves the default when they load; the default stays what it was. */
async function keepingBackend<T>(load: () => Promise<T>): Promise<T> {
  const before = tf.getBackend() ?? 'cpu';
  try {
    return await load();
  } finally {
    await tf.setBackend(before);
  }
}

/** tensorflow.js 4.22 calls two functions that Node 23 removed from `util`; they are put back for it. */
function restoreUtilities(): void {
  const util = require('node:util') as { isNullOrUndefined?: unknown; isArray?: unknown };
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/ imported from .*/, '');
}
