/**
 * What a latent says about the state: a ridge regression from latents to each named quantity, fitted on half of the
 * episodes and judged on the other by R². Angles are probed by sine and cosine. The probe is a measurement; nothing is
 * trained from it.
 */

import { ridgeSolver } from '../../models/latent/ridge.ts';
import type { Dynamics } from '../../models/planning/contracts.ts';
import type { WorldSpec } from '../../shared/world.ts';
import { type Episode, framesOf } from '../data/episodes.ts';
import { rSquared } from './rSquared.ts';
import { targetsOf } from './stateTargets.ts';

const RIDGE = 1e-4;

/** Latents with the states that they stand for. */
export interface ProbeSet {
  /** One row a frame. */
  readonly latents: readonly Float32Array[];
  /** `[frames, quantities]` in the spec's order. */
  readonly states: Float64Array;
}

/** From a latent to every target, in the order of `targetsOf`. */
export type Readout = (latent: Float32Array) => number[];

/** R² of each quantity on held-out frames; `name.sin` and `name.cos` for angles. */
export async function linearProbe(
  dynamics: Pick<Dynamics, 'encode'>,
  spec: WorldSpec,
  episodes: readonly Episode[],
): Promise<Record<string, number>> {
  const half = Math.ceil(episodes.length / 2);
  const readout = fitLinear(spec, await encodedSet(dynamics, episodes.slice(0, half)));
  return judge(readout, spec, await encodedSet(dynamics, episodes.slice(half)));
}

/** The frames of the episodes, encoded. */
export async function encodedSet(dynamics: Pick<Dynamics, 'encode'>, episodes: readonly Episode[]): Promise<ProbeSet> {
  const latents: Float32Array[] = [];
  const states: number[] = [];
  for (const episode of episodes) {
    const { data, columns, rows } = await dynamics.encode(framesOf(episode));
    for (let row = 0; row < rows; row++) latents.push(data.subarray(row * columns, (row + 1) * columns));
    for (const value of episode.states) states.push(value);
  }
  return { latents, states: Float64Array.from(states) };
}

/** The linear readout that fits the set best. */
export function fitLinear(spec: WorldSpec, { latents, states }: ProbeSet): Readout {
  const solve = ridgeSolver(
    latents.map((latent) => [...latent, 1]),
    RIDGE,
  );
  const weights = targetsOf(spec, states).map(({ values }) => Float64Array.from(solve(values)));
  return (latent) =>
    weights.map((row) => {
      let sum = row[latent.length] as number;
      for (let i = 0; i < latent.length; i++) sum += (latent[i] as number) * (row[i] as number);
      return sum;
    });
}

/** R² of each target on a set that the readout was not fitted to. */
export function judge(readout: Readout, spec: WorldSpec, { latents, states }: ProbeSet): Record<string, number> {
  const guesses = latents.map((latent) => readout(latent));
  return Object.fromEntries(
    targetsOf(spec, states).map(({ name, values }, i) => [
      name,
      rSquared(
        guesses.map((row) => row[i] as number),
        values,
      ),
    ]),
  );
}
