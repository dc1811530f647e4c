/**
 * The editor: any edit by any trained network that goes through clean pictures, in any number of steps that the network
 * has. Like the renderer it compiles all steps of a method into one program, once for each kind of edit, and draws all
 * noise from the seed: the same request gives the same bytes.
 */
import * as tf from '@tensorflow/tfjs';
import { UsageError } from '../../../shared/errors.ts';
import type { Frame } from '../../../shared/frame.ts';
import { constants } from '../../tensor/constants.ts';
import { type Engine, float32, type HostTensors, type Program, type Tensors } from '../../tensor/program.ts';
import { checkContext, contextFeedSignature, contextFeeds, fedContext, type RolloutContext } from '../contextFeeds.ts';
import { combineTensors } from '../cosine/ddim.ts';
import type { Denoise } from '../cosine/ddimSampler.ts';
import { editTime, evenTime } from '../cosine/stepTimes.ts';
import { frameNoise } from '../frameNoise.ts';
import type { RenderMethod } from '../methodNames.ts';
import { answering, checkGuidance, checkSteps, renderMethods } from '../methods.ts';
import { conditionOn, patchShape, toPatches, toPictures } from '../network/denoiser.ts';
import type { Context } from '../network/optionalConditions.ts';
import { oneStepChoice } from '../network/studentSteps.ts';
import { toFrame } from '../picture.ts';
import type { RendererWeights } from '../rendererWeights.ts';
import { regress } from '../training/regression.ts';
import { editSampler, timesBelow } from './editSampler.ts';
import type { FrameEdit } from './frameEdit.ts';

export interface EditRequest {
  readonly edit: FrameEdit;
  /** What the renderer would paint, `[latent]`. */
  readonly latent: Float32Array;
  readonly method: RenderMethod;
  /** Calls of the network for a whole way from noise; an edit that begins further down takes fewer. */
  readonly steps: number;
  /** Determines all noise. */
  readonly seed: number;
  /** Weight of the latent against none (`guidance.ts`); 1, which is no guidance, unless told. */
  readonly guidance?: number;
  /** The frames before the edited one; it is not told any unless given. */
  readonly context?: RolloutContext;
}

export interface FrameEditor {
  readonly latentSize: number;
  /**
   * The edited frame, which shows to the byte what the edit knows.
   * @throws UsageError when the method cannot edit, is not learned, lacks the step count, or the latent is of another
   *   size, or when the networks cannot be guided or see no frames before and are asked to
   */
  edit(request: EditRequest): Promise<Frame>;
  dispose(): Promise<void>;
}

/** How a method's network is asked, for methods whose samplers go through clean pictures. */
type Asking = 'told its steps' | 'told nothing' | 'told nothing, then jumps' | 'asked once';

const askingOf: Readonly<Partial<Record<RenderMethod, Asking>>> = {
  mcm: 'told its steps',
  mct: 'told its steps',
  ddim: 'told nothing',
  progressive: 'told nothing',
  cd: 'told nothing, then jumps',
  ct: 'told nothing, then jumps',
  ect: 'told nothing, then jumps',
  regression: 'asked once',
};

export function createFrameEditor(engine: Engine, weights: RendererWeights): FrameEditor {
  const { latentSize } = weights.config;
  const programs = new Map<string, Promise<Program>>();
  const programOf = (request: EditRequest, inputs: HostTensors): Promise<Program> => {
    const { method, steps, edit, guidance = 1, context } = request;
    const key = `${method} ${steps} ${edit.key} ${guidance} ${context !== undefined}`;
    const program =
      programs.get(key) ??
      engine.compile((tensors) => paint(tensors, weights, request), {
        ...inputs,
        latents: { shape: [1, latentSize] },
        noise: { shape: patchShape(noisesOf(request)) },
        ...(context && contextFeedSignature(weights.config.context ?? 0)),
      });
    programs.set(key, program);
    return program;
  };
  return {
    latentSize,
    async edit(request) {
      const { edit, latent, method, steps, seed, guidance = 1, context } = request;
      const { backdrop, config } = weights;
      checkSteps(method, steps, weights.networks);
      checkGuidance(method, guidance, weights.networks);
      if (context) checkContext(config, context);
      if (!askingOf[method])
        throw new UsageError(`the method "${method}" cannot edit; choose ${Object.keys(askingOf).join(', ')}`);
      if (latent.length !== latentSize)
        throw new UsageError(`the renderer paints latents of ${latentSize} numbers, not ${latent.length}`);
      const inputs = edit.inputs(backdrop);
      const program = await programOf(request, inputs);
      const count = noisesOf(request);
      const { pictures } = await program.run({
        ...inputs,
        latents: float32(latent, [1, latentSize]),
        noise: float32(frameNoise(seed, count), patchShape(count)),
        ...(context &&
          contextFeeds(context.before, { ...context, count: config.context ?? 0, backdrop, seed, place: 0 })),
      });
      return edit.settle(toFrame(pictures?.data as Float32Array, 0, backdrop));
    },
    async dispose() {
      const compiled = await Promise.all(programs.values());
      programs.clear();
      await Promise.all(compiled.map((program) => program.dispose()));
    },
  };
}

const jumps = ({ method }: EditRequest): boolean => askingOf[method] === 'told nothing, then jumps';

/** When the picture is denoised, and 0. */
function timesOf(request: EditRequest): number[] {
  const { method, steps, edit } = request;
  if (askingOf[method] === 'asked once') return [1, 0];
  return timesBelow(edit.from, steps, jumps(request) ? evenTime : editTime);
}

function noisesOf(request: EditRequest): number {
  return jumps(request) ? timesOf(request).length - 1 : 1;
}

function paint(inputs: Tensors, { networks }: RendererWeights, request: EditRequest): Tensors {
  const { method, steps, edit } = request;
  const params = constants(networks[renderMethods[method].networkFor(steps)] as HostTensors); // `checkSteps` saw to it
  const [latents, noise] = [inputs.latents as tf.Tensor, inputs.noise as tf.Tensor]; // [1, latent], [noises, 16, 16, 48]
  const count = noise.shape[0] as number;
  const [first, ...fresh] = count === 1 ? [noise] : tf.split(noise, count, 0);
  const clean = editSampler({
    denoise: denoiserOf(request, params, latents, inputs.context && fedContext(inputs)),
    impose: (patches) => toPatches(edit.impose(toPictures(patches), inputs)),
    times: timesOf(request),
    noisy: toPatches(edit.begin(toPictures(first as tf.Tensor), inputs)),
    ...(fresh.length > 0 && { fresh }),
    combine: combineTensors,
  });
  return { pictures: toPictures(clean) };
}

function denoiserOf(
  { method, steps, guidance }: EditRequest,
  params: Tensors,
  latents: tf.Tensor,
  context: Context | undefined,
): Denoise<tf.Tensor> {
  if (askingOf[method] === 'asked once') return () => regress(params, 1, conditionOn(params, latents, { context }));
  const choice = askingOf[method] === 'told its steps' ? oneStepChoice(params, steps) : undefined;
  return answering({ params, latents, guidance, context }, choice);
}
