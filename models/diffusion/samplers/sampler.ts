/**
 * What all samplers share: from noise to a picture by calls of a denoiser, at times that fall. A sampler is arithmetic
 * alone. Its coefficients are float64 numbers that depend on the times and the process, and pictures enter only by
 * weighted sums, so that the same lines run on numbers in tests and on tensors inside of one compiled program. All noise
 * is handed in: a sampler is a function.
 */
import * as tf from '@tensorflow/tfjs';
import type { Denoise } from '../cosine/ddimSampler.ts';
import type { Process } from '../processes/process.ts';

/** Σ weight · picture, over at least one term. */
export type Blend<T> = (terms: readonly (readonly [weight: number, picture: T])[]) => T;

export interface Sampling<T> {
  readonly process: Process;
  /** x̂ at a noisy picture and a time. */
  readonly denoise: Denoise<T>;
  /** From most noise to least, at least two; where the last is 0, the sampler lands on a clean picture there. */
  readonly times: readonly number[];
  /** Standard normal pictures: the first is where sampling starts; `Sampler.noises` says how many are used. */
  readonly noises: readonly [T, ...T[]];
  readonly blend: Blend<T>;
}

export interface Sampler {
  /** What users call it. */
  readonly name: string;
  /** Calls of the denoiser in so many steps. */
  readonly calls: (steps: number) => number;
  /** Noises taken in so many steps, the first included. */
  readonly noises: (steps: number) => number;
  /** The times of so many steps, one more than steps. */
  readonly times: (process: Process, steps: number) => number[];
  readonly sample: <T>(sampling: Sampling<T>) => T;
}

/** The sum of tensors of one shape. */
export const blendTensors: Blend<tf.Tensor> = (terms) => tf.addN(terms.map(([weight, x]) => tf.mul(x, weight)));

/** Where sampling starts: the first noise, as large as the process leaves it at the first time. */
export function startOf<T>({ process, times, noises, blend }: Sampling<T>): T {
  return blend([[process.sigma(times[0] as number), noises[0]]]);
}

/** Neighbouring times, each pair one step. */
export function intervals(times: readonly number[]): { readonly from: number; readonly to: number }[] {
  return times.slice(1).map((to, i) => ({ from: times[i] as number, to }));
}
