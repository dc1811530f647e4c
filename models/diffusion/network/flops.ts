/**
 * How much arithmetic a network does, from the shapes of its kernels: 2 operations a weight, a multiplication and an
 * addition, for each row that it is applied to.
 */
import type { ParameterSpecs } from '../../tensor/parameters.ts';
import { sizeOf } from '../../tensor/program.ts';

/** `rowsOf` says to how many cells, tokens or vectors of one example the kernel of this name is applied. */
export function countedFlops(specs: ParameterSpecs, rowsOf: (name: string) => number): number {
  return Object.entries(specs)
    .filter(([name]) => name.endsWith('/kernel'))
    .reduce((sum, [name, { shape }]) => sum + 2 * sizeOf(shape) * rowsOf(name), 0);
}
