/**
 * The renderer: latents in, frames out, by any of the trained networks. All steps of a method are one compiled program,
 * in which what depends on the latent alone is computed once; a program is compiled when its method and step count are
 * first asked for. Every frame of every call starts from the noise of its seed, so that a rollout is painted without
 * flicker, unless noises of their own are asked for; and frames are painted one by one, since a matrix product rounds
 * differently at another batch size: a frame is the same to the bit, alone and in company. A network that sees the
 * frames before goes on from them where a request tells of them, and then a frame depends on those before it.
 */
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { Matrix } from '../planning/contracts.ts';
import { constants } from '../tensor/constants.ts';
import {
  type Engine,
  float32,
  type HostTensor,
  type HostTensors,
  type Program,
  type Tensors,
} from '../tensor/program.ts';
import { checkContext, contextFeedSignature, contextFeeds, fedContext, type RolloutContext } from './contextFeeds.ts';
import { correlationOf, frameNoise, type RolloutNoise, rolloutNoise } from './frameNoise.ts';
import type { RenderMethod } from './methodNames.ts';
import { checkGuidance, checkSteps, renderMethods } from './methods.ts';
import { patchShape, toPictures } from './network/denoiser.ts';
import { toFrame } from './picture.ts';
import type { RendererWeights } from './rendererWeights.ts';

export interface RenderRequest {
  /** Calls of the network for one frame. */
  readonly steps: number;
  /** Determines the noise that all frames start from. */
  readonly seed: number;
  /** `mcm` unless told. */
  readonly method?: RenderMethod;
  /** How the noises of the frames relate; shared unless told. */
  readonly noise?: RolloutNoise;
  /** Place of the first frame in its rollout, where frames have noises of their own; 0 unless told. */
  readonly first?: number;
  /** Weight of the latent against none (`guidance.ts`); 1, which is no guidance, unless told. */
  readonly guidance?: number;
  /** What the rollout goes on from; without it no frame is told of another. */
  readonly context?: RolloutContext;
}

export interface Renderer {
  readonly latentSize: number;
  /**
   * One frame for each row of latents.
   * @throws UsageError when the renderer lacks the method, the method such a step count, or the latents are of another
   *   size, or when the networks cannot be guided or see no frames before and are asked to
   */
  render(latents: Matrix, request: RenderRequest): Promise<Frame[]>;
  dispose(): Promise<void>;
}

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

  async render(latents: Matrix, request: RenderRequest): Promise<Frame[]> {
    const { steps, method = 'mcm' } = request;
    checkSteps(method, steps, this.weights.networks);
    checkGuidance(method, request.guidance ?? 1, this.weights.networks);
    if (request.context) checkContext(this.weights.config, request.context);
    if (latents.columns !== this.latentSize)
      throw new UsageError(
        `the renderer paints latents of ${this.latentSize} numbers, not ${latents.columns}; use the encoder it was trained with`,
      );
    const program = await this.program(request);
    const noiseOf = this.noisesOf(request, noisesOf(method, steps));
    const frames: Frame[] = [];
    for (let row = 0; row < latents.rows; row++) {
      const latent = latents.data.slice(row * this.latentSize, (row + 1) * this.latentSize);
      const feeds = {
        latents: float32(latent, [1, this.latentSize]),
        noise: noiseOf(row),
        ...this.contextOf(request, row, frames),
      };
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

  private program({ method = 'mcm', steps, guidance = 1, context }: RenderRequest): Promise<Program> {
    const key = `${method} ${steps} ${guidance} ${context !== undefined}`;
    const known = this.programs.get(key);
    if (known) return known;
    const compiled = this.engine.compile((inputs) => paint(inputs, this.weights, method, steps, guidance), {
      latents: { shape: [1, this.latentSize] },
      noise: { shape: patchShape(noisesOf(method, steps)) },
      ...(context && contextFeedSignature(this.weights.config.context ?? 0)),
    });
    this.programs.set(key, compiled);
    return compiled;
  }

  /** What a row is told of the frames before: those of the request, then those painted so far. */
  private contextOf({ context, seed, first = 0 }: RenderRequest, row: number, painted: readonly Frame[]): HostTensors {
    if (!context) return {};
    const { backdrop, config } = this.weights;
    const told = { ...context, count: config.context ?? 0, backdrop, seed, place: first + row };
    return contextFeeds([...context.before, ...painted], told);
  }

  /** The noises of each row. Shared ones are kept, since a rollout asks for the same again and again. */
  private noisesOf({ seed, noise = 'shared', first = 0 }: RenderRequest, count: number): (row: number) => HostTensor {
    if (correlationOf(noise) < 1)
      return (row) => float32(rolloutNoise(seed, first + row, noise, count), patchShape(count));
    if (this.noise?.seed !== seed || this.noise.tensor.shape[0] !== count)
      this.noise = { seed, tensor: float32(frameNoise(seed, count), patchShape(count)) };
    const { tensor } = this.noise;
    return () => tensor;
  }
}

function noisesOf(method: RenderMethod, steps: number): number {
  return renderMethods[method].noises?.(steps) ?? 1;
}

function paint(
  inputs: Tensors,
  { networks }: RendererWeights,
  method: RenderMethod,
  steps: number,
  guidance: number,
): Tensors {
  const plan = renderMethods[method];
  const params = constants(networks[plan.networkFor(steps)] as HostTensors); // `checkSteps` has seen that it is there
  const latents = inputs.latents as tf.Tensor; // [1, latent]
  const noise = inputs.noise as tf.Tensor; // [noises, 16, 16, 48]
  const count = noise.shape[0] as number;
  const noises = (count === 1 ? [noise] : tf.split(noise, count, 0)) as [tf.Tensor, ...tf.Tensor[]];
  const context = inputs.context && { context: fedContext(inputs) };
  return { pictures: toPictures(plan.paint({ params, latents, noises, steps, guidance, ...context })) };
}
