/**
 * Pairs for the distance to things (`thingDistance.ts`), from the frozen latents of whole episodes: a moment, a later
 * one as its goal, and how long it took until the things were first where the goal has them, which is often sooner than
 * the goal itself. Separations are drawn as for the temporal distance, pairs of two episodes count as far apart unless
 * their things lie alike, and a little noise on the first latent stands for the errors of predicted ones.
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensors } from '../tensor/program.ts';
import { type DistancePairsConfig, defaultDistancePairsConfig, drawSeparation } from './distancePairs.ts';
import { latentSizeOfTrajectory, type Trajectory } from './trajectories.ts';

export interface ThingPairsConfig extends DistancePairsConfig {
  /** Mean squared difference of standardised coordinates below which things lie alike. */
  readonly alike: number;
}

export const defaultThingPairsConfig: ThingPairsConfig = { ...defaultDistancePairsConfig, alike: 0.002 };

/** Draws a batch for `thingDistanceLoss`; `things` `[latent]` as `thingsOf` gives it, `poseSize` numbers of it a pose. */
export function drawThingPairs(
  trajectories: readonly Trajectory[],
  things: Float32Array,
  poseSize: number,
  config: ThingPairsConfig,
  random: Random,
): HostTensors {
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const longest = Math.max(...trajectories.map(({ steps }) => steps));
  const coordinates = Array.from({ length: poseSize }, (_, i) => i).filter((i) => things[i] === 1);
  const latentOf = ({ latents }: Trajectory, step: number): Float32Array =>
    latents.subarray(step * size, (step + 1) * size);
  const alike = (a: Float32Array, b: Float32Array): boolean => meanSquare(a, b, coordinates) < config.alike;

  const from = new Float32Array(config.batch * size);
  const to = new Float32Array(config.batch * size);
  const distance = new Float32Array(config.batch);
  for (let i = 0; i < config.batch; i++) {
    const first = random.choice(trajectories);
    const across = random.chance(config.crossEpisode);
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
    distance[i] = Math.log1p(arrival);
  }
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) + config.noise * random.normal();
  const shape = [config.batch, size];
  return {
    from: float32(from, shape),
    to: float32(to, shape),
    things: float32(things, [size]),
    distance: float32(distance, [config.batch]),
  };
}

function meanSquare(a: Float32Array, b: Float32Array, coordinates: readonly number[]): number {
  let sum = 0;
  for (const i of coordinates) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum / coordinates.length;
}
