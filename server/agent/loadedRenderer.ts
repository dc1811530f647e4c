/**
 * An agent's renderer by itself, with the encoder that it was trained on: for what paints rather than plans.
 */
import { createRenderer, type Renderer } from '../../models/diffusion/renderer.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { posesOf } from '../../models/latent/motion.ts';
import type { Matrix } from '../../models/planning/contracts.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../models/tensor/program.ts';
import type { Frame } from '../../shared/frame.ts';
import { graphCacheDirectory } from '../files/userCacheDirectory.ts';
import type { AgentCard } from './agentCard.ts';
import { readAgentFiles } from './agentFiles.ts';
import { lacksRenderer } from './lacksRenderer.ts';
import { refuseOtherSource } from './refuseOtherWorld.ts';

export interface LoadedRenderer {
  readonly card: AgentCard;
  readonly engine: Engine;
  readonly weights: RendererWeights;
  readonly renderer: Renderer;
  /** What the renderer needs to know of each frame: [frames, latent]. */
  readonly encode: (frames: readonly Frame[]) => Promise<Matrix>;
  /**
   * What the renderer needs to know of the last moment of each imagined future: from a frame, taken to be at rest, under
   * actions [candidates, horizon, action] → [candidates, latent].
   */
  readonly imagine: (frame: Frame, actions: Float32Array, candidates: number, horizon: number) => Promise<Matrix>;
  dispose(): Promise<void>;
}

export interface RendererOptions {
  /** Id of its world, or the module; the card's id unless told. */
  readonly world?: string;
  readonly threads?: number;
}

/**
 * Opens an agent's directory.
 * @throws WeightsError when it cannot be read, or has no renderer; UsageError when it is of another world
 */
export async function loadRenderer(
  directory: string,
  { world, threads }: RendererOptions = {},
): Promise<LoadedRenderer> {
  const { card, latent, renderer: weights } = await readAgentFiles(directory);
  await refuseOtherSource(directory, card.world, world);
  if (!weights) throw lacksRenderer(directory, world ?? card.world.id);
  const engine = createCpuEngine({ cache: graphCacheDirectory(), ...(threads !== undefined && { threads }) });
  const dynamics = new LearnedDynamics(engine, latent);
  const pose = poseSizeOf(latent.config.encoder);
  return {
    card,
    engine,
    weights,
    renderer: createRenderer(engine, weights),
    encode: async (frames) => posesOf(await dynamics.encode(frames), pose),
    async imagine(frame, actions, candidates, horizon) {
      const start = await dynamics.encodeMoment(frame);
      const { latents, latentSize } = await dynamics.rollout(start, actions, candidates, horizon);
      const last = new Float32Array(candidates * latentSize);
      for (let row = 0; row < candidates; row++) {
        const end = (row + 1) * horizon * latentSize;
        last.set(latents.subarray(end - latentSize, end), row * latentSize);
      }
      return posesOf({ rows: candidates, columns: latentSize, data: last }, pose);
    },
    dispose: () => engine.dispose(),
  };
}
