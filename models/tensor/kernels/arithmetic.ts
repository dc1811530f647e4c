/**
 * Kernels with two operands, broadcast against each other, and the choice between two. Adding zero and multiplying by
 * one cost nothing: gradients of sums and means are full of them.
 */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Trace } from '../trace.ts';
import { broadcast, broadcastNode, jointShape } from './broadcast.ts';
import { type Binary, type KernelTable, kernel } from './kernel.ts';

/**
 * An operator whose result has its operands' type; `neutral` is the right operand that changes nothing, `onLeft`
 * whether also as the left one.
 */
function arithmetic(operator: string, neutral?: number, onLeft = false) {
  return kernel<Binary>((trace, { a, b }) => {
    const shape = jointShape([a.shape, b.shape]);
    if (neutral !== undefined && trace.symbolic(b).uniform === neutral) return trace.alias(a, shape);
    if (neutral !== undefined && onLeft && trace.symbolic(a).uniform === neutral) return trace.alias(b, shape);
    if (a.dtype !== 'bool') return broadcastNode(trace, operator, [a, b], a.dtype);
    const emit = (...names: string[]) => trace.cast(trace.graph.node(operator, asIntegers(trace, names)), 'bool');
    return broadcast(trace, [a, b], emit, 'bool');
  });
}

/** Truth values as 0 and 1: ONNX neither calculates with them nor orders them. */
function asIntegers(trace: Trace, names: readonly string[]): string[] {
  return names.map((name) => trace.cast(name, 'int32'));
}

/** A comparison by order. */
function ordering(operator: string) {
  return kernel<Binary>((trace, { a, b }) => {
    const emit = (...names: string[]) =>
      trace.graph.node(operator, a.dtype === 'bool' ? asIntegers(trace, names) : names);
    return broadcast(trace, [a, b], emit, 'bool');
  });
}

/** A comparison by equality, or a logical connective. */
function predicate(operator: string) {
  return kernel<Binary>((trace, { a, b }) => broadcastNode(trace, operator, [a, b], 'bool'));
}

/** Remainder with the sign of the divisor. */
function modulo(trace: Trace, a: TensorInfo, dividend: string, divisor: string): string {
  const { graph } = trace;
  if (a.dtype === 'int32') return graph.node('Mod', [dividend, divisor]);
  const quotient = graph.node('Floor', [graph.node('Div', [dividend, divisor])]);
  return graph.node('Sub', [dividend, graph.node('Mul', [quotient, divisor])]);
}

/** Quotient rounded down; for integers exactly, since the remainder is taken away first. */
function floorDivision(trace: Trace, a: TensorInfo, dividend: string, divisor: string): string {
  const { graph } = trace;
  if (a.dtype !== 'int32') return graph.node('Floor', [graph.node('Div', [dividend, divisor])]);
  return graph.node('Div', [graph.node('Sub', [dividend, modulo(trace, a, dividend, divisor)]), divisor]);
}

/** The angle of (x, y) from atan(y/x), which knows a half plane alone. */
function arcTangent(trace: Trace, y: string, x: string): string {
  const { graph } = trace;
  const zero = graph.scalar(0);
  const slope = graph.node('Atan', [graph.node('Div', [y, x])]);
  const turn = graph.node('Where', [graph.node('Less', [y, zero]), graph.scalar(-Math.PI), graph.scalar(Math.PI)]);
  const angle = graph.node('Where', [graph.node('Less', [x, zero]), graph.node('Add', [slope, turn]), slope]);
  const origin = graph.node('And', [graph.node('Equal', [y, zero]), graph.node('Equal', [x, zero])]);
  return graph.node('Where', [origin, zero, angle]);
}

function composed(emit: (trace: Trace, a: TensorInfo, left: string, right: string) => string) {
  return kernel<Binary>((trace, { a, b }) =>
    broadcast(trace, [a, b], (left = '', right = '') => emit(trace, a, left, right), a.dtype),
  );
}

export const arithmeticKernels: KernelTable = {
  Add: arithmetic('Add', 0, true),
  Sub: arithmetic('Sub', 0),
  Multiply: arithmetic('Mul', 1, true),
  RealDiv: arithmetic('Div', 1),
  Pow: arithmetic('Pow', 1),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  SquaredDifference: composed(({ graph }, _, left, right) => {
    const difference = graph.node('Sub', [left, right]);
    return graph.node('Mul', [difference, difference]);
  }),
  Mod: composed(modulo),
  FloorDiv: kernel<Binary>((trace, { a, b }) => {
    const emit = (left = '', right = '') => trace.cast(floorDivision(trace, a, left, right), 'int32');
    return broadcast(trace, [a, b], emit, 'int32');
  }),
  Atan2: composed((trace, _, y, x) => arcTangent(trace, y, x)),
  AddN: (trace, inputs) => {
    const terms = Object.values(inputs) as TensorInfo[];
    return broadcastNode(trace, 'Sum', terms, terms[0]?.dtype ?? 'float32');
  },

  Equal: predicate('Equal'),
  NotEqual: kernel<Binary>((trace, { a, b }) =>
    broadcast(trace, [a, b], (...names) => trace.graph.node('Not', [trace.graph.node('Equal', names)]), 'bool'),
  ),
  Greater: ordering('Greater'),
  GreaterEqual: ordering('GreaterOrEqual'),
  Less: ordering('Less'),
  LessEqual: ordering('LessOrEqual'),
  LogicalAnd: predicate('And'),
  LogicalOr: predicate('Or'),

  BitwiseAnd: kernel<Binary>((trace, { a, b }) => broadcastNode(trace, 'BitwiseAnd', [a, b], a.dtype)),

  Select: kernel<SelectOperands>((trace, { condition, t, e }) => {
    const choose = (...names: string[]) => trace.graph.node('Where', names);
    const chooseBool = (test = '', yes = '', no = '') =>
      trace.cast(choose(test, trace.cast(yes, 'int32'), trace.cast(no, 'int32')), 'bool');
    return broadcast(trace, [condition, t, e], t.dtype === 'bool' ? chooseBool : choose, t.dtype);
  }),
};

interface SelectOperands {
  readonly condition: TensorInfo;
  readonly t: TensorInfo;
  readonly e: TensorInfo;
}
