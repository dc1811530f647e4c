/**
 * All cases of the numerics suite: one or more for each kernel that the compiled engine covers. The suite runs each on
 * shapes that fast-check draws and compares with the plain tensorflow.js CPU backend; the coverage table of
 * docs/engine.md is made from the same cases.
 */
import { elementary, integers, operands } from './cases/elementwiseCases.ts';
import { folding, gathering } from './cases/foldingCases.ts';
import type { KernelCase } from './cases/kernelCase.ts';
import { filling, moving } from './cases/movingCases.ts';
import { fused, products } from './cases/productCases.ts';
import { convolutions, images } from './cases/windowCases.ts';

export const kernelCases: readonly KernelCase[] = [
  ...elementary,
  ...operands,
  ...integers,
  ...filling,
  ...moving,
  ...folding,
  ...gathering,
  ...products,
  ...fused,
  ...convolutions,
  ...images,
];
