/**
 * Pairs for the distance to things (`thingDistance.ts`), from the frozen latents of whole episodes: a moment, a later
 * one as its goal, and how long it took until the things were first where the goal has them, which is often sooner than
 * the goal itself (`distancePairs.ts`, where moments are alike when their things lie alike).
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensors } from '../tensor/program.ts';
import { type Alike, type DistancePairsConfig, drawArrivalPairs, meanSquare } from './distancePairs.ts';
import type { Trajectory } from './trajectories.ts';

/** Draws a batch for `thingDistanceLoss`; `things` `[latent]` as `thingsOf` gives it, `poseSize` numbers of it a pose. */
export function drawThingPairs(
  trajectories: readonly Trajectory[],
  things: Float32Array,
  poseSize: number,
  config: DistancePairsConfig,
  random: Random,
): HostTensors {
  const coordinates = Array.from({ length: poseSize }, (_, i) => i).filter((i) => things[i] === 1);
  const thingsAlike: Alike = (latent, goal) => meanSquare(latent, goal, coordinates) < config.alike;
  const { from, to, arrivals } = drawArrivalPairs(trajectories, thingsAlike, config, random);
  const shape = [config.batch, things.length];
  return {
    from: float32(from, shape),
    to: float32(to, shape),
    things: float32(things, [things.length]),
    distance: float32(arrivals.map(Math.log1p), [config.batch]),
  };
}
