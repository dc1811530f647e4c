/**
 * The dream is a world too: a learned model behind the same `reset`, `step` and `frame` as the physics it was learned
 * from, so that whoever plays, records or watches never asks which of the two it holds (after DIAMOND's
 * `world_model_env.py`). An episode begins with the true world's first frame; from then on nothing is true: every step
 * is a prediction from the last prediction, and every frame is painted from it.
 */
import type { Frame } from '../../shared/frame.ts';
import type { Action } from '../../shared/space.ts';
import type { Awaitable, Playable, StepResult, WorldSpec } from '../../shared/world.ts';
import type { Dynamics, Matrix } from '../planning/contracts.ts';

export interface DreamWorldParts {
  /** Where first frames come from: the true world, or a recording. */
  readonly truth: Pick<Playable, 'spec' | 'reset' | 'frame'>;
  readonly dynamics: Dynamics;
  /** One frame for each latent. */
  readonly paint: (latents: Matrix) => Awaitable<readonly Frame[]>;
}

export class DreamWorld implements Playable {
  readonly spec: WorldSpec;
  private readonly parts: DreamWorldParts;
  private latent: Float32Array | undefined;
  private steps = 0;

  constructor(parts: DreamWorldParts) {
    this.parts = parts;
    this.spec = parts.truth.spec;
  }

  /** Begins a dream from the first frame of the true episode that the seed determines. */
  async reset(seed: number): Promise<void> {
    const { truth, dynamics } = this.parts;
    await truth.reset(seed);
    this.latent = (await dynamics.encode([await truth.frame()])).data;
    this.steps = 0;
  }

  /** Imagines one step; a dream ends only when its budget is spent. */
  async step(action: Action): Promise<StepResult> {
    const rollout = await this.parts.dynamics.rollout(this.dreamt(), Float32Array.from(action), 1, 1);
    this.latent = rollout.latents;
    this.steps++;
    return { terminated: false, truncated: this.steps >= this.spec.budget };
  }

  async frame(): Promise<Frame> {
    const data = this.dreamt();
    const [frame] = await this.parts.paint({ rows: 1, columns: data.length, data });
    return frame as Frame;
  }

  private dreamt(): Float32Array {
    if (!this.latent) throw new TypeError('this dream has not begun: call reset first');
    return this.latent;
  }
}
