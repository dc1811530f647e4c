/**
 * Kernels of one operand: activations, elementary functions, tests and casts. Where ONNX lacks a function, it is
 * composed so that small arguments keep their precision.
 */
import type { CastAttrs, ClipByValueAttrs, LeakyReluAttrs, StepAttrs, TensorInfo } from '@tensorflow/tfjs';
import { elementTypes } from '../graphBuilder.ts';
import { asDType, type Trace } from '../trace.ts';
import { broadcast, elementwise } from './broadcast.ts';
import { type KernelTable, kernel, type Unary } from './kernel.ts';

interface PreluOperands extends Unary {
  readonly alpha: TensorInfo;
}

interface EluGradOperands {
  readonly dy: TensorInfo;
  readonly y: TensorInfo;
}

/** Names of kernels that are one operator of ONNX. */
const operators: Readonly<Record<string, string>> = {
  Neg: 'Neg',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Reciprocal: 'Reciprocal',
  Abs: 'Abs',
  Sign: 'Sign',
  Floor: 'Floor',
  Ceil: 'Ceil',
  Round: 'Round',
  Sin: 'Sin',
  Cos: 'Cos',
  Tan: 'Tan',
  Asin: 'Asin',
  Acos: 'Acos',
  Atan: 'Atan',
  Sinh: 'Sinh',
  Cosh: 'Cosh',
  Tanh: 'Tanh',
  Asinh: 'Asinh',
  Acosh: 'Acosh',
  Atanh: 'Atanh',
  Erf: 'Erf',
  Relu: 'Relu',
  Elu: 'Elu',
  Selu: 'Selu',
  Sigmoid: 'Sigmoid',
  Softplus: 'Softplus',
};

function composed(emit: (trace: Trace, x: string) => string, dtype?: string) {
  return kernel<Unary>((trace, { x }) => elementwise(trace, x, (name) => emit(trace, name), dtype));
}

/** A function of real numbers; of an integer, its value cut to an integer, as tensorflow.js has it. */
function real(emit: (trace: Trace, x: string) => string) {
  return kernel<Unary>((trace, { x }) =>
    elementwise(trace, x, (name) => {
      if (x.dtype === 'float32') return emit(trace, name);
      return trace.cast(emit(trace, trace.cast(name, 'float32')), asDType(x.dtype));
    }),
  );
}

/** Operators that ONNX has for integers too. */
const exact: readonly string[] = ['Neg', 'Abs', 'Sign', 'Relu'];

/** exp(x) − 1; near zero by 2 tanh(x/2) / (1 − tanh(x/2)), which loses no digits. */
function exponentialMinusOne({ graph }: Trace, x: string): string {
  const one = graph.scalar(1);
  const half = graph.node('Tanh', [graph.node('Mul', [x, graph.scalar(0.5)])]);
  const near = graph.node('Div', [graph.node('Add', [half, half]), graph.node('Sub', [one, half])]);
  const far = graph.node('Sub', [graph.node('Exp', [x]), one]);
  return graph.node('Where', [graph.node('Less', [graph.node('Abs', [x]), one]), near, far]);
}

/** log(1 + x); the rounding of 1 + x is divided out, which loses no digits. */
function logarithmOfOnePlus({ graph }: Trace, x: string): string {
  const one = graph.scalar(1);
  const sum = graph.node('Add', [x, one]);
  const rounded = graph.node('Sub', [sum, one]);
  const logarithm = graph.node('Log', [sum]);
  const exact = graph.node('Mul', [logarithm, graph.node('Div', [x, rounded])]);
  const tiny = graph.node('Equal', [rounded, graph.scalar(0)]);
  const infinite = graph.node('IsInf', [sum]);
  return graph.node('Where', [tiny, x, graph.node('Where', [infinite, logarithm, exact])]);
}

