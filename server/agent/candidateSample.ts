/**
 * Some of the candidates that a solver tried in one iteration, so that a viewer can see it think. An iteration's own
 * arrays are valid only while it is observed and hold hundreds of plans; a sample is a copy, bounded by the viewer's
 * limit. Up to half of it are the best elites, best first; the rest are spread evenly over the other candidates in the
 * order in which the solver holds them, so that no draw of the solver's random numbers is disturbed.
 */
import type { Iteration } from '../../models/planning/contracts.ts';

export interface CandidateSample {
  /** Candidates in the sample. */
  readonly count: number;
  /** The first so many are elites, best first. */
  readonly elites: number;
  /** `[count, horizon, action]`. */
  readonly actions: Float32Array;
}

/** At most `limit` candidates of the iteration, a whole number of at least 1. */
export function sampleCandidates({ actions, costs, elites }: Iteration, limit: number): CandidateSample {
  const best = elites.slice(0, Math.ceil(limit / 2));
  const chosen = new Set(elites);
  const others = Array.from(costs.keys()).filter((candidate) => !chosen.has(candidate));
  const room = Math.min(limit - best.length, others.length);
  const spread = Array.from({ length: room }, (_, i) => others[Math.floor((i * others.length) / room)] as number);
  const size = actions.length / costs.length;
  const sample = new Float32Array((best.length + room) * size); // [count, horizon, action]
  for (const [row, candidate] of [...best, ...spread].entries())
    sample.set(actions.subarray(candidate * size, (candidate + 1) * size), row * size);
  return { count: best.length + room, elites: best.length, actions: sample };
}
