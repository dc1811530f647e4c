/**
 * What a case of the numerics suite is, and the makers of the common kinds: one for a kernel or a family, with a
 * function of shapes that fast-check draws and the list of the kernels that it is there to exercise.
 */
import type * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import type { HostTensors, Signature, TensorFunction } from '../../../models/tensor/program.ts';
import { Random } from '../../../shared/random.ts';

/** Choices that fast-check makes, remembers and shrinks. */
export interface Draws {
  /** An integer from 0 up to, not including, `bound`. */
  integer(bound: number): number;
  chance(probability: number): boolean;
  choice<T>(options: readonly T[]): T;
}

/** Draws from one run of a property over `fc.gen()`. */
export function drawsOf(generate: fc.GeneratorValue): Draws {
  const integer = (bound: number) => generate(fc.integer, { min: 0, max: bound - 1 });
  return {
    integer,
    chance: (probability) => integer(100) < 100 * probability,
    choice: <T>(options: readonly T[]) => options[integer(options.length)] as T,
  };
}

export interface KernelCase {
  readonly name: string;
  readonly covers: readonly string[];
  /** Whether the function's gradient is compared too; true unless told. */
  readonly gradient?: boolean;
  /** Moves random inputs into the function's domain. */
  readonly prepare?: (feeds: HostTensors) => HostTensors;
  draw(random: Draws): { fn: TensorFunction; signature: Signature };
}

type Op1 = (x: tf.Tensor) => tf.Tensor;
type Op2 = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

export const some = (random: Draws, least = 1, most = 5) => least + random.integer(most - least + 1);

export const shapeOfRank = (random: Draws, rank: number, least = 1) =>
  Array.from({ length: rank }, () => some(random, least, 5));

export function mapValues(feeds: HostTensors, change: (value: number) => number): HostTensors {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      tensor.dtype === 'bool' ? tensor : { ...tensor, data: tensor.data.map(change) },
    ]),
  );
}

export const positive = (feeds: HostTensors) => mapValues(feeds, (value) => Math.abs(value) + 0.2);
export const withinUnit = (feeds: HostTensors) => mapValues(feeds, (value) => 0.9 * Math.tanh(value));
export const aboveOne = (feeds: HostTensors) => mapValues(feeds, (value) => 1.2 + Math.abs(value));
export const nonZero = (feeds: HostTensors) => mapValues(feeds, (value) => value || 3);
export const withHoles = (feeds: HostTensors) =>
  mapValues(feeds, (value) => (value > 1 ? Number.NaN : value < -1 ? Number.NEGATIVE_INFINITY : value));

/** A kernel of one operand, on a shape of any rank. */
export function unary(kernel: string, op: Op1, options: Partial<KernelCase> = {}): KernelCase {
  return {
    name: kernel,
    covers: [kernel],
    draw: (random) => ({
      fn: ({ x }) => ({ y: op(x as tf.Tensor) }),
      signature: { x: { shape: shapeOfRank(random, random.integer(4)) } },
    }),
    ...options,
  };
}

/** A kernel of two operands, on shapes that broadcast. */
export function binary(
  kernel: string,
  op: Op2,
  options: Partial<KernelCase> & { dtype?: 'int32' | 'bool' } = {},
): KernelCase {
  const { dtype, ...rest } = options;
  return {
    name: dtype ? `${kernel} of ${dtype}` : kernel,
    covers: [kernel],
    gradient: dtype === undefined,
    draw: (random) => {
      const whole = shapeOfRank(random, 3, 2);
      const partial = whole.slice(random.integer(4)).map((size) => (random.chance(0.3) ? 1 : size));
      const [a, b] = random.chance(0.5) ? [whole, partial] : [partial, whole];
      const spec = (shape: number[]) => ({ shape, ...(dtype && { dtype }) });
      return {
        fn: (inputs) => ({ y: op(inputs.a as tf.Tensor, inputs.b as tf.Tensor) }),
        signature: { a: spec(a), b: spec(b) },
      };
    },
    ...rest,
  };
}

/** A function of a tensor of known rank that may choose an axis. */
export function onAxis(
  covers: string | string[],
  rank: number,
  op: (x: tf.Tensor, axis: number, random: Random) => tf.Tensor | tf.Tensor[],
  options: Partial<KernelCase> & { dtype?: 'int32' | 'bool' } = {},
): KernelCase {
  const { dtype, ...rest } = options;
  const kernels = [covers].flat();
  return {
    name: dtype ? `${kernels[0]} of ${dtype}` : `${kernels[0]}`,
    covers: kernels,
    gradient: dtype === undefined,
    draw: (random) => {
      const axis = random.integer(2 * rank) - rank;
      const seed = random.integer(1000);
      const seeded = () => new Random(seed); // the function may be called several times
      return {
        fn: ({ x }) => {
          const outputs = [op(x as tf.Tensor, axis, seeded())].flat();
          return Object.fromEntries(outputs.map((output, i) => [`y${i}`, output]));
        },
        signature: { x: { shape: shapeOfRank(random, rank, 2), ...(dtype && { dtype }) } },
      };
    },
    ...rest,
  };
}

/** A function of inputs with fixed shapes. */
export function fixed(
  covers: string | string[],
  signature: Signature,
  fn: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  options: Partial<KernelCase> = {},
): KernelCase {
  const kernels = [covers].flat();
  return {
    name: `${kernels[0]}`,
    covers: kernels,
    draw: () => ({
      fn: (inputs) => {
        const outputs = [fn(...Object.values(inputs))].flat();
        return Object.fromEntries(outputs.map((output, i) => [`y${i}`, output]));
      },
      signature,
    }),
    ...options,
  };
}
