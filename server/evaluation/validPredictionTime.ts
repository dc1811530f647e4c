/**
 * Valid prediction time: how many steps ahead an open-loop prediction stays useful, as in the study of chaotic systems
 * (Vlachas et al. 2020, §4.2): until the error first exceeds 0.4 deviations of the latents. Censored at the horizon, so
 * that a mean near the horizon says "at least".
 */
import type { Dynamics } from '../../models/planning/contracts.ts';
import { Random } from '../../shared/random.ts';
import type { Episode } from '../data/episodes.ts';
import { latentVariance } from './latentVariance.ts';
import type { ProbeSet } from './linearProbe.ts';

/** Error in deviations of the latents. */
const TOLERANCE = 0.4;
const STARTS = 3;

export interface ValidPredictionTime {
  /** Steps, averaged over starts. */
  readonly steps: number;
  readonly seconds: number;
  /** Steps after which nobody looked on. */
  readonly horizon: number;
}

/** @param encoded the episodes' frames encoded, one after another */
export async function validPredictionTime(
  dynamics: Dynamics,
  episodes: readonly Episode[],
  encoded: ProbeSet,
  stepSeconds: number,
  horizon: number,
  seed: number,
): Promise<ValidPredictionTime> {
  const random = new Random(seed).fork('valid prediction time');
  const limit = TOLERANCE ** 2 * dynamics.latentSize * latentVariance(encoded.latents);
  let [total, count, first] = [0, 0, 0];
  for (const { steps, actions } of episodes) {
    const width = actions.length / steps;
    for (let repeat = 0; repeat < STARTS; repeat++) {
      const start = random.integer(steps - horizon + 1);
      const from = Float32Array.from(encoded.latents[first + start] as Float32Array);
      const { latents } = await dynamics.rollout(
        from,
        actions.slice(start * width, (start + horizon) * width),
        1,
        horizon,
      );
      let valid = 0;
      while (valid < horizon) {
        const predicted = latents.subarray(valid * dynamics.latentSize, (valid + 1) * dynamics.latentSize);
        const truth = encoded.latents[first + start + valid + 1] as Float32Array;
        if (predicted.reduce((sum, value, i) => sum + (value - (truth[i] as number)) ** 2, 0) > limit) break;
        valid++;
      }
      total += valid;
      count++;
    }
    first += steps + 1;
  }
  return { steps: total / count, seconds: (total / count) * stepSeconds, horizon };
}
