/**
 * Batches of examples for the renderer, assembled from bytes: random frames as pictures, their latents with a little
 * noise, and how much each pixel counts. The noise teaches the renderer to paint predicted latents, which lie near
 * encoded ones but not on them; its level differs between examples, so that clean latents are still painted sharply.
 */
import { createHash } from 'node:crypto';
import { writePicture } from '../../models/diffusion/picture.ts';
import { exampleSignature } from '../../models/diffusion/training/trainingMethod.ts';
import { type FrameStore, Rarity } from '../../models/pictures/rarity.ts';
import { float32, type HostTensors } from '../../models/tensor/program.ts';
import { TrainingError } from '../../shared/errors.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { Random } from '../../shared/random.ts';

/** What a renderer learns from: frames and the latents that an encoder gives them. */
export interface RendererData extends FrameStore {
  /** `[count, latent]`, standardised. */
  readonly latents: Float32Array;
}

export class RendererExamples {
  readonly latentSize: number;
  private readonly data: RendererData;
  private readonly backdrop: Frame;
  private readonly latentNoise: number;
  private readonly rarity: Rarity;

  /** @throws TrainingError when the arrays do not fit the count */
  constructor(data: RendererData, backdrop: Frame, latentNoise: number) {
    this.latentSize = data.latents.length / data.count;
    if (data.count < 1 || !Number.isInteger(this.latentSize) || data.frames.length !== data.count * FRAME_BYTES)
      throw new TrainingError(
        `${data.latents.length} latent numbers and ${data.frames.length} bytes do not make ${data.count} examples; give one latent and one 64×64 frame for each`,
      );
    this.data = data;
    this.backdrop = backdrop;
    this.latentNoise = latentNoise;
    this.rarity = new Rarity(data);
  }

  /** A digest of the latents: data of another encoder, world or seed have another. */
  digest(): string {
    const { buffer, byteOffset, byteLength } = this.data.latents;
    return createHash('sha256')
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest('hex')
      .slice(0, 16);
  }

  /** A batch drawn with replacement; `emphasis` 0 counts all pixels alike, 1 counts rare colours most. */
  draw(batch: number, emphasis: number, random: Random): HostTensors {
    const { latents, count } = this.data;
    const drawn = new Float32Array(batch * this.latentSize);
    const pictures = new Float32Array(batch * FRAME_BYTES);
    const weights = new Float32Array(batch * FRAME_SIZE * FRAME_SIZE);
    for (let row = 0; row < batch; row++) {
      const index = random.integer(count);
      const level = random.uniform(0, this.latentNoise);
      for (let i = 0; i < this.latentSize; i++)
        drawn[row * this.latentSize + i] = (latents[index * this.latentSize + i] as number) + random.normal(0, level);
      writePicture(this.data, index, this.backdrop, pictures, row * FRAME_BYTES);
      this.rarity.write(this.data, index, emphasis, weights, row * FRAME_SIZE * FRAME_SIZE);
    }
    const {
      latents: latentSpec,
      pictures: pictureSpec,
      emphasis: emphasisSpec,
    } = exampleSignature(batch, this.latentSize);
    return {
      latents: float32(drawn, latentSpec.shape),
      pictures: float32(pictures, pictureSpec.shape),
      emphasis: float32(weights, emphasisSpec.shape),
    };
  }
}
