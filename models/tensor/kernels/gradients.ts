/**
 * Gradients that tensorflow.js lacks or has wrong. Its gradients of maxima, minima and squared differences forget to
 * sum over broadcast axes, that of running sums is right on the last axis alone, that of tiles adds one slice at a
 * time and stops at rank four; comparisons, products by `einsum` and several others have none; those of exponentials
 * have no gradients of their own. These are written with
 * tensorflow.js's own operations, so that they serve every engine alike, and replace tensorflow.js's for the process.
 */
import type { CumsumAttrs, EinsumAttrs, GradConfig, NamedAttrMap, Tensor, TileAttrs } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { indexGradients } from './indexGradients.ts';
import { windowGradients } from './windowGradients.ts';

type NamedGradients = ReturnType<GradConfig['gradFunc']>;

/** A gradient by the names and with the attributes that tensorflow.js's kernel registry promises. */
function gradient<Attributes = unknown>(
  kernelName: string,
  saved: Pick<GradConfig, 'inputsToSave' | 'outputsToSave' | 'saveAllInputs'>,
  derive: (dy: Tensor, saved: Tensor[], attributes: Attributes) => NamedGradients,
): GradConfig {
  return {
    kernelName,
    ...saved,
    gradFunc: (dy, kept, attributes) => derive(dy as Tensor, kept, attributes as unknown as Attributes),
  };
}

/** Sums over the axes along which an operand was broadcast. */
function summedTo(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.backend_util.getReductionAxes([...shape], gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, [...shape]);
}

type Pair = [Tensor, Tensor];

/** A function of two operands, from its two slopes. */
function ofTwo(kernelName: string, slopes: (a: Tensor, b: Tensor) => [() => Tensor, () => Tensor]): GradConfig {
  return gradient(kernelName, { inputsToSave: ['a', 'b'] }, (dy, saved) => {
    const [a, b] = saved as Pair;
    const [byA, byB] = slopes(a, b);
    return {
      a: () => summedTo(tf.mul(dy, byA()), a.shape),
      b: () => summedTo(tf.mul(dy, byB()), b.shape),
    };
  });
}

/** What is constant but for jumps; its operands may be truth values, their gradients are real. */
function flat(kernelName: string, names: string[]): GradConfig {
  return gradient(kernelName, { inputsToSave: names }, (_, saved) =>
    Object.fromEntries(names.map((name, i) => [name, () => tf.zeros((saved[i] as Tensor).shape)])),
  );
}

const real = (test: Tensor) => tf.cast(test, 'float32');

/** Each repeated axis becomes two, the repetitions and the original, and the first is summed. */
const tile = gradient<TileAttrs>('Tile', { inputsToSave: ['x'] }, (dy, saved, { reps }) => {
  const { shape } = saved[0] as Tensor;
  const repeated = (axis: number) => (reps[axis] as number) > 1;
  return {
    x: () => {
      const split = shape.flatMap((size, axis) => (repeated(axis) ? [reps[axis] as number, size] : [size]));
      const folded = shape.flatMap((_, axis) => (repeated(axis) ? [true, false] : [false]));
      const axes = folded.flatMap((fold, axis) => (fold ? [axis] : []));
      return axes.length === 0 ? tf.clone(dy) : tf.reshape(tf.sum(tf.reshape(dy, split), axes), shape);
    },
  };
});

/**
 * The gradient of an operand is again a product: of the upstream gradient and the other operand, over the operand's own
 * labels. Labels that no other tensor has were summed alone, and their gradient is the same all along them.
 */
const einsum = gradient<EinsumAttrs>('Einsum', { saveAllInputs: true }, (dy, operands, { equation }) => {
  const [left = '', output = ''] = equation.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  const gradients = operands.map((operand, i) => () => {
    const own = [...(terms[i] as string)];
    const others = [output, ...terms.filter((_, other) => other !== i)];
    const shared = own.filter((label) => others.some((other) => other.includes(label)));
    const rest = operands.filter((_, other) => other !== i);
    const product = tf.einsum(`${others.join(',')}->${shared.join('')}`, dy, ...rest);
    const shape = own.map((label, axis) => (shared.includes(label) ? (operand.shape[axis] as number) : 1));
    return tf.broadcastTo(tf.reshape(product, shape), operand.shape);
  });
  return { ...gradients } as unknown as NamedGradients;
});

/**
 * A function whose slope is told by its own value. tensorflow.js keeps the value, but loses how it came about, and
 * with it the slope of the slope. Calling the function again costs nothing in a graph, where equal nodes are one.
 */
function byValue(
  kernelName: string,
  input: string,
  slope: (dy: Tensor, y: Tensor, attributes: NamedAttrMap) => Tensor,
): GradConfig {
  return gradient<NamedAttrMap>(kernelName, { inputsToSave: [input] }, (dy, saved, attributes) => ({
    [input]: () => {
      const again = tf.engine().runKernel(kernelName, { [input]: saved[0] as Tensor }, attributes);
      return slope(dy, again as Tensor, attributes);
    },
  }));
}

/** All of them, by family. */
export const ownGradients: readonly GradConfig[] = [
  ofTwo('Maximum', (a, b) => [() => real(tf.greaterEqual(a, b)), () => real(tf.less(a, b))]),
  ofTwo('Minimum', (a, b) => [() => real(tf.lessEqual(a, b)), () => real(tf.greater(a, b))]),
  ofTwo('SquaredDifference', (a, b) => [() => tf.mul(2, tf.sub(a, b)), () => tf.mul(2, tf.sub(b, a))]),
  ...['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual', 'LogicalAnd', 'LogicalOr'].map((name) =>
    flat(name, ['a', 'b']),
  ),
  flat('LogicalNot', ['x']),
  gradient<CumsumAttrs>('Cumsum', {}, (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  })),
  byValue('Exp', 'x', (dy, y) => tf.mul(dy, y)),
  byValue('Tanh', 'x', (dy, y) => tf.mul(tf.sub(1, tf.square(y)), dy)),
  byValue('Sigmoid', 'x', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  byValue('Softmax', 'logits', (dy, y, { dim }) => {
    const share = tf.mul(dy, y);
    return tf.sub(share, tf.mul(tf.sum(share, Number(dim), true), y));
  }),
  tile,
  einsum,
  ...indexGradients,
  ...windowGradients,
];
