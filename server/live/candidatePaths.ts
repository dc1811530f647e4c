/**
 * Where the candidates of a search lead: the path of one body, in arena units, under each candidate's actions. They are
 * the *true* physics, stepped in a copy of the world from a snapshot, and not what the agent imagines: a latent has no
 * coordinates of its own, and a readout's error would look like the planner's. A candidate that the agent thinks good
 * and that leads astray therefore shows a fault of its model. The copy is the caller's and is left where the last
 * candidate ended; the world of the episode is never touched.
 */
import { WorldError } from '../../shared/errors.ts';
import { clamp } from '../../shared/space.ts';
import type { Snapshot, World } from '../../shared/world.ts';
import type { CandidateSample } from '../agent/candidateSample.ts';

export interface PathsRequest {
  /** A world of the same definition as the snapshot's; it is stepped. */
  readonly copy: World;
  readonly from: Snapshot;
  readonly sample: CandidateSample;
  readonly horizon: number;
  /** Name of the shape to follow: the first of that name in the scene. */
  readonly shape: string;
}

/**
 * `[count, horizon + 1, 2]`: x and y, the start included. The path of a candidate that ends the episode stays where it
 * ended.
 * @throws WorldError when the scene has no such shape.
 */
export function candidatePaths({ copy, from, sample, horizon, shape }: PathsRequest): Float32Array {
  const { count, actions } = sample;
  const dimensions = count === 0 ? 0 : actions.length / (count * horizon);
  const paths = new Float32Array(count * (horizon + 1) * 2);
  let written = 0;
  for (let candidate = 0; candidate < count; candidate++) {
    copy.restore(from);
    let ended = false;
    for (let step = 0; step <= horizon; step++) {
      if (step > 0 && !ended) {
        const at = (candidate * horizon + step - 1) * dimensions;
        const { terminated, truncated } = copy.step(
          clamp(copy.spec.action, Array.from(actions.subarray(at, at + dimensions))),
        );
        ended = terminated || truncated;
      }
      paths.set(positionOf(copy, shape), written);
      written += 2;
    }
  }
  return paths;
}

function positionOf(world: World, name: string): [x: number, y: number] {
  const scene = world.scene();
  const found = scene.find((shape) => shape.name === name);
  if (found !== undefined) return [found.pose.x, found.pose.y];
  const names = scene.map((shape) => shape.name).join(', ');
  throw new WorldError(`the scene of '${world.spec.id}' has no shape '${name}'; follow one of ${names}`);
}
