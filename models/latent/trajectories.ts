/**
 * Episodes as the frozen encoder sees them: latents and the actions between them. A latent is sixty times smaller than
 * its frame, so that stages that need no pixels (dynamics, temporal distance) learn from many more episodes than the
 * encoder did.
 */
import type { Random } from '../../shared/random.ts';
import { float32, type HostTensors, type Signature } from '../tensor/program.ts';

/** One episode: `latents` `[steps + 1, latent]`, `actions` `[steps, features]` as `actionFeatures.ts` makes them. */
export interface Trajectory {
  readonly steps: number;
  readonly latents: Float32Array;
  readonly actions: Float32Array;
}

/** Numbers in a latent of the trajectory. */
export function latentSizeOfTrajectory({ latents, steps }: Trajectory): number {
  return latents.length / (steps + 1);
}

/** Windows of `horizon` steps: `latents` `[batch, horizon + 1, latent]`, `actions` `[batch, horizon, action]`. */
export function trajectoryWindowSignature(
  batch: number,
  horizon: number,
  latentSize: number,
  actionSize: number,
): Signature {
  return { latents: { shape: [batch, horizon + 1, latentSize] }, actions: { shape: [batch, horizon, actionSize] } };
}

/** Draws windows uniformly over all episodes and starts. */
export function drawTrajectoryWindows(
  trajectories: readonly Trajectory[],
  batch: number,
  horizon: number,
  random: Random,
): HostTensors {
  const [first] = trajectories as [Trajectory, ...Trajectory[]];
  const size = latentSizeOfTrajectory(first);
  const width = first.actions.length / first.steps;
  const latents = new Float32Array(batch * (horizon + 1) * size);
  const actions = new Float32Array(batch * horizon * width);
  for (let window = 0; window < batch; window++) {
    const trajectory = random.choice(trajectories);
    const start = random.integer(trajectory.steps - horizon + 1);
    latents.set(trajectory.latents.subarray(start * size, (start + horizon + 1) * size), window * (horizon + 1) * size);
    actions.set(trajectory.actions.subarray(start * width, (start + horizon) * width), window * horizon * width);
  }
  return {
    latents: float32(latents, [batch, horizon + 1, size]),
    actions: float32(actions, [batch, horizon, width]),
  };
}
