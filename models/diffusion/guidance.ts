/**
 * Classifier-free guidance (Ho and Salimans 2022, arXiv 2207.12598): a network that was trained without its latent now
 * and then answers with it and without, and what the latent adds is exaggerated by a weight w,
 *
 * x̂ = x̂(z, none) + w · (x̂(z, latent) − x̂(z, none)).
 *
 * At w = 1 it is the plain answer and costs one call; any other weight costs two. In x̂ or in noise, guidance is the
 * same line, since one is linear in the other.
 */
import type * as tf from '@tensorflow/tfjs';
import { type Combine, combineTensors } from './cosine/ddim.ts';
import type { Denoise } from './cosine/ddimSampler.ts';

/** The guided answer from the answers with the latent and without. */
export function guided<T>(told: T, untold: T, weight: number, combine: Combine<T>): T {
  return combine([weight, 1 - weight], told, untold);
}

/** A denoiser guided by another that is not told the latent. */
export function guidedBy(told: Denoise<tf.Tensor>, untold: Denoise<tf.Tensor>, weight: number): Denoise<tf.Tensor> {
  return (noisy, time) => guided(told(noisy, time), untold(noisy, time), weight, combineTensors);
}
