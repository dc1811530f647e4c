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
import { combineTensors } from '../cosine/ddim.ts';
import type { Denoise } from '../cosine/ddimSampler.ts';
import { frameNoise } from '../frameNoise.ts';
import type { RenderMethod } from '../methodNames.ts';
import { answering, checkSteps, renderMethods } from '../methods.ts';
import { conditionOn, patchShape, toPatches, toPictures } from '../network/denoiser.ts';
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
}

export interface FrameEditor {
  readonly latentSize: number;
  /**
   * The edited frame, which shows to the byte what the edit knows.
   * @throws UsageError when the method cannot edit, is not learned, lacks the step count, or the latent is of another
   *   size
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
    const key = `${request.method} ${request.steps} ${request.edit.key}`;
    const program =
      programs.get(key) ??
      engine.compile((tensors) => paint(tensors, weights, request), {
        ...inputs,
        latents: { shape: [1, latentSize] },
        noise: { shape: patchShape(noisesOf(request)) },
      });
    programs.set(key, program);
    return program;
  };
  return {
    latentSize,
    async edit(request) {
      const { edit, latent, method, steps, seed } = request;
      checkSteps(method, steps, weights.networks);
      if (!askingOf[method])
        throw new UsageError(`the method "${method}" cannot edit; choose ${Object.keys(askingOf).join(', ')}`);
      if (latent.length !== latentSize)
        throw new UsageError(`the renderer paints latents of ${latentSize} numbers, not ${latent.length}`);
      const inputs = edit.inputs(weights.backdrop);
      const program = await programOf(request, inputs);
      const count = noisesOf(request);
      const { pictures } = await program.run({
        ...inputs,
        latents: float32(latent, [1, latentSize]),
        noise: float32(frameNoise(seed, count), patchShape(count)),
      });
      return edit.settle(toFrame(pictures?.data as Float32Array, 0, weights.backdrop));
    },
    async dispose() {
      const compiled = await Promise.all(programs.values());
      programs.clear();
      await Promise.all(compiled.map((program) => program.dispose()));
    },
  };
}

function noisesOf({ method, steps, edit }: EditRequest): number {
  return askingOf[method] === 'told nothing, then jumps' ? timesBelow(edit.from, steps).length - 1 : 1;
}

function paint(inputs: Tensors, { networks }: RendererWeights, { method, steps, edit }: EditRequest): Tensors {
  const params = constants(networks[renderMethods[method].networkFor(steps)] as HostTensors); // `checkSteps` saw to it
  const [latents, noise] = [inputs.latents as tf.Tensor, inputs.noise as tf.Tensor]; // [1, latent], [noises, 16, 16, 48]
  const count = noise.shape[0] as number;
  const [first, ...fresh] = count === 1 ? [noise] : tf.split(noise, count, 0);
  const times = askingOf[method] === 'asked once' ? [1, 0] : timesBelow(edit.from, steps);
  const clean = editSampler({
    denoise: denoiserOf(method, params, latents, steps),
    impose: (patches) => toPatches(edit.impose(toPictures(patches), inputs)),
    times,
    noisy: toPatches(edit.begin(toPictures(first as tf.Tensor), inputs)),
    ...(fresh.length > 0 && { fresh }),
    combine: combineTensors,
  });
  return { pictures: toPictures(clean) };
}

function denoiserOf(method: RenderMethod, params: Tensors, latents: tf.Tensor, steps: number): Denoise<tf.Tensor> {
  if (askingOf[method] === 'asked once') return () => regress(params, 1, conditionOn(params, latents));
  const choice = askingOf[method] === 'told its steps' ? oneStepChoice(params, steps) : undefined;
  return answering({ params, latents }, choice);
}
