/**
 * The methods that a renderer paints by, as data: by name, which trained networks a method needs, which step counts it
 * has with them, and how it gets from noise to a picture. Several methods may share a network: what tells samplers of
 * the base model apart is `paint` alone.
 */
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../../shared/errors.ts';
import type { HostTensors, Tensors } from '../tensor/program.ts';
import { adjustedStep } from './cosine/adjustedStep.ts';
import { consistencySampler } from './cosine/consistencySampler.ts';
import { alpha, sigma } from './cosine/cosineSchedule.ts';
import { type Coefficients, combineTensors, ddimStep, noising } from './cosine/ddim.ts';
import { type Denoise, ddimSampler } from './cosine/ddimSampler.ts';
import { guidedBy } from './guidance.ts';
import { RENDER_METHODS, type RenderMethod } from './methodNames.ts';
import { conditionOn, denoise } from './network/denoiser.ts';
import { type Context, hasNoLatent, noLatent } from './network/optionalConditions.ts';
import { oneStepChoice, stepsKnownTo } from './network/studentSteps.ts';
import type { NetworkName } from './networks.ts';
import { cosineVariancePreserving } from './processes/variancePreserving.ts';
import { ancestral } from './samplers/ddim.ts';
import { dormandPrince } from './samplers/dormandPrince.ts';
import { dpmSolver } from './samplers/dpmSolver.ts';
import { eulerMaruyama, predictorCorrector } from './samplers/eulerMaruyama.ts';
import { flowEuler, heun } from './samplers/flowSolvers.ts';
import { blendTensors, type Sampler } from './samplers/sampler.ts';
import { regress } from './training/regression.ts';

/** What a method paints with. */
export interface Painting {
  readonly params: Tensors;
  /** [batch, latent]. */
  readonly latents: tf.Tensor;
  /** As many as the method asks for, each [batch, 16, 16, 48]. */
  readonly noises: readonly [tf.Tensor, ...tf.Tensor[]];
  readonly steps: number;
  /** The frames before, where they are told. */
  readonly context?: Context;
  /** Weight of the latent against none; 1, the plain answer, unless told. */
  readonly guidance?: number;
}

/** The trained networks of a renderer, by name. */
export type Networks = Readonly<Partial<Record<NetworkName, HostTensors>>>;

export interface RenderMethodPlan {
  /** The networks that it needs, in the order in which they are trained. */
  readonly networks: readonly NetworkName[];
  /** Which of them paints in so many steps. */
  readonly networkFor: (steps: number) => NetworkName;
  /** The step counts that it has, or the most of them where it can take any. */
  readonly steps: (networks: Networks) => readonly number[] | number;
  /** How many noises a picture takes; 1 unless told. */
  readonly noises?: (steps: number) => number;
  /** x̂ in patches, [batch, 16, 16, 48]. */
  readonly paint: (painting: Painting) => tf.Tensor;
}

const MOST_STEPS = 1000;
/** Each step of these takes a noise of its own, which must be kept for as long as an episode lasts. */
const MOST_JUMPS = 64;

/** All steps are one compiled program, which for samplers of two calls a step grows long. */
const MOST_SAMPLED = 256;

const PROGRESSIVE_STEPS = [1, 2, 4, 8, 16] as const;

export const renderMethods: Readonly<Record<RenderMethod, RenderMethodPlan>> = {
  mcm: toldStudent('student'),
  ddim: {
    ...by('base'),
    steps: () => MOST_STEPS,
    paint: untoldDdim,
  },
  regression: {
    ...by('regression'),
    steps: () => [1],
    paint: ({ params, latents, context }: Painting) =>
      regress(params, latents.shape[0] as number, conditionOn(params, latents, { context })),
  },
  mct: toldStudent('mct'),
  cd: jumping('cd'),
  ct: jumping('ct'),
  ect: jumping('ect'),
  progressive: {
    networks: PROGRESSIVE_STEPS.map((steps) => `progressive-${steps}` as const).reverse(),
    networkFor: (steps: number) => `progressive-${steps as (typeof PROGRESSIVE_STEPS)[number]}` as const,
    steps: () => PROGRESSIVE_STEPS,
    paint: untoldDdim,
  },
  ddpm: sampledBy(ancestral),
  euler: sampledBy(flowEuler),
  heun: sampledBy(heun),
  rk45: sampledBy(dormandPrince),
  dpmpp2m: sampledBy(dpmSolver),
  em: sampledBy(eulerMaruyama),
  pc: sampledBy(predictorCorrector),
  addim: { ...by('base'), steps: () => MOST_SAMPLED, paint: adjustedDdim },
};

/** The methods of a renderer with these networks. */
export function methodsOf(networks: Networks): RenderMethod[] {
  return RENDER_METHODS.filter((method) => renderMethods[method].networks.every((name) => networks[name]));
}

/** The networks that a method needs and this renderer has not. */
export function missingNetworks(method: RenderMethod, networks: Networks): NetworkName[] {
  return renderMethods[method].networks.filter((name) => !networks[name]);
}

/** @throws UsageError when the renderer has not learned the method */
export function checkMethod(method: RenderMethod, networks: Networks): void {
  if (missingNetworks(method, networks).length > 0)
    throw new UsageError(
      `the agent has not learned the method "${method}"; train it with \`reverie train --stage renderer --method ${method}\`, or choose ${listed(methodsOf(networks))}`,
    );
}

