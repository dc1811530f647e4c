/** One latent many times over, for painting the same moment with noise after noise. */
import type { Matrix } from '../../models/planning/contracts.ts';

/** A row of a matrix, `count` times: [count, columns]. */
export function repeatedRow({ columns, data }: Matrix, row: number, count: number): Matrix {
  const copies = new Float32Array(count * columns);
  for (let copy = 0; copy < count; copy++)
    copies.set(data.subarray(row * columns, (row + 1) * columns), copy * columns);
  return { rows: count, columns, data: copies };
}
