/**
 * Cases of kernels that work element by element: of one operand, of two that broadcast, of integers and truth values.
 */
import * as tf from '@tensorflow/tfjs';
import {
  aboveOne,
  binary,
  type Draws,
  fixed,
  type KernelCase,
  nonZero,
  positive,
  shapeOfRank,
  unary,
  withHoles,
  withinUnit,
} from './kernelCase.ts';

export const elementary: KernelCase[] = [
  unary('Neg', tf.neg),
  unary('Exp', tf.exp),
  unary('Expm1', tf.expm1),
  unary('Log', tf.log, { prepare: positive }),
  unary('Log1p', tf.log1p, { prepare: positive }),
  unary('Sqrt', tf.sqrt, { prepare: positive }),
  unary('Rsqrt', tf.rsqrt, { prepare: positive }),
  unary('Reciprocal', tf.reciprocal, { prepare: positive }),
  unary('Square', tf.square),
  unary('Abs', tf.abs),
  unary('Sign', tf.sign),
  unary('Floor', tf.floor),
  unary('Ceil', tf.ceil),
  unary('Round', tf.round),
  unary('Sin', tf.sin),
  unary('Cos', tf.cos),
  unary('Tan', tf.tan, { prepare: withinUnit }),
  unary('Asin', tf.asin, { prepare: withinUnit }),
  unary('Acos', tf.acos, { prepare: withinUnit }),
  unary('Atan', tf.atan),
  unary('Sinh', tf.sinh),
  unary('Cosh', tf.cosh),
  unary('Tanh', tf.tanh),
  unary('Asinh', tf.asinh),
  unary('Acosh', tf.acosh, { prepare: aboveOne }),
  unary('Atanh', tf.atanh, { prepare: withinUnit }),
  unary('Erf', tf.erf),
  unary('Relu', tf.relu),
  unary('Relu6', (x) => tf.relu6(tf.mul(x, 5))),
  unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.1)),
  unary('Elu', tf.elu, { covers: ['Elu', 'EluGrad'] }),
  unary('Selu', tf.selu),
  unary('Sigmoid', tf.sigmoid),
  unary('Softplus', tf.softplus),
  unary('Step', (x) => tf.step(x, 0.25)),
  unary('Identity', (x) => tf.clone(x)),
  unary('ClipByValue', (x) => tf.clipByValue(x, -0.5, 0.7)),
  unary('IsNan', tf.isNaN, { gradient: false, prepare: withHoles }),
  unary('IsInf', tf.isInf, { gradient: false, prepare: withHoles }),
  unary('IsFinite', tf.isFinite, { gradient: false, prepare: withHoles }),
  unary('Cast', (x) => tf.cast(tf.cast(tf.mul(x, 3), 'int32'), 'float32'), { gradient: false }),
  unary('Cast', (x) => tf.cast(tf.cast(tf.round(x), 'bool'), 'int32'), { gradient: false, name: 'Cast through bool' }),
  fixed('Prelu', { x: { shape: [4, 3] }, alpha: { shape: [3] } }, (x, alpha) => tf.prelu(x as never, alpha as never)),
  fixed('LogicalNot', { x: { shape: [4], dtype: 'bool' } }, (x) => tf.logicalNot(x as never), { gradient: false }),
];

export const operands: KernelCase[] = [
  binary('Add', tf.add),
  binary('Sub', tf.sub),
  binary('Multiply', tf.mul),
  binary('RealDiv', tf.div, { prepare: aboveOne }),
  binary('Pow', tf.pow, { prepare: positive }),
  binary('Maximum', tf.maximum),
  binary('Minimum', tf.minimum),
  binary('SquaredDifference', tf.squaredDifference),
  binary('Mod', tf.mod),
  binary('Mod', tf.mod, { dtype: 'int32', prepare: nonZero }),
  binary('FloorDiv', tf.floorDiv, { gradient: false }),
  binary('FloorDiv', tf.floorDiv, { dtype: 'int32', prepare: nonZero }),
  binary('Atan2', tf.atan2),
  binary('Add', tf.add, { dtype: 'int32' }),
  binary('Multiply', tf.mul, { dtype: 'int32' }),
  binary('Equal', tf.equal, { dtype: 'int32' }),
  binary('NotEqual', tf.notEqual, { dtype: 'int32' }),
  binary('Greater', (a, b) => tf.where(tf.greater(a, b), tf.square(a), tf.tanh(b))),
  binary('GreaterEqual', tf.greaterEqual, { dtype: 'int32' }),
  binary('Less', (a, b) => tf.where(tf.logicalNot(tf.less(a, b)), a, tf.mul(a, b)), { covers: ['Less', 'LogicalNot'] }),
  binary('LessEqual', tf.lessEqual, { dtype: 'int32' }),
  binary('LogicalAnd', tf.logicalAnd, { dtype: 'bool' }),
  binary('LogicalOr', tf.logicalOr, { dtype: 'bool' }),
  binary('LogicalAnd', tf.logicalXor, { dtype: 'bool', name: 'exclusive or' }),
  binary('LogicalAnd', (a, b) => tf.where(tf.logicalAnd(tf.greaterEqual(a, b), tf.lessEqual(a, 1)), a, tf.mul(a, b)), {
    name: 'a choice by two comparisons',
  }),
  binary('LogicalOr', (a, b) => tf.where(tf.logicalOr(tf.equal(a, b), tf.notEqual(a, b)), tf.mul(a, b), b), {
    name: 'a choice that is always the same',
  }),
  binary('AddN', (a, b) => tf.addN([tf.add(a, b), tf.mul(a, b), tf.sub(a, b)])),
  fixed('Select', { c: { shape: [2, 1], dtype: 'bool' }, a: { shape: [2, 3] }, b: { shape: [3] } }, (c, a, b) =>
    tf.where(c, tf.mul(a, 2), tf.tanh(b)),
  ),
  binary('Select', (a, b) => tf.where(tf.logicalNot(a), a, b), { dtype: 'bool' }),
];

