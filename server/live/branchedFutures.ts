/**
 * What would truly happen under each of several plans: their frames, stepped in a copy of the world from one snapshot,
 * so that the world of the episode is never touched. The work is a generator that rests after every step of the
 * physics, since it is done in the time that a server has to spare (`spareTime.ts`). The frame of a future that ends
 * the episode stays as it ended.
 */
import type { Frame } from '../../shared/frame.ts';
import { clamp } from '../../shared/space.ts';
import type { Snapshot, World } from '../../shared/world.ts';

export interface BranchRequest {
  /** A world of the same definition as the snapshot's; it is stepped. */
  readonly copy: World;
  readonly from: Snapshot;
  /** Actions of each future, `[horizon, action]`. */
  readonly plans: readonly Float32Array[];
  readonly horizon: number;
}

/** For each plan, the frame after each of its steps. */
export function* branchedFutures({ copy, from, plans, horizon }: BranchRequest): Generator<void, Frame[][]> {
  const futures: Frame[][] = [];
  for (const plan of plans) {
    const frames: Frame[] = [];
    const width = plan.length / horizon;
    let ended = false;
    copy.restore(from);
    for (let step = 0; step < horizon; step++) {
      if (!ended) {
        const action = Array.from(plan.subarray(step * width, (step + 1) * width));
        const { terminated, truncated } = copy.step(clamp(copy.spec.action, action));
        ended = terminated || truncated;
      }
      frames.push(Uint8Array.from(copy.frame()));
      yield;
    }
    futures.push(frames);
  }
  return futures;
}
