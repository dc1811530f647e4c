/**
 * Batches of examples for the renderer, assembled from bytes: random frames as pictures, their latents with a little
 * noise, and how much each pixel counts. The noise teaches the renderer to paint predicted latents, which lie near
 * encoded ones but not on them; its level differs between examples, so that clean latents are still painted sharply.
 * A network that sees the frames before is given those of the same episode.
 */
import { createHash } from 'node:crypto';
import { writePicture, writePictures } from '../../models/diffusion/picture.ts';
import { contextSignature } from '../../models/diffusion/training/conditionInputs.ts';
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
  /**
   * First frames of the episodes, ascending, between which frames follow each other; absent where each stands alone.
   */
  readonly starts?: readonly number[];
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

  /**
   * A batch drawn with replacement; `emphasis` 0 counts all pixels alike, 1 counts rare colours most. With `context`,
   * so many frames before each. @throws TrainingError when frames before are asked of frames that stand alone
   */
  draw(batch: number, emphasis: number, random: Random, context = 0): HostTensors {
    const { latents, count } = this.data;
    const drawn = new Float32Array(batch * this.latentSize);
    const pictures = new Float32Array(batch * FRAME_BYTES);
    const weights = new Float32Array(batch * FRAME_SIZE * FRAME_SIZE);
    const drawnRows: number[] = [];
    for (let row = 0; row < batch; row++) {
      const index = random.integer(count);
      drawnRows.push(index);
      const level = random.uniform(0, this.latentNoise);
      for (let i = 0; i < this.latentSize; i++)
        drawn[row * this.latentSize + i] = (latents[index * this.latentSize + i] as number) + random.normal(0, level);
      writePicture(this.data, index, this.backdrop, pictures, row * FRAME_BYTES);
      this.rarity.write(this.data, index, emphasis, weights, row * FRAME_SIZE * FRAME_SIZE);
    }
    return {
      ...this.asTensors(batch, drawn, pictures, weights),
      ...(context > 0 && this.framesBefore(drawnRows, context)),
    };
  }

  /** The frames before each of the frames drawn, the latest first, and whether there are any. */
  private framesBefore(rows: readonly number[], context: number): HostTensors {
    const known = rows.map((row) => Number(row > this.startOf(row)));
    const pictures = new Float32Array(rows.length * context * FRAME_BYTES);
    rows.forEach((row, i) => {
      const before = Array.from({ length: context }, (_, k) => Math.max(this.startOf(row), row - 1 - k));
      writePictures(
        before.map((index) => this.data.frames.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES)),
        this.backdrop,
        pictures,
        i * context * FRAME_BYTES,
      );
    });
    const { context: spec } = contextSignature(rows.length, { context });
    return { context: float32(pictures, spec?.shape ?? []), known: float32(known, [rows.length]) };
  }

  private startOf(row: number): number {
    const { starts } = this.data;
    if (!starts)
      throw new TrainingError('these frames stand alone, and none has one before it; train without --context');
    return starts.findLast((start) => start <= row) ?? 0;
  }

  private asTensors(batch: number, drawn: Float32Array, pictures: Float32Array, weights: Float32Array): HostTensors {
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
