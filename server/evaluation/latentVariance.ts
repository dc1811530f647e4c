/**
 * How widely latents are spread: the mean variance of their dimensions, which is what errors of prediction are measured
 * by.
 */
import { mean } from '../../shared/mean.ts';

/** @param latents one row a frame */
export function latentVariance(latents: readonly Float32Array[]): number {
  return mean(Array.from({ length: latents[0]?.length ?? 0 }, (_, i) => varianceAt(latents, i)));
}

function varianceAt(latents: readonly Float32Array[], dimension: number): number {
  const values = latents.map((latent) => latent[dimension] as number);
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}