/** @throws UsageError when the renderer has not learned the method, or the method lacks the step count */
export function checkSteps(method: RenderMethod, steps: number, networks: Networks): void {
  checkMethod(method, networks);
  if (hasSteps(method, steps, networks)) return;
  const known = renderMethods[method].steps(networks);
  if (typeof known === 'number')
    throw new UsageError(`the method "${method}" cannot take ${steps} steps; choose a whole number from 1 to ${known}`);
  throw new UsageError(
    `the method "${method}" has no ${steps} steps here; choose ${known.length === 1 ? known[0] : listed(known)}`,
  );
}

/** @throws UsageError when the weight is not one, or the method's networks have no answer without a latent */
export function checkGuidance(method: RenderMethod, weight: number, networks: Networks): void {
  if (!Number.isFinite(weight) || weight < 0)
    throw new UsageError(`frames cannot be guided with the weight ${weight}; give a number of at least 0, 1 for none`);
  if (weight === 1) return;
  if (method === 'regression')
    throw new UsageError('the method "regression" is the mean frame and cannot be guided; choose one that has noise');
  if (renderMethods[method].networks.some((name) => !hasNoLatent(networks[name] ?? {})))
    throw new UsageError(
      `the agent cannot be guided, as its renderer has never been without a latent; train one with \`reverie train --stage renderer --guidable\``,
    );
}

/** Whether a method that the renderer has can paint in so many steps. */
export function hasSteps(method: RenderMethod, steps: number, networks: Networks): boolean {
  const known = renderMethods[method].steps(networks);
  return typeof known === 'number' ? Number.isInteger(steps) && steps >= 1 && steps <= known : known.includes(steps);
}

/** The most steps that the method has up to so many; its fewest where it has none. */
export function stepsUpTo(method: RenderMethod, steps: number, networks: Networks): number {
  const known = renderMethods[method].steps(networks);
  if (typeof known === 'number') return Math.min(steps, known);
  const within = known.filter((count) => count <= steps);
  return within.length > 0 ? Math.max(...within) : Math.min(...known);
}

function listed(choices: readonly (string | number)[]): string {
  return choices.length < 2 ? choices.join() : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

function by<N extends NetworkName>(network: N) {
  return { networks: [network], networkFor: () => network };
}

/** A student that is told how many steps it takes. */
function toldStudent<N extends NetworkName>(network: N) {
  return {
    ...by(network),
    steps: (networks: Networks) => stepsKnownTo(networks[network] ?? {}),
    paint: (painting: Painting) => {
      const { params, noises, steps } = painting;
      const answer = answering(painting, oneStepChoice(params, steps));
      return ddimSampler(answer, noises[0], steps, combineTensors);
    },
  };
}

/** A consistency model, which jumps to a picture and back to less noise. */
function jumping<N extends NetworkName>(network: N) {
  return {
    ...by(network),
    steps: () => MOST_JUMPS,
    noises: (steps: number) => steps,
    paint: (painting: Painting) => consistencySampler(answering(painting), painting.noises, combineTensors),
  };
}

/** The base model by a sampler of `samplers/`. */
function sampledBy(sampler: Sampler) {
  return {
    ...by('base'),
    steps: () => MOST_SAMPLED,
    noises: sampler.noises,
    paint: (painting: Painting) =>
      sampler.sample({
        process: cosineVariancePreserving,
        denoise: answering(painting),
        times: sampler.times(cosineVariancePreserving, painting.steps),
        noises: painting.noises,
        blend: blendTensors,
      }),
  };
}

/** aDDIM, with a tenth of the posterior variance that pixels of variance 1/2 would have (arXiv 2403.06807, section 3.2). */
function adjustedDdim(painting: Painting): tf.Tensor {
  const answer = answering(painting);
  const { steps } = painting;
  let [noisy] = painting.noises;
  for (let k = steps; k >= 1; k--) {
    const [time, next] = [k / steps, (k - 1) / steps];
    const denoised = answer(noisy, time);
    const variance = 0.1 / (2 + (alpha(time) / sigma(time)) ** 2);
    const at = {
      ddim: scalars(ddimStep(time, next)),
      noising: scalars(noising(time)),
      nextNoising: scalars(noising(next)),
    };
    noisy = next === 0 ? denoised : adjustedStep(denoised, noisy, tf.scalar(variance), at);
  }
  return noisy;
}

function scalars([first, second]: Coefficients): Coefficients<tf.Tensor> {
  return [tf.scalar(first), tf.scalar(second)];
}

function untoldDdim(painting: Painting): tf.Tensor {
  return ddimSampler(answering(painting), painting.noises[0], painting.steps, combineTensors);
}

/** x̂ of a network for a latent, what depends on the latent alone computed once. */
export function answering(
  { params, latents, context, guidance = 1 }: Pick<Painting, 'params' | 'latents' | 'context' | 'guidance'>,
  steps?: tf.Tensor,
): Denoise<tf.Tensor> {
  const told = answerTo(latents);
  return guidance === 1 ? told : guidedBy(told, answerTo(noLatent(params)), guidance);

  function answerTo(latent: tf.Tensor): Denoise<tf.Tensor> {
    const condition = conditionOn(params, latent, { steps, context });
    return (noisy, time) => denoise(params, noisy, tf.fill([1], time), condition);
  }
}
