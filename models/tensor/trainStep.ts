/**
 * A training step as one compiled program: forward, backward, clipping, the optimiser. The state goes in and comes out
 * as plain arrays, so that the runtime's outputs are fed straight back, a checkpoint is the state itself, and a step is
 * a pure function of state, batch and learning rate.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { TrainingError } from '../../shared/errors.ts';
import { adamW, defaultAdamWConfig } from './adamW.ts';
import { differentiate } from './differentiate.ts';
import { clipped, globalNorm } from './gradientClipping.ts';
import { grouped, joined } from './namespaces.ts';
import type { Optimiser, OptimiserConfig } from './optimiser.ts';
import { type ParameterSpecs, signatureOf } from './parameters.ts';
import {
  type Engine,
  float32,
  type HostTensor,
  type HostTensors,
  type Signature,
  type TensorFunction,
  type TensorSpec,
  type Tensors,
} from './program.ts';

/** What a loss function returns: the loss, its terms by name for the log, and the buffers' next values. */
export interface LossResult {
  readonly loss: Scalar;
  readonly terms: Tensors;
  readonly buffers?: Tensors;
}

/** A pure function of parameters, batch and buffers; traced once. */
export type LossFunction = (parameters: Tensors, batch: Tensors, buffers: Tensors) => LossResult;

/** What is kept beside the parameters without a gradient, such as running statistics, and how it begins. */
export interface BufferSpec extends TensorSpec {
  readonly shape: readonly number[];
  /** The number that every element begins with. */
  readonly value: number;
}

export interface TrainStepOptions {
  readonly parameters: ParameterSpecs;
  readonly buffers?: Readonly<Record<string, BufferSpec>>;
  readonly batch: Signature;
  readonly loss: LossFunction;
  readonly optimiser?: OptimiserConfig;
  /** The rule that parameters follow; AdamW unless told. */
  readonly update?: Optimiser;
}

/** All that a run must remember between steps. */
export interface TrainState {
  /** Steps done. */
  readonly step: number;
  readonly parameters: HostTensors;
  readonly firstMoments: HostTensors;
  readonly secondMoments: HostTensors;
  readonly buffers: HostTensors;
}

export interface StepResult {
  readonly state: TrainState;
  /**
   * The loss as `loss`, the length of the gradient before clipping as `gradientNorm`, and the loss function's own
   * terms.
   */
  readonly terms: Readonly<Record<string, number>>;
}

export interface TrainStep {
  /** The state before the first step. */
  start(parameters: HostTensors): TrainState;
  /**
   * One step.
   * @throws TrainingError when the loss is not finite, naming the terms and, where it can be found, the operation that
   *   made the first such value; the given state is still good
   */
  run(state: TrainState, batch: HostTensors, learningRate: number): Promise<StepResult>;
  dispose(): Promise<void>;
}

/** Compiles a training step. @throws TrainingError naming a parameter that the loss does not depend on */
export async function compileTrainStep(engine: Engine, options: TrainStepOptions): Promise<TrainStep> {
  const { parameters, buffers = {}, batch } = options;
  const specs = signatureOf(parameters);
  const fn = stepFunction(options);
  const signature: Signature = {
    ...joined<TensorSpec>({ parameters: specs, firstMoments: specs, secondMoments: specs, buffers, batch }),
    step: { shape: [] },
    learningRate: { shape: [] },
  };
  const program = await engine.compile(fn, signature);
  return {
    start: (values) => startState(values, buffers),
    dispose: () => program.dispose(),
    async run(before, examples, learningRate) {
      const step = before.step + 1;
      const { firstMoments, secondMoments } = before;
      const state = { parameters: before.parameters, firstMoments, secondMoments, buffers: before.buffers };
      const feeds: HostTensors = {
        ...joined<HostTensor>({ ...state, batch: examples }),
        step: float32(step, []),
        learningRate: float32(learningRate, []),
      };
      const results = await program.run(feeds);
      const { terms = {}, ...after } = grouped(results);
      const numbers = Object.fromEntries(Object.entries(terms).map(([name, { data }]) => [name, data[0] as number]));
      if (!Object.values(numbers).every(Number.isFinite))
        throw diverged(step, numbers, await originOf(fn, signature, feeds));
      return { state: { ...state, ...after, step }, terms: numbers };
    },
  };
}

function stepFunction({ loss, buffers = {}, optimiser = defaultAdamWConfig, update = adamW }: TrainStepOptions) {
  return function trainStep({ step, learningRate, ...inputs }: Tensors): Tensors {
    const { parameters = {}, firstMoments = {}, secondMoments = {}, batch = {}, ...rest } = grouped(inputs);
    const before = rest.buffers ?? {};
    const result = differentiate((values) => loss(values, batch, before), parameters);
    const norm = globalNorm(result.gradients);
    const gradients = clipped(result.gradients, norm, optimiser.clipNorm);
    const state = { parameters, firstMoments, secondMoments };
    const after = update(state, gradients, step as Tensor, learningRate as Tensor, optimiser);
    return joined({
      ...after,
      buffers: { ...before, ...known(result.buffers, buffers) },
      terms: { ...result.terms, loss: result.loss, gradientNorm: norm },
    });
  };
}

/** The loss's new buffers. @throws TrainingError naming one that was not declared */
function known(updated: Tensors, declared: Readonly<Record<string, BufferSpec>>): Tensors {
  const unknown = Object.keys(updated).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined)
    throw new TrainingError(`the loss returns the buffer "${unknown}", which is not declared; add it to the buffers`);
  return updated;
}

function startState(parameters: HostTensors, buffers: Readonly<Record<string, BufferSpec>>): TrainState {
  const zeros = (): HostTensors =>
    Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, float32(0, shape)]));
  return {
    step: 0,
    parameters,
    firstMoments: zeros(),
    secondMoments: zeros(),
    buffers: Object.fromEntries(
      Object.entries(buffers).map(([name, { shape, value }]): [string, HostTensor] => [name, float32(value, shape)]),
    ),
  };
}

/** What made the first value that is not finite, in words; undefined where that cannot be told. */
async function originOf(fn: TensorFunction, signature: Signature, feeds: HostTensors): Promise<string | undefined> {
  const { describeNonFinite, findFirstNonFinite } = await import('./findFirstNonFinite.ts');
  // The step has failed already; whatever stops the search must not hide that.
  const found = await findFirstNonFinite(fn, signature, feeds).catch(() => undefined);
  return found && describeNonFinite(found);
}

function diverged(step: number, terms: Readonly<Record<string, number>>, origin: string | undefined): TrainingError {
  const listed = Object.entries(terms).map(([name, value]) => `${name} ${value}`);
  const cause = origin === undefined ? '' : `: ${origin}`;
  return new TrainingError(
    `the loss or its gradient is not finite at step ${step} (${listed.join(', ')})${cause}; lower the learning rate or check the batch`,
  );
}