/** 1 for positive numbers, `alpha` for others. */
const step = kernel<Unary, Partial<StepAttrs>>((trace, { x }, { alpha = 0 }) =>
  elementwise(trace, x, (name) => {
    const { graph } = trace;
    const dtype = asDType(x.dtype);
    const positive = graph.node('Greater', [name, graph.scalar(0, dtype)]);
    if (alpha === 0) return trace.cast(positive, dtype);
    return graph.node('Where', [positive, graph.scalar(1, dtype), graph.scalar(alpha, dtype)]);
  }),
);

const clip = (trace: Trace, x: TensorInfo, low: number, high: number) =>
  elementwise(trace, x, (name) => {
    const dtype = asDType(x.dtype);
    return trace.graph.node('Clip', [name, trace.graph.scalar(low, dtype), trace.graph.scalar(high, dtype)]);
  });

export const unaryKernels: KernelTable = {
  ...Object.fromEntries(
    Object.entries(operators).map(([name, operator]) => {
      const family = exact.includes(name) ? composed : real;
      return [name, family(({ graph }, x) => graph.node(operator, [x]))];
    }),
  ),
  Identity: kernel<Unary>((trace, { x }) => trace.alias(x)),
  Exp: kernel<Unary>((trace, { x }) => {
    const emit = (name: string) =>
      trace.graph.node('Exp', [x.dtype === 'float32' ? name : trace.cast(name, 'float32')]);
    return elementwise(trace, x, emit, 'float32'); // the one function that tensorflow.js leaves real for integers
  }),
  Square: composed(({ graph }, x) => graph.node('Mul', [x, x])),
  Rsqrt: real(({ graph }, x) => graph.node('Reciprocal', [graph.node('Sqrt', [x])])),
  Expm1: real(exponentialMinusOne),
  Log1p: real(logarithmOfOnePlus),
  IsNan: composed(({ graph }, x) => graph.node('IsNaN', [x]), 'bool'),
  IsInf: composed(({ graph }, x) => graph.node('IsInf', [x]), 'bool'),
  IsFinite: composed(
    ({ graph }, x) => graph.node('Not', [graph.node('Or', [graph.node('IsNaN', [x]), graph.node('IsInf', [x])])]),
    'bool',
  ),
  LogicalNot: composed(({ graph }, x) => graph.node('Not', [x]), 'bool'),
  Step: step,
  Relu6: kernel<Unary>((trace, { x }) => clip(trace, x, 0, 6)),
  ClipByValue: kernel<Unary, ClipByValueAttrs>((trace, { x }, { clipValueMin, clipValueMax }) =>
    clip(trace, x, clipValueMin, clipValueMax),
  ),
  LeakyRelu: kernel<Unary, LeakyReluAttrs>((trace, { x }, { alpha }) =>
    elementwise(trace, x, (name) => trace.graph.node('LeakyRelu', [name], { alpha: { real: alpha } })),
  ),
  Prelu: kernel<PreluOperands>((trace, { x, alpha }) => {
    const { graph } = trace;
    const emit = (value = '', slope = '') => {
      const negative = graph.node('Less', [value, graph.scalar(0)]);
      return graph.node('Where', [negative, graph.node('Mul', [value, slope]), value]);
    };
    return broadcast(trace, [x, alpha], emit, x.dtype);
  }),
  EluGrad: kernel<EluGradOperands>((trace, { dy, y }) => {
    const { graph } = trace;
    const emit = (upstream = '', value = '') => {
      const slope = graph.node('Add', [value, graph.scalar(1)]);
      const positive = graph.node('GreaterOrEqual', [value, graph.scalar(0)]);
      return graph.node('Where', [positive, upstream, graph.node('Mul', [upstream, slope])]);
    };
    return broadcast(trace, [dy, y], emit, dy.dtype);
  }),
  Cast: kernel<Unary, CastAttrs>((trace, { x }, { dtype }) =>
    x.dtype === dtype
      ? trace.alias(x)
      : elementwise(trace, x, (name) => trace.graph.node('Cast', [name], { to: elementTypes[asDType(dtype)] }), dtype),
  ),
};
