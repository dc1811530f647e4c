/**
 * The renderer: latents in, frames out, by any of the trained networks. All steps of a method are one compiled program,
 * in which what depends on the latent alone is computed once; a program is compiled when its method and step count are
 * first asked for. Every frame of every call starts from the noise of its seed, so that a rollout is painted without
 * flicker; and frames are painted one by one, since a matrix product rounds differently at another batch size: a frame
 * is the same to the bit, alone and in company.
 */
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Matrix } from '../planning/contracts.ts';
import { constants } from '../tensor/constants.ts';
import { type Engine, float32, type HostTensor, type Program, type Tensors } from '../tensor/program.ts';
import { combineTensors } from './ddim.ts';
import { ddimSampler } from './ddimSampler.ts';
import { conditionOn, denoise, patchShape, STUDENT_STEPS, toPictures } from './denoiser.ts';
import { frameNoise } from './frameNoise.ts';
import { toFrame } from './picture.ts';
import { regress } from './regression.ts';
import type { RendererNetwork, RendererWeights } from './rendererWeights.ts';
import { stepChoice } from './trainingMethod.ts';

/**
 * `mcm`: the multistep consistency student; `ddim`: the base diffusion model; `regression`: the mean frame, in one
 * step.
 */
export type RenderMethod = 'mcm' | 'ddim' | 'regression';

export interface RenderRequest {
  /** Calls of the network for one frame. */
  readonly steps: number;
  /** Determines the noise that all frames start from. */
  readonly seed: number;
  /** `mcm` unless told. */
  readonly method?: RenderMethod;
}

export interface Renderer {
  readonly latentSize: number;
  /**
   * One frame for each row of latents.
   * @throws UsageError when the method has no such step count, or the latents are of another size
   */
  render(latents: Matrix, request: RenderRequest): Promise<Frame[]>;
  dispose(): Promise<void>;
}

const networkOf: Record<RenderMethod, RendererNetwork> = { mcm: 'student', ddim: 'base', regression: 'regression' };

const MOST_DDIM_STEPS = 1000;

export function createRenderer(engine: Engine, weights: RendererWeights): Renderer {
  return new CompiledRenderer(engine, weights);
}

class CompiledRenderer implements Renderer {
  readonly latentSize: number;
  private readonly engine: Engine;
  private readonly weights: RendererWeights;
  private readonly programs = new Map<string, Promise<Program>>();
  private noise: { readonly seed: number; readonly tensor: HostTensor } | undefined;

  constructor(engine: Engine, weights: RendererWeights) {
    this.latentSize = weights.config.latentSize;
    this.engine = engine;
    this.weights = weights;
  }

  async render(latents: Matrix, { steps, seed, method = 'mcm' }: RenderRequest): Promise<Frame[]> {
    checkSteps(method, steps);
    if (latents.columns !== this.latentSize)
      throw new UsageError(
        `the renderer paints latents of ${this.latentSize} numbers, not ${latents.columns}; use the encoder it was trained with`,
      );
    const program = await this.program(method, steps);
    const frames: Frame[] = [];
    for (let row = 0; row < latents.rows; row++) {
      const latent = latents.data.slice(row * this.latentSize, (row + 1) * this.latentSize);
      const feeds = { latents: float32(latent, [1, this.latentSize]), noise: this.noiseOf(seed) };
      const pictures = (await program.run(feeds)).pictures?.data as Float32Array; // [1, 64, 64, 3]
      frames.push(toFrame(pictures, 0, this.weights.backdrop));
    }
    return frames;
  }

  async dispose(): Promise<void> {
    const programs = await Promise.all(this.programs.values());
    this.programs.clear();
    await Promise.all(programs.map((program) => program.dispose()));
  }

  private program(method: RenderMethod, steps: number): Promise<Program> {
    const key = `${method} ${steps}`;
    const known = this.programs.get(key);
    if (known) return known;
    const compiled = this.engine.compile((inputs) => paint(inputs, this.weights, method, steps), {
      latents: { shape: [1, this.latentSize] },
      noise: { shape: patchShape(1) },
    });
    this.programs.set(key, compiled);
    return compiled;
  }

  private noiseOf(seed: number): HostTensor {
    if (this.noise?.seed !== seed) this.noise = { seed, tensor: float32(frameNoise(seed), patchShape(1)) };
    return this.noise.tensor;
  }
}

function paint({ latents, noise }: Tensors, weights: RendererWeights, method: RenderMethod, steps: number): Tensors {
  const params = constants(weights.networks[networkOf[method]]);
  const [rows, first] = [latents as tf.Tensor, noise as tf.Tensor]; // [1, latent], [1, 16, 16, 48]
  if (method === 'regression') return { pictures: toPictures(regress(params, rows)) };
  const choice = stepChoice(1, method === 'mcm' ? [steps] : undefined);
  const condition = conditionOn(params, rows, tf.tensor(choice.data, [...choice.shape]));
  const answer = (noisy: tf.Tensor, time: number) => denoise(params, noisy, tf.fill([1], time), condition);
  return { pictures: toPictures(ddimSampler(answer, first, steps, combineTensors)) };
}

function checkSteps(method: RenderMethod, steps: number): void {
  if (method === 'mcm' && !STUDENT_STEPS.includes(steps))
    throw new UsageError(`the renderer has no ${steps}-step student; choose ${STUDENT_STEPS.join(', ')} steps`);
  if (method === 'regression' && steps !== 1)
    throw new UsageError(`the regression decoder paints in 1 step, not ${steps}; choose 1`);
  if (method === 'ddim' && !(Number.isInteger(steps) && steps >= 1 && steps <= MOST_DDIM_STEPS))
    throw new UsageError(`DDIM cannot take ${steps} steps; choose a whole number from 1 to ${MOST_DDIM_STEPS}`);
}