/** What tensorflow.js computes in integers or truth values; functions of real numbers are cut to integers. */
export const integers: KernelCase[] = [
  ...[tf.neg, tf.abs, tf.sign, tf.relu, tf.square, tf.relu6].map((op) =>
    onIntegers(op.name.replace('__op', ''), (x) => op(x)),
  ),
  ...[tf.exp, tf.expm1, tf.log1p, tf.reciprocal, tf.sinh, tf.softplus, tf.atan].map((op) =>
    onIntegers(op.name.replace('__op', ''), (x) => op(tf.add(tf.abs(x), tf.scalar(1, 'int32')))),
  ),
  onIntegers('step', (x) => tf.step(x)),
  onIntegers('clipByValue', (x) => tf.clipByValue(x, -2, 3)),
  onIntegers('pad', (x) => tf.pad(x, [[1, 2]], 7)),
  onIntegers('cumsum', (x) => tf.cumsum(x)),
  onIntegers('tile', (x) => tf.tile(x, [3])),
  onIntegers('prod', (x) => tf.prod(x)),
  onIntegers('topk', (x) => tf.topk(x, 2).values),
  onIntegers('argMin', (x) => tf.argMin(x)),
  onIntegers('gather', (x) => tf.gather(x, tf.tensor1d([3, 0], 'int32'))),
  onIntegers('oneHot', (x) => tf.oneHot(tf.abs(x) as never, 6, 3, -1, 'int32')),
  onIntegers('zerosLike', (x) => tf.add(tf.zerosLike(x), tf.onesLike(x))),
  onIntegers('where', (x) => tf.where(tf.greater(x, 0), x, tf.neg(x))),
  binary('Sub', tf.sub, { dtype: 'int32' }),
  binary('Maximum', tf.maximum, { dtype: 'int32' }),
  binary('Minimum', tf.minimum, { dtype: 'int32' }),
  binary('SquaredDifference', tf.squaredDifference, { dtype: 'int32' }),
  binary('RealDiv', tf.div, { dtype: 'int32', prepare: nonZero }),
  binary('BitwiseAnd', tf.bitwiseAnd, { dtype: 'int32', draw: sameShapes }),
  binary('Multiply', tf.mul, { dtype: 'bool' }),
  binary('Equal', tf.equal, { dtype: 'bool' }),
  binary('Greater', tf.greater, { dtype: 'bool' }),
  binary('LessEqual', tf.lessEqual, { dtype: 'bool' }),
  fixed('Concat', { a: { shape: [2, 3], dtype: 'bool' }, b: { shape: [1, 3], dtype: 'bool' } }, truthMoved, {
    name: 'truth values moved about',
    gradient: false,
  }),
];

function onIntegers(name: string, op: (x: tf.Tensor) => tf.Tensor): KernelCase {
  const options = { name: `${name} of integers`, gradient: false };
  return fixed([], { x: { shape: [5], dtype: 'int32' } }, (x = tf.scalar(0)) => op(x), options);
}

function truthMoved(...parts: tf.Tensor[]): tf.Tensor[] {
  const both = tf.concat(parts, 0);
  return [
    both,
    tf.transpose(both),
    tf.reverse(both, 0),
    tf.tile(both, [2, 1]),
    tf.pad(both, [
      [1, 0],
      [0, 2],
    ]),
    tf.slice(both, [1, 0], [2, 2]),
    tf.gather(both, tf.tensor1d([2, 0], 'int32')),
    tf.sum(tf.cast(both, 'int32')),
  ];
}

function sameShapes(random: Draws): ReturnType<KernelCase['draw']> {
  const spec = { shape: shapeOfRank(random, 2), dtype: 'int32' } as const;
  return {
    fn: ({ a, b }) => ({ y: tf.bitwiseAnd(a as tf.Tensor, b as tf.Tensor) }),
    signature: { a: spec, b: spec },
  };
}
