/**
 * How surprising a real frame is, given what the agent believes: minus the logarithm of its likelihood under the base
 * diffusion model, told the latent. In bits for each number of the frame, as if a number were a byte, so that a frame
 * that the model would code in few bits is one that it expected.
 */
import * as tf from '@tensorflow/tfjs';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { Random } from '../../../shared/random.ts';
import { constants } from '../../tensor/constants.ts';
import { type Engine, float32, type Program } from '../../tensor/program.ts';
import { conditionOn, denoise, toPatches, toPictures } from '../network/denoiser.ts';
import { LEVELS_PER_UNIT, writePicture } from '../picture.ts';
import type { RendererWeights } from '../rendererWeights.ts';
import { defaultLikelihoodConfig, type LikelihoodConfig, logLikelihood } from './logLikelihood.ts';
import { estimatedTrace, type PulledDenoiser, signProbes } from './trace.ts';

export interface SurpriseConfig extends LikelihoodConfig {
  /** Probes of the trace. */
  readonly probes: number;
  /** Determines the probes and the noise on the frame: the same for every frame, so that frames compare. */
  readonly seed: number;
}

export const defaultSurpriseConfig: SurpriseConfig = { ...defaultLikelihoodConfig, steps: 24, probes: 1, seed: 0 };

const PICTURE = [1, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS];

export class FrameSurprise {
  private readonly weights: RendererWeights;
  private readonly program: Promise<Program>;
  private readonly config: SurpriseConfig;
  private readonly probes: readonly Float64Array[];
  private readonly noise: Float32Array;

  constructor(engine: Engine, weights: RendererWeights, config: SurpriseConfig = defaultSurpriseConfig) {
    this.weights = weights;
    this.config = config;
    const random = new Random(config.seed);
    this.probes = signProbes(random.fork('probes'), config.probes, FRAME_BYTES);
    this.noise = random.fork('noise').normals(FRAME_BYTES);
    this.program = engine.compile(
      ({ latents, noisy, time, probe }) => {
        const params = constants(weights.networks.base);
        const condition = conditionOn(params, latents as tf.Tensor);
        const answer = (pictures: tf.Tensor) =>
          toPictures(denoise(params, toPatches(pictures), time as tf.Tensor, condition));
        const pulled = tf.grad((x) => tf.sum(tf.mul(answer(x), probe as tf.Tensor)))(noisy as tf.Tensor);
        return { denoised: answer(noisy as tf.Tensor), pulled };
      },
      {
        latents: { shape: [1, weights.config.latentSize] },
        noisy: { shape: PICTURE },
        time: { shape: [1] },
        probe: { shape: PICTURE },
      },
    );
  }

  /** Bits for each number of a frame, given a latent `[latent]`. */
  async bits(frame: Frame, latent: Float32Array): Promise<number> {
    const program = await this.program;
    const latents = float32(latent, [1, latent.length]);
    const field: PulledDenoiser = async (noisy, time, probe) => {
      const { denoised, pulled } = await program.run({
        latents,
        noisy: float32(Float32Array.from(noisy), PICTURE),
        time: float32([time], [1]),
        probe: float32(Float32Array.from(probe), PICTURE),
      });
      return { denoised: float64(denoised?.data), pulled: float64(pulled?.data) };
    };
    const traced = estimatedTrace(field, this.probes);
    const { nats } = await logLikelihood(traced, this.noisyPicture(frame), this.config);
    return -nats / FRAME_BYTES / Math.LN2 + Math.log2(LEVELS_PER_UNIT);
  }

  async dispose(): Promise<void> {
    await (await this.program).dispose();
  }

  /** The frame as a picture with the flow's first noise on it. */
  private noisyPicture(frame: Frame): Float64Array {
    const picture = new Float32Array(FRAME_BYTES);
    writePicture({ count: 1, frames: frame }, 0, this.weights.backdrop, picture, 0);
    const scale = 1 / Math.hypot(1, this.config.least);
    return Float64Array.from(picture, (x, i) => scale * (x + this.config.least * (this.noise[i] as number)));
  }
}

function float64(data: ArrayLike<number> | undefined): Float64Array {
  return Float64Array.from(data ?? []);
}
