/**
 * The true physics behind the contract of a learned model, so that an oracle row of an evaluation is the same solver
 * with another `Dynamics`. A latent is the list of the world's state quantities; the start is the snapshot of a world
 * that the evaluation steps.
 *
 * One world imagines all candidates, one after the other, returned to the start before each. Restoring a snapshot
 * costs a fraction of a step, so a world for every candidate would gain nothing and leave the cache.
 */
import type { Snapshot, State, World } from '../../shared/world.ts';
import type { Dynamics, Objective } from './contracts.ts';

/** A dynamics that imagines with `world`, a world of its own that nobody else steps. */
export class OracleDynamics implements Dynamics {
  readonly latentSize: number;
  private readonly world: World;
  private readonly names: readonly string[];
  private origin: Snapshot | undefined;

  constructor(world: World) {
    this.world = world;
    this.names = Object.keys(world.spec.quantities);
    this.latentSize = this.names.length;
  }

  /** Rollouts begin from this snapshot until another is given. */
  startFrom(snapshot: Snapshot): void {
    this.origin = snapshot;
  }

  async encode(): Promise<never> {
    throw new TypeError('the oracle plans from snapshots: call startFrom, frames mean nothing to it');
  }

  async rollout(_latent: Float32Array, actions: Float32Array, candidates: number, horizon: number) {
    if (!this.origin) throw new TypeError('the oracle has no snapshot to start from: call startFrom first');
    const width = actions.length / (candidates * horizon);
    const latents = new Float32Array(candidates * horizon * this.latentSize);
    for (let candidate = 0; candidate < candidates; candidate++) {
      this.world.restore(this.origin);
      for (let t = 0; t < horizon; t++) {
        const row = candidate * horizon + t;
        this.world.step(Array.from(actions.subarray(row * width, (row + 1) * width)));
        this.writeLatent(this.world.state(), latents, row * this.latentSize);
      }
    }
    return { candidates, horizon, latentSize: this.latentSize, latents };
  }

  /** The quantities in the spec's order. */
  toLatent(state: State): Float32Array {
    const latent = new Float32Array(this.latentSize);
    this.writeLatent(state, latent, 0);
    return latent;
  }

  /** The state that a latent stands for. */
  toState(latent: Float32Array): State {
    const state: Record<string, number> = {};
    for (let i = 0; i < this.names.length; i++) state[this.names[i] as string] = latent[i] as number;
    return state;
  }

  private writeLatent(state: State, to: Float32Array, at: number): void {
    for (let i = 0; i < this.names.length; i++) to[at + i] = state[this.names[i] as string] as number;
  }
}

/** The world's own distance to the goal, averaged over the steps, plus the last step's. */
export function trueDistance(world: World, dynamics: OracleDynamics, goal: State): Objective {
  return {
    cost: async ({ candidates, horizon, latentSize, latents }) =>
      Float32Array.from({ length: candidates }, (_, candidate) => {
        let sum = 0;
        let last = 0;
        for (let t = 0; t < horizon; t++) {
          const row = candidate * horizon + t;
          last = world.distance(dynamics.toState(latents.subarray(row * latentSize, (row + 1) * latentSize)), goal);
          sum += last;
        }
        return sum / horizon + last;
      }),
  };
}
