/**
 * The only thing an agent sees: a 64×64 RGB picture, 8 bits a channel, rows from the top, channels interleaved.
 */

/** Width and height of every frame, in pixels. */
export const FRAME_SIZE = 64;

/** Colour channels of a frame. */
export const FRAME_CHANNELS = 3;

/** Bytes of a frame: 64·64·3 = 12,288. */
export const FRAME_BYTES = FRAME_SIZE * FRAME_SIZE * FRAME_CHANNELS;

/** 64×64×3 bytes, RGB interleaved, rows from the top. */
export type Frame = Uint8Array;

/** A frame with an opaque alpha channel, for canvases and textures: 64×64×4 bytes. */
export function toRgba(frame: Frame): Uint8Array {
  const pixels = FRAME_SIZE * FRAME_SIZE;
  const rgba = new Uint8Array(pixels * 4);
  for (let i = 0; i < pixels; i++) {
    rgba[i * 4] = frame[i * 3] as number;
    rgba[i * 4 + 1] = frame[i * 3 + 1] as number;
    rgba[i * 4 + 2] = frame[i * 3 + 2] as number;
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

/** The frame of a picture with an alpha channel, which is dropped: 64×64×3 bytes. */
export function toRgb(rgba: Uint8Array): Frame {
  return rgba.filter((_, at) => at % 4 !== 3);
}
