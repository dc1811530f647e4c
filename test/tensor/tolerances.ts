/**
 * How far an engine's answers may be from those of tensorflow.js's CPU backend, as a fraction of the largest value.
 * Float32 is 1e-5 everywhere; a GPU may do worse where the language of its programs promises less. WGSL promises sines
 * and cosines to within 2⁻¹¹ (https://www.w3.org/TR/WGSL/#floating-point-accuracy), and tangents and arc functions by
 * them.
 */
import onnxProto from 'onnx-proto';
import type { Signature, TensorFunction } from '../../models/tensor/program.ts';
import { traceFunction } from '../../models/tensor/tracingBackend.ts';

const FLOAT32 = 1e-5;

/** Operators that an engine computes less precisely. */
const looser: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  webgpu: { Sin: 2 ** -11, Cos: 2 ** -11, Tan: 2 ** -10, Acos: 2 ** -11, Asin: 2 ** -11 },
};

/** The tolerance for a function on an engine: that of the least precise operator of its graph. */
export function toleranceOf(engine: string, fn: TensorFunction, signature: Signature): number {
  const operators = looser[engine];
  if (!operators) return FLOAT32;
  const { graph } = onnxProto.onnx.ModelProto.decode(traceFunction(fn, signature).model);
  return Math.max(FLOAT32, ...(graph?.node ?? []).map(({ opType }) => operators[opType ?? ''] ?? 0));
}
