/**
 * What the noise of a rollout does to its picture: flicker, for frames that share their noise, have some in common, or
 * have one each. It is measured on scripted episodes that training has not seen, where latents move too, and on one
 * latent painted again and again, where nothing should move and all flicker is the painter's.
 */
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import type { Renderer } from '../../models/diffusion/renderer.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import type { Frame } from '../../shared/frame.ts';
import { mean } from '../../shared/mean.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { heldOutFrames } from './heldOutFrames.ts';
import { flicker, psnr } from './pictureMetrics.ts';
import { repeatedRow } from './repeatedRow.ts';

export interface RolloutNoiseBench {
  readonly definition: WorldDefinition;
  readonly renderer: Renderer;
  /** The agent's encoder. */
  readonly encode: (frames: readonly Frame[]) => Promise<Matrix>;
  readonly frames: number;
  readonly seed: number;
  /** Methods and step counts to paint with. */
  readonly painters: readonly { readonly method: RenderMethod; readonly steps: number }[];
  /** Correlations of the noises of any two frames: 1 is shared, 0 independent. */
  readonly correlations: readonly number[];
}

export interface RolloutNoiseRow {
  readonly method: RenderMethod;
  readonly steps: number;
  readonly correlation: number;
  /** Grey levels that pixels change from frame to frame where the true frames don't. */
  readonly flicker: number;
  /** The same where the latent does not change either. */
  readonly stillFlicker: number;
  /** dB, over all pixels of the episodes. */
  readonly psnr: number;
}

const STILL_FRAMES = 10;
const STILL_SCENES = 4;

export async function benchRolloutNoise(bench: RolloutNoiseBench): Promise<RolloutNoiseRow[]> {
  const { definition, renderer, painters, correlations, seed } = bench;
  const { frames, episodeStarts } = heldOutFrames(definition, bench.frames, seed);
  const latents = await bench.encode(frames);
  const rows: RolloutNoiseRow[] = [];
  for (const { method, steps } of painters)
    for (const correlation of correlations) {
      const paint = (some: Matrix) => renderer.render(some, { method, steps, seed, noise: { correlation } });
      const painted = await paint(latents);
      const moving = episodeStarts.map((start, i) => {
        const end = episodeStarts[i + 1] ?? frames.length;
        return flicker(painted.slice(start, end), frames.slice(start, end));
      });
      const still: number[] = [];
      for (let scene = 0; scene < STILL_SCENES; scene++) {
        const at = Math.floor((scene * frames.length) / STILL_SCENES);
        const truth = Array.from({ length: STILL_FRAMES }, () => frames[at] as Frame);
        still.push(flicker(await paint(repeatedRow(latents, at, STILL_FRAMES)), truth));
      }
      const errors = { flicker: mean(moving), stillFlicker: mean(still), psnr: psnr(painted, frames) };
      rows.push({ method, steps, correlation, ...errors });
    }
  return rows;
}
