/**
 * The coverage table of docs/engine.md, made from the code: every kernel of the compiled engine, the ONNX operators
 * that it becomes, whether it has a gradient, and how it is tested; then the kernels of tensorflow.js's CPU backend
 * that are left out, and why. Operators and tests are found by tracing the cases of the numerics suite.
 *
 * `npx tsx test/tensor/coverageTable.ts --write` writes it into the page; a test keeps the page up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import onnxProto from 'onnx-proto';
import { ownGradients } from '../../models/tensor/kernels/gradients.ts';
import { kernels } from '../../models/tensor/kernels/index.ts';
import type { Signature, TensorFunction } from '../../models/tensor/program.ts';
import { traceFunction } from '../../models/tensor/tracingBackend.ts';
import { drawsOf } from './cases/kernelCase.ts';
import { kernelCases } from './kernelCases.ts';
import { withGradients } from './withGradients.ts';

/** Why kernels are not covered; the engine names the kernel when a function calls one. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'complex numbers': ['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real'],
  strings: ['StaticRegexReplace', 'StringNGrams', 'StringSplit', 'StringToHashBucketFast'],
  'the shape of the result depends on values': [
    'BroadcastArgs',
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'RaggedGather',
    'RaggedRange',
    'RaggedTensorToTensor',
    'SparseFillEmptyRows',
    'SparseReshape',
    'SparseSegmentMean',
    'SparseSegmentSum',
    'Unique',
  ],
  'not a function of its inputs: draw the random numbers outside and feed them': ['Multinomial'],
  'preparation of images, without gradients: do it before feeding': [
    'CropAndResize',
    'Draw',
    'RotateWithOffset',
    'Transform',
  ],
};

interface Observed {
  readonly operators: Set<string>;
  /** Called by a function that the suite compares, or by its gradient. */
  forward: boolean;
  backward: boolean;
}

/** What each kernel becomes, and where it is called from, over draws of all cases. */
function observe(): Map<string, Observed> {
  const seen = new Map<string, Observed>();
  for (const testCase of kernelCases)
    for (const draw of fc.sample(fc.gen(), { numRuns: 4, seed: 1 })) {
      const { fn, signature } = testCase.draw(drawsOf(draw));
      record(seen, fn, signature, 'forward');
      const adjoint = testCase.covers.includes(ADJOINT);
      if (adjoint || (testCase.gradient ?? true)) record(seen, withGradients(fn), signature, 'backward');
    }
  return seen;
}

function record(
  seen: Map<string, Observed>,
  fn: TensorFunction,
  signature: Signature,
  direction: 'forward' | 'backward',
): void {
  const called = callsDuring(() => {
    const { model } = traceFunction(fn, signature);
    for (const { name, opType } of onnxProto.onnx.ModelProto.decode(model).graph?.node ?? [])
      if (name && opType) observed(seen, name.split('/')[0] ?? '').operators.add(opType);
  });
  for (const name of called) observed(seen, name)[direction] = true;
}

function observed(seen: Map<string, Observed>, name: string): Observed {
  const known = seen.get(name) ?? { operators: new Set(), forward: false, backward: false };
  seen.set(name, known);
  return known;
}

/** Names of the tracing kernels that the work calls. */
function callsDuring(work: () => void): ReadonlySet<string> {
  const called = new Set<string>();
  const registered = tf.getKernelsForBackend('tracing');
  for (const config of registered) {
    const { kernelName, kernelFunc } = config;
    replaceKernel({
      ...config,
      kernelFunc: (call) => {
        called.add(kernelName);
        return kernelFunc(call);
      },
    });
  }
  try {
    work();
  } finally {
    for (const config of registered) replaceKernel(config);
  }
  return called;
}

function replaceKernel(config: tf.KernelConfig): void {
  tf.unregisterKernel(config.kernelName, config.backendName);
  tf.registerKernel(config);
}

function gradientOf(name: string): string {
  if (ownGradients.some(({ kernelName }) => kernelName === name)) return 'ours';
  return tf.getGradient(name) ? 'tensorflow.js' : '–';
}

/** tensorflow.js's own is wrong, so that the suite tests this one against the forward kernel, whose transpose it is. */
const ADJOINT = 'ResizeNearestNeighborGrad';

function testedHow(name: string, { forward, backward }: Observed): string {
  if (name === ADJOINT) return 'as the adjoint of the forward kernel';
  return [forward && 'forward', backward && 'in gradients'].filter(Boolean).join(', ') || 'no';
}

/** The table in Markdown. */
export function coverageTable(): string {
  const seen = observe();
  const names = Object.keys(kernels).sort((a, b) => a.localeCompare(b, 'en'));
  const rows = names.map((name) => {
    const found = observed(seen, name);
    const operators = [...found.operators].sort().join(', ') || 'none: a constant, or another view';
    return `| ${name} | ${operators} | ${gradientOf(name)} | ${testedHow(name, found)} |`;
  });
  const reasons = Object.entries(leftOut).map(([reason, group]) => `- ${reason}: ${group.join(', ')}.`);
  return [
    `${names.length} kernels are covered.`,
    '',
    '| kernel | ONNX operators | gradient | tested |',
    '|---|---|---|---|',
    ...rows,
    '',
    `${uncovered().length} kernels of tensorflow.js's CPU backend are not:`,
    '',
    ...reasons,
  ].join('\n');
}

/** Kernels of tensorflow.js's CPU backend that the engine does not cover. */
export function uncovered(): string[] {
  return tf
    .getKernelsForBackend('cpu')
    .flatMap(({ kernelName }) => (Object.hasOwn(kernels, kernelName) ? [] : [kernelName]));
}

/** Kernels with a reason why they are left out. */
export const explained: readonly string[] = Object.values(leftOut).flat();

const page = fileURLToPath(new URL('../../docs/engine.md', import.meta.url));
const marks = ['<!-- coverage: made by test/tensor/coverageTable.ts -->\n', '\n<!-- end of coverage -->'] as const;

/** The table as it stands in docs/engine.md. */
export function tableInDocs(): string {
  const { table } = split(readFileSync(page, 'utf8'));
  return table;
}

function split(text: string): { before: string; table: string; after: string } {
  const [start, end] = [text.indexOf(marks[0]) + marks[0].length, text.indexOf(marks[1])];
  return { before: text.slice(0, start), table: text.slice(start, end), after: text.slice(end) };
}

if (process.argv.includes('--write') && process.argv[1] === fileURLToPath(import.meta.url)) {
  const { before, after } = split(readFileSync(page, 'utf8'));
  writeFileSync(page, before + coverageTable() + after);
}
