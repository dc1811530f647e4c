/**
 * Pairs for the temporal-distance head, from the frozen latents of whole episodes. Separations are half uniform and
 * half log-uniform up to the episode's length, so that near pairs are not drowned by far ones; some pairs join two
 * episodes and are labelled with the longest separation. A little noise on the first latent stands for the errors of
 * predicted ones.
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensors } from '../tensor/program.ts';
import { latentSizeOfTrajectory, type Trajectory } from './trajectories.ts';

export interface DistancePairsConfig {
  readonly batch: number;
  /** Share of pairs that join two episodes. */
  readonly crossEpisode: number;
  /** Deviation of the noise on standardised latents. */
  readonly noise: number;
}

export const defaultDistancePairsConfig: DistancePairsConfig = { batch: 512, crossEpisode: 0.2, noise: 0.03 };

/** Draws a batch for `temporalDistanceLoss`; `unit` is the number of steps of one unit of the head's output. */
export function drawDistancePairs(
  trajectories: readonly Trajectory[],
  unit: number,
  config: DistancePairsConfig,
  random: Random,
): HostTensors {
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const longest = Math.max(...trajectories.map(({ steps }) => steps));
  const from = new Float32Array(config.batch * size);
  const to = new Float32Array(config.batch * size);
  const steps = new Float32Array(config.batch);
  for (let i = 0; i < config.batch; i++) {
    const first = random.choice(trajectories);
    const last = first.steps;
    const across = random.chance(config.crossEpisode);
    const second = across ? random.choice(trajectories) : first;
    const separation = across ? longest : drawSeparation(last, random);
    const start = across ? random.integer(last + 1) : random.integer(last - separation + 1);
    const end = across ? random.integer(second.steps + 1) : start + separation;
    from.set(first.latents.subarray(start * size, (start + 1) * size), i * size);
    to.set(second.latents.subarray(end * size, (end + 1) * size), i * size);
    steps[i] = separation / unit;
  }
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) + config.noise * random.normal();
  const shape = [config.batch, size];
  return { from: float32(from, shape), to: float32(to, shape), steps: float32(steps, [config.batch]) };
}

/** Half uniform, half log-uniform up to the longest. */
export function drawSeparation(longest: number, random: Random): number {
  if (random.chance(0.5)) return random.integer(longest + 1);
  return Math.min(longest, Math.floor(Math.exp(random.uniform(0, Math.log(longest + 1)))));
}
