/**
 * Pairs that learned distances are taught by, from the frozen latents of whole episodes: a moment, a later one as its
 * goal, and how long it took until the goal was *first* met. An agent that stands at its goal is there all the while, and
 * the steps that it stood are no distance. Separations are half uniform and half log-uniform up to the episode's length,
 * so that near pairs are not drowned by far ones; some pairs join two episodes and are labelled with the longest
 * separation, unless they are alike. A little noise on the first latent stands for the errors of predicted ones.
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensors } from '../tensor/program.ts';
import { MOTION_SCALE } from './motion.ts';
import { latentSizeOfTrajectory, type Trajectory } from './trajectories.ts';

export interface DistancePairsConfig {
  readonly batch: number;
  /** Share of pairs that join two episodes. */
  readonly crossEpisode: number;
  /** Deviation of the noise on standardised latents. */
  readonly noise: number;
  /** Mean squared difference of standardised coordinates, and of their change in a step, below which moments are alike. */
  readonly alike: number;
}

export const defaultDistancePairsConfig: DistancePairsConfig = {
  batch: 512,
  crossEpisode: 0.2,
  noise: 0.03,
  alike: 0.002,
};

/** Whether a moment is where a goal is, both `[latent]`. */
export type Alike = (latent: Float32Array, goal: Float32Array) => boolean;

export interface ArrivalPairs {
  /** `[batch, latent]`. */
  readonly from: Float32Array;
  /** `[batch, latent]`. */
  readonly to: Float32Array;
  /** `[batch]`, steps until the goal is first met. */
  readonly arrivals: Float32Array;
}

/** Draws a batch for `temporalDistanceLoss`; `unit` is the number of steps of one unit of the head's output. */
export function drawDistancePairs(
  trajectories: readonly Trajectory[],
  poseSize: number,
  unit: number,
  config: DistancePairsConfig,
  random: Random,
): HostTensors {
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const { from, to, arrivals } = drawArrivalPairs(trajectories, momentsAlike(size, poseSize, config), config, random);
  const shape = [config.batch, size];
  return {
    from: float32(from, shape),
    to: float32(to, shape),
    steps: float32(
      arrivals.map((steps) => steps / unit),
      [config.batch],
    ),
  };
}

/** Draws moments, goals and the steps between them. */
export function drawArrivalPairs(
  trajectories: readonly Trajectory[],
  alike: Alike,
  { batch, crossEpisode, noise }: DistancePairsConfig,
  random: Random,
): ArrivalPairs {
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const longest = Math.max(...trajectories.map(({ steps }) => steps));
  const latentOf = ({ latents }: Trajectory, step: number): Float32Array =>
    latents.subarray(step * size, (step + 1) * size);
  const from = new Float32Array(batch * size);
  const to = new Float32Array(batch * size);
  const arrivals = new Float32Array(batch);
  for (let i = 0; i < batch; i++) {
    const first = random.choice(trajectories);
    const across = random.chance(crossEpisode);
    const second = across ? random.choice(trajectories) : first;
    const separation = across ? longest : drawSeparation(first.steps, random);
    const start = across ? random.integer(first.steps + 1) : random.integer(first.steps - separation + 1);
    const end = across ? random.integer(second.steps + 1) : start + separation;
    const goal = latentOf(second, end);
    let arrival = 0;
    if (across) arrival = alike(latentOf(first, start), goal) ? 0 : longest;
    else while (arrival < separation && !alike(latentOf(first, start + arrival), goal)) arrival++;
    from.set(latentOf(first, start), i * size);
    to.set(goal, i * size);
    arrivals[i] = arrival;
  }
  disturb(from, noise, random);
  return { from, to, arrivals };
}

/** Adds noise of a deviation, as the errors of predicted latents would. */
export function disturb(latents: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < latents.length; i++) latents[i] = (latents[i] as number) + deviation * random.normal();
}

/** Alike in pose and, where latents have it, in motion. */
function momentsAlike(size: number, poseSize: number, { alike }: DistancePairsConfig): Alike {
  const coordinates = Array.from({ length: size }, (_, i) => i);
  const [pose, motion] = [coordinates.slice(0, poseSize), coordinates.slice(poseSize)];
  return (latent, goal) =>
    meanSquare(latent, goal, pose) < alike &&
    (motion.length === 0 || meanSquare(latent, goal, motion) < alike * MOTION_SCALE ** 2);
}

/** Of the differences of some numbers of two latents. */
export function meanSquare(a: Float32Array, b: Float32Array, coordinates: readonly number[]): number {
  let sum = 0;
  for (const i of coordinates) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum / coordinates.length;
}

/** Half uniform, half log-uniform up to the longest. */
export function drawSeparation(longest: number, random: Random): number {
  if (random.chance(0.5)) return random.integer(longest + 1);
  return Math.min(longest, Math.floor(Math.exp(random.uniform(0, Math.log(longest + 1)))));
}
