/**
 * What of a latent is the agent's own body, and what are things. Actions move the body at once, whatever else is the
 * case, so that a linear fit of one step's change of pose on the action explains most of it; things move by contact or
 * momentum, of which it explains little. Told apart in this way, from frames and actions alone, before any task is known:
 * contingency awareness (Bellemare, Veness and Bowling 2012; Choi et al. 2019).
 *
 * Where nothing moves at once (a cart that is pushed, a craft with engines), or nothing else is there, there is no such
 * division, and everything counts as things.
 */
import { ridgeSolver } from './ridge.ts';
import { latentSizeOfTrajectory, type Trajectory } from './trajectories.ts';

/** Share of a coordinate's change that actions must explain for it to be the body's. In between both are mixed. */
const BODY_SHARE = 0.3;

/** Coordinates of things that must be there for a division. */
const LEAST_THINGS = 4;

const PENALTY = 1e-6;

/** The steps that are looked at: enough for shares of two digits. */
const MOST_STEPS = 6000;

/** For every number of a latent 1 where it is of things, 0 where it is of the body: `[latent]`; motion as the pose. */
export function thingsOf(trajectories: readonly Trajectory[], poseSize: number): Float32Array {
  const shares = explainedShares(trajectories, poseSize);
  const pose = shares.map((share) => (share < BODY_SHARE ? 1 : 0));
  const count = pose.reduce<number>((sum, is) => sum + is, 0);
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const divided = count >= LEAST_THINGS && count < poseSize;
  return Float32Array.from({ length: size }, (_, i) => (divided ? (pose[i % poseSize] as number) : 1));
}

/** The share of each pose coordinate's variance from step to step that a linear function of the action explains. */
export function explainedShares(trajectories: readonly Trajectory[], poseSize: number): number[] {
  const actions: number[][] = [];
  const changes: number[][] = [];
  for (const { steps, latents, actions: taken } of trajectories) {
    const [size, width] = [latents.length / (steps + 1), taken.length / steps];
    for (let step = 0; step < steps && actions.length < MOST_STEPS; step++) {
      actions.push([1, ...taken.subarray(step * width, (step + 1) * width)]);
      const change = (i: number): number =>
        (latents[(step + 1) * size + i] as number) - (latents[step * size + i] as number);
      changes.push(Array.from({ length: poseSize }, (_, i) => change(i)));
    }
  }
  const solve = ridgeSolver(actions, PENALTY);
  return Array.from({ length: poseSize }, (_, i) => {
    const targets = changes.map((change) => change[i] as number);
    return shareExplained(actions, targets, solve(targets));
  });
}

/** R² of a linear fit; none of a coordinate that never changes. */
function shareExplained(features: readonly number[][], targets: readonly number[], fit: readonly number[]): number {
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  let [left, whole] = [0, 0];
  targets.forEach((target, n) => {
    const row = features[n] as number[];
    const guess = row.reduce((sum, value, i) => sum + value * (fit[i] as number), 0);
    left += (target - guess) ** 2;
    whole += (target - mean) ** 2;
  });
  return whole === 0 ? 0 : 1 - left / whole;
}
