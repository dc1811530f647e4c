/**
 * The true physics as a learned encoder sees it: candidates are played in a world, and what is seen on the way is
 * encoded. With a cost on latents it shows what planning would be if the model's predictions were perfect and only its
 * latent were its own. Drawing and encoding every imagined step makes it a thousand times dearer than a learned model.
 */
import type { Frame } from '../../shared/frame.ts';
import type { Snapshot, World } from '../../shared/world.ts';
import type { Dynamics, Matrix, Rollout } from './contracts.ts';

export class SeenOracle implements Dynamics {
  readonly latentSize: number;
  private readonly eyes: Pick<Dynamics, 'latentSize' | 'encode'>;
  private readonly world: World;
  private readonly origin: Snapshot;
  /** What is seen there. */
  private present: Frame | undefined;

  /** Imagines with `world`, which nobody else steps, from the snapshot on. */
  constructor(eyes: Pick<Dynamics, 'latentSize' | 'encode'>, world: World, origin: Snapshot) {
    this.eyes = eyes;
    this.world = world;
    this.origin = origin;
    this.latentSize = eyes.latentSize;
  }

  encode(frames: readonly Frame[]): Promise<Matrix> {
    return this.eyes.encode(frames);
  }

  async rollout(_latent: Float32Array, actions: Float32Array, candidates: number, horizon: number): Promise<Rollout> {
    const width = actions.length / (candidates * horizon);
    const clips: Frame[] = []; // of each candidate: what is seen now, and after each step
    for (let candidate = 0; candidate < candidates; candidate++) {
      this.world.restore(this.origin);
      this.present ??= this.world.frame();
      clips.push(this.present);
      for (let t = 0; t < horizon; t++) {
        const row = candidate * horizon + t;
        this.world.step(Array.from(actions.subarray(row * width, (row + 1) * width)));
        clips.push(this.world.frame());
      }
    }
    const { data } = await this.eyes.encode(clips); // a clip's first frame follows another clip, and is left out
    const size = this.latentSize;
    const latents = new Float32Array(candidates * horizon * size);
    for (let candidate = 0; candidate < candidates; candidate++) {
      const first = candidate * (horizon + 1) + 1;
      latents.set(data.subarray(first * size, (first + horizon) * size), candidate * horizon * size);
    }
    return { candidates, horizon, latentSize: size, latents };
  }
}
