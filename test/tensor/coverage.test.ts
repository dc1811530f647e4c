import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { kernels } from '../../models/tensor/kernels/index.ts';
import type { DType, TensorFunction } from '../../models/tensor/program.ts';
import { EngineError } from '../../shared/errors.ts';
import { coverageTable, explained, tableInDocs, uncovered } from './coverageTable.ts';
import { kernelCases } from './kernelCases.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

describe('coverage', () => {
  const table = coverageTable();

  it('stands in docs/engine.md (npx tsx test/tensor/coverageTable.ts --write)', () => {
    expect(tableInDocs()).toBe(table);
  });

  it('is tested throughout, and kernels are exercised by the cases that name them', () => {
    expect(table).not.toContain('| no |');
    const named = new Set(kernelCases.flatMap(({ covers }) => covers));
    expect(Object.keys(kernels).filter((name) => !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !Object.hasOwn(kernels, name))).toEqual([]);
  });

  it('leaves nothing out without a reason', () => {
    expect([...explained].sort()).toEqual(uncovered().sort());
  });

  it('includes every kernel that has a gradient, but for complex numbers', () => {
    expect(uncovered().filter((name) => tf.getGradient(name))).toEqual(['ComplexAbs']);
  });
});

describe('what cannot be compiled', () => {
  const fault = async (fn: TensorFunction, dtype: DType = 'float32') => {
    const compiling = engine.compile(fn, { image: { shape: [2, 4, 4, 3], dtype }, w: { shape: [5] } });
    await expect(compiling).rejects.toThrow(EngineError);
    return compiling.then(
      () => '',
      (error: Error) => error.message,
    );
  };

  it('is named, with the function that was traced', async () => {
    const message = await fault(function sampling({ w }) {
      return { y: tf.multinomial(w as tf.Tensor1D, 3, 1) };
    });
    expect(message).toContain('kernel Multinomial is not covered by the compiled engine (function sampling)');
  });

  it('inside a gradient is named too', async () => {
    const message = await fault(function rounding({ w }) {
      return { y: tf.grad((x) => tf.bitwiseAnd(tf.cast(x, 'int32'), tf.cast(x, 'int32')))(w as tf.Tensor) };
    });
    expect(message).toContain('kernel BitwiseAnd has no gradient (function rounding)');
  });

  it('for its shapes is told with the inputs and their shapes', async () => {
    const message = await fault(function adding({ image, w }) {
      return { y: tf.add(image as tf.Tensor, w as tf.Tensor) };
    });
    expect(message).toContain('function adding cannot be compiled');
    expect(message).toContain('2,4,4,3 and 5');
    expect(message).toContain('"image" float32 [2, 4, 4, 3], "w" float32 [5]');
  });

  it('for its types is told with the inputs and their types', async () => {
    const message = await fault(function rooting({ image }) {
      return { y: tf.sqrt(image as tf.Tensor) };
    }, 'int32');
    expect(message).toContain("'sqrt' must be float32 tensor, but got int32");
    expect(message).toContain('"image" int32 [2, 4, 4, 3]');
  });

  it('for the type of an input names the input', async () => {
    expect(await fault(({ w }) => ({ y: w as tf.Tensor }), 'complex64' as DType)).toBe(
      'the input "image" has the type complex64; inputs are float32, int32 or bool',
    );
  });

  it('for the type of a tensor made on the way says so', async () => {
    expect(await fault(({ w }) => ({ y: tf.complex(w as tf.Tensor, w as tf.Tensor) }))).toContain('Complex');
  });

  it('for what it returns names the output', async () => {
    const fn = () => ({ y: 3 });
    expect(await fault(fn as unknown as TensorFunction)).toBe('the output "y" is not a tensor; return named tensors');
  });
});
