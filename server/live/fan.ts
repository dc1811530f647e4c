/**
 * The fan of a plan: for each iteration of the search, where a bounded number of its candidates lead, as
 * `candidatePaths.ts` finds it in the true physics. It is made only where a viewer asks for it, after the plan and its
 * pictures are there, and is measured apart from both. A search until a deadline may take many iterations: of those, a
 * bounded number is kept, the first and the last among them. Between iterations the thread goes to whoever waits.
 */
import { setImmediate } from 'node:timers/promises';
import { inWorld } from '../../envs/inWorld.ts';
import type { Clock } from '../../shared/clock.ts';
import { evenly } from '../../shared/evenly.ts';
import type { AgentPlan } from '../agent/agent.ts';
import type { CandidateSample } from '../agent/candidateSample.ts';
import { candidatePaths, type PathsRequest } from './candidatePaths.ts';

/** Candidates of each iteration. */
export const FAN_CANDIDATES = 32;
/** Iterations of a plan. */
export const FAN_ITERATIONS = 6;

export interface FanIteration {
  readonly count: number;
  /** The first so many paths are the elites', best first. */
  readonly elites: number;
  /** `[count, horizon + 1, 2]`: x and y in arena units. */
  readonly paths: Float32Array;
}

export interface Fan {
  /** Name of the shape whose paths they are. */
  readonly shape: string;
  readonly iterations: readonly FanIteration[];
  /** Milliseconds for the whole fan. */
  readonly fanMs: number;
}

export interface FanRequest extends Pick<PathsRequest, 'copy' | 'from' | 'shape'> {
  readonly plan: AgentPlan;
  readonly clock: Clock;
}

/**
 * Rolls out what the plan's search tried.
 * @throws WorldError when the physics breaks down.
 */
export async function fanOf({ copy, from, shape, plan, clock }: FanRequest): Promise<Fan> {
  const began = clock.now();
  const iterations: FanIteration[] = [];
  const { candidates: samples = [] } = plan;
  for (const index of evenly(samples.length, FAN_ITERATIONS)) {
    const sample = samples[index] as CandidateSample;
    await setImmediate();
    const { horizon } = plan;
    const paths = inWorld(copy.spec.id, () => candidatePaths({ copy, from, sample, horizon, shape }));
    iterations.push({ count: sample.count, elites: sample.elites, paths });
  }
  return { shape, iterations, fanMs: clock.now() - began };
}
