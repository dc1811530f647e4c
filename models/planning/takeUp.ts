/**
 * How a search in a box begins from what a learned policy proposes (TD-MPC2, Hansen et al. 2024, §3.3, where some of the
 * candidates are the policy's): half of its first candidates are about the warm start as ever, the others about the
 * proposals.
 */
import type { Box } from '../../shared/space.ts';
import { clipped, firstMean } from './searchUnits.ts';

/** How far candidates deviate from a proposal, as a share of how far they deviate from the mean. */
const SPREAD = 0.5;

/**
 * Moves the second half of `samples` `[candidates, horizon · action]`, drawn about `mean`, to the proposals in turn. The
 * first about each is the proposal itself. Proposals are in the space's own units, `[steps, action]` each, and fitted to
 * the horizon as a warm start is.
 */
export function takeUp(
  samples: Float32Array,
  mean: Float32Array,
  proposals: readonly Float32Array[],
  space: Box,
): void {
  if (proposals.length === 0) return;
  const size = mean.length;
  const candidates = samples.length / size;
  const moved = Math.floor(candidates / 2);
  const centres = proposals.map((proposal) => firstMean(proposal, space, size));
  for (let k = 0; k < moved; k++) {
    const centre = centres[k % centres.length] as Float32Array;
    const spread = k < centres.length ? 0 : SPREAD;
    const offset = (candidates - moved + k) * size;
    for (let i = 0; i < size; i++) {
      const deviation = (samples[offset + i] as number) - (mean[i] as number);
      samples[offset + i] = clipped((centre[i] as number) + spread * deviation);
    }
  }
}
