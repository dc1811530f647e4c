/**
 * What of a latent is the agent's own body, and what are things. Actions move the body at once, whatever else is the
 * case, so that a linear fit of one step's change of pose on the action explains most of it; things move by contact or
 * momentum, of which it explains little. Told apart in this way, from frames and actions alone, before any task is known:
 * contingency awareness (Bellemare, Veness and Bowling 2012; Choi et al. 2019).
 *
 * A keypoint that found nothing to lie on flits about, and is neither.
 *
 * Where nothing moves at once (a cart that is pushed, a craft with engines), or nothing else is there, there is no such
 * division, and everything counts as things.
 */
import { mean } from '../../shared/mean.ts';
import { ridgeSolver } from './ridge.ts';
import { latentSizeOfTrajectory, type Trajectory } from './trajectories.ts';

/** Share of a coordinate's change that actions must explain for it to be the body's. In between both are mixed. */
const BODY_SHARE = 0.3;

/** How far a thing moves in a step, at most, in its coordinate's deviations; more is flitting. */
const MOST_CHANGE = 0.36;

/** Coordinates of things that must be there for a division. */
const LEAST_THINGS = 4;

const PENALTY = 1e-6;

/** The steps that are looked at: enough for shares of two digits. */
const MOST_STEPS = 6000;

/** For every number of a latent 1 where it is of things, 0 where it is of the body: `[latent]`; motion as the pose. */
export function thingsOf(trajectories: readonly Trajectory[], poseSize: number): Float32Array {
  const changes = coordinateChanges(trajectories, poseSize);
  const pose = changes.map(({ explained, size }) => (explained < BODY_SHARE && size <= MOST_CHANGE ? 1 : 0));
  const count = pose.reduce<number>((sum, is) => sum + is, 0);
  const body = changes.some(({ explained }) => explained >= BODY_SHARE);
  const size = latentSizeOfTrajectory(trajectories[0] as Trajectory);
  const divided = body && count >= LEAST_THINGS;
  return Float32Array.from({ length: size }, (_, i) => (divided ? (pose[i % poseSize] as number) : 1));
}

export interface CoordinateChange {
  /** Share of its variance from step to step that a linear function of the action explains. */
  readonly explained: number;
  /** Its root mean square, in deviations of the coordinate. */
  readonly size: number;
}

/** How each pose coordinate changes from one step to the next. */
export function coordinateChanges(trajectories: readonly Trajectory[], poseSize: number): CoordinateChange[] {
  const actions: number[][] = [];
  const before: Float32Array[] = [];
  const after: Float32Array[] = [];
  for (const { steps, latents, actions: taken } of trajectories) {
    const [size, width] = [latents.length / (steps + 1), taken.length / steps];
    const pose = (step: number): Float32Array => latents.subarray(step * size, step * size + poseSize);
    for (let step = 0; step < steps && actions.length < MOST_STEPS; step++) {
      actions.push([1, ...taken.subarray(step * width, (step + 1) * width)]);
      before.push(pose(step));
      after.push(pose(step + 1));
    }
  }
  const solve = ridgeSolver(actions, PENALTY);
  return Array.from({ length: poseSize }, (_, i) => {
    const values = before.map((pose) => pose[i] as number);
    const changes = values.map((value, n) => ((after[n] as Float32Array)[i] as number) - value);
    const deviation = Math.sqrt(mean(squares(centred(values))));
    const size = deviation === 0 ? 0 : Math.sqrt(mean(squares(changes))) / deviation;
    return { explained: shareExplained(actions, changes, solve(changes)), size };
  });
}

function centred(values: readonly number[]): number[] {
  const middle = mean(values);
  return values.map((value) => value - middle);
}

function squares(values: readonly number[]): number[] {
  return values.map((value) => value ** 2);
}

/** R² of a linear fit; none of a coordinate that never changes. */
function shareExplained(features: readonly number[][], targets: readonly number[], fit: readonly number[]): number {
  const whole = mean(squares(centred(targets)));
  const guess = (row: readonly number[]): number => row.reduce((sum, value, i) => sum + value * (fit[i] as number), 0);
  const left = targets.map((target, n) => target - guess(features[n] as number[]));
  return whole === 0 ? 0 : 1 - mean(squares(left)) / whole;
}
