/**
 * What the proposal learns from: a moment of the agent's own play, a later one as its goal, and what was done in between.
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensors } from '../tensor/program.ts';
import { type DistancePairsConfig, disturb, drawSeparation } from './distancePairs.ts';
import { latentSizeOfTrajectory, type Trajectory } from './trajectories.ts';

/** Draws a batch for `proposalLoss`, of sequences of `steps` steps; those after the goal do not count. */
export function drawProposalPairs(
  trajectories: readonly Trajectory[],
  steps: number,
  { batch, noise }: Pick<DistancePairsConfig, 'batch' | 'noise'>,
  random: Random,
): HostTensors {
  const [first] = trajectories as [Trajectory, ...Trajectory[]];
  const size = latentSizeOfTrajectory(first);
  const width = first.actions.length / first.steps;
  const from = new Float32Array(batch * size);
  const to = new Float32Array(batch * size);
  const actions = new Float32Array(batch * steps * width);
  const counted = new Float32Array(batch * steps);
  for (let i = 0; i < batch; i++) {
    const trajectory = random.choice(trajectories);
    const separation = Math.max(1, drawSeparation(trajectory.steps, random));
    const start = random.integer(trajectory.steps - separation + 1);
    const end = start + separation;
    const led = Math.min(steps, separation);
    from.set(trajectory.latents.subarray(start * size, (start + 1) * size), i * size);
    to.set(trajectory.latents.subarray(end * size, (end + 1) * size), i * size);
    actions.set(trajectory.actions.subarray(start * width, (start + led) * width), i * steps * width);
    counted.fill(1, i * steps, i * steps + led);
  }
  disturb(from, noise, random);
  return {
    from: float32(from, [batch, size]),
    to: float32(to, [batch, size]),
    actions: float32(actions, [batch, steps, width]),
    counted: float32(counted, [batch, steps]),
  };
}
