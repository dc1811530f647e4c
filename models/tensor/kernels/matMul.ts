/**
 * Matrix products. A transposed operand of a plain product is a flag of `Gemm`; an untransposed plain product is left
 * as `MatMul`, which the runtime fuses with the bias that follows. `Gemm` has no integers, so that these are
 * transposed.
 */
import type { BatchMatMulAttrs, EinsumAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../program.ts';
import type { Trace } from '../trace.ts';
import { jointShape } from './broadcast.ts';
import { type Binary, type KernelTable, kernel } from './kernel.ts';
import { reshape } from './shape.ts';

/** The product of two matrices, [rows, inner] · [inner, columns], each given possibly transposed. */
export function product(trace: Trace, a: string, b: string, transposeA: boolean, transposeB: boolean): string {
  if (!transposeA && !transposeB) return trace.graph.node('MatMul', [a, b]);
  return trace.graph.node('Gemm', [a, b], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
}

function swapLast(trace: Trace, name: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return trace.graph.transpose(name, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

const batchMatMul = kernel<Binary, BatchMatMulAttrs>((trace, { a, b }, { transposeA, transposeB }) => {
  const rows = a.shape.at(transposeA ? -1 : -2) as number;
  const columns = b.shape.at(transposeB ? -2 : -1) as number;
  const batch = jointShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const shape = [...batch, rows, columns];
  if (sizeOf(batch) === 1 && a.dtype === 'float32') {
    const left = trace.whole(reshape(trace, a, a.shape.slice(-2)));
    const right = trace.whole(reshape(trace, b, b.shape.slice(-2)));
    const matrix = trace.tensor(product(trace, left, right, transposeA, transposeB), [rows, columns], a.dtype);
    return reshape(trace, matrix, shape);
  }
  const left = transposeA ? swapLast(trace, trace.whole(a), a.shape.length) : trace.whole(a);
  const right = transposeB ? swapLast(trace, trace.whole(b), b.shape.length) : trace.whole(b);
  return trace.tensor(trace.graph.node('MatMul', [left, right]), shape, a.dtype);
});

export const matMulKernels: KernelTable = {
  BatchMatMul: batchMatMul,
  Einsum: (trace, inputs, attributes) => {
    const { equation } = attributes as unknown as EinsumAttrs;
    const operands = Object.values(inputs) as TensorInfo[];
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, operands.length);
    const lengths = new Map<number, number>();
    idDims.forEach((dims, i) => {
      dims.forEach((dim, axis) => {
        lengths.set(dim, operands[i]?.shape[axis] as number);
      });
    });
    const shape = allDims.map((_, dim) => dim).filter((dim) => !summedDims.includes(dim));
    return trace.apply(
      'Einsum',
      operands,
      shape.map((dim) => lengths.get(dim) as number),
      operands[0]?.dtype ?? 'float32',
      {
        equation,
      },
    );
  },
};
