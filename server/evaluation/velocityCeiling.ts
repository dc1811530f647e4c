/**
 * What two frames tell if they are read without error: the exact pose of every body, and its change since the frame
 * before. Probes of it are the ceiling for velocities: after a bounce within a step, the change of place no longer says
 * how fast a body is now, however sharp the eye.
 */
import { wrapAngle } from '../../envs/angle.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { WorldSpec } from '../../shared/world.ts';
import type { Episode } from '../data/episodes.ts';
import type { ProbeSet } from './linearProbe.ts';
import { mlpProbe } from './mlpProbe.ts';

/** R² of an MLP that reads each velocity from exact frames, after fitting to `fitted`. */
export async function velocityCeiling(
  engine: Engine,
  spec: WorldSpec,
  fitted: readonly Episode[],
  judged: readonly Episode[],
  seed: number,
): Promise<Record<string, number>> {
  const kinds = Object.values(spec.quantities).map(({ kind }) => kind);
  const posed = kinds.includes('position') || kinds.includes('angle');
  if (!posed || !kinds.includes('velocity')) return {};
  const [scores = {}] = await mlpProbe(engine, spec, exactSet(spec, fitted), [exactSet(spec, judged)], seed);
  return Object.fromEntries(Object.entries(scores).filter(([name]) => spec.quantities[name]?.kind === 'velocity'));
}

/** Poses and their changes in place of latents; nothing moved before an episode's first frame. */
export function exactSet(spec: WorldSpec, episodes: readonly Episode[]): ProbeSet {
  const kinds = Object.values(spec.quantities).map(({ kind }) => kind);
  const latents: Float32Array[] = [];
  const states: number[] = [];
  for (const episode of episodes) {
    let before = episode.states.subarray(0, kinds.length);
    for (let step = 0; step <= episode.steps; step++) {
      const now = episode.states.subarray(step * kinds.length, (step + 1) * kinds.length);
      latents.push(Float32Array.from(posesAndChanges(kinds, now, before)));
      for (const value of now) states.push(value);
      before = now;
    }
  }
  return { latents, states: Float64Array.from(states) };
}

function posesAndChanges(kinds: readonly string[], now: Float64Array, before: Float64Array): number[] {
  return kinds.flatMap((kind, i) => {
    const [value, last] = [now[i] as number, before[i] as number];
    if (kind === 'position') return [value, value - last];
    if (kind !== 'angle') return [];
    return [Math.sin(value), Math.cos(value), wrapAngle(value - last)];
  });
}
