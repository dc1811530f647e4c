/**
 * Pictures and masks inside control messages, where they are rare and each answers a request: RGB frames and one bit a
 * pixel, both as base64. The lengths are exact, so that a message of another length is refused before it is decoded.
 */
import { z } from 'zod';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../frame.ts';

const PIXELS = FRAME_SIZE * FRAME_SIZE;

/** A 64×64 RGB frame as base64: 12,288 bytes. */
export const frameTextSchema = base64Schema(FRAME_BYTES);
/** One bit for each pixel of a frame, row by row, the first in the highest bit: 512 bytes as base64. */
export const maskTextSchema = base64Schema(PIXELS / 8);

/** A frame as text. */
export function frameToText(frame: Frame): string {
  return toBase64(frame);
}

/** The frame of a text that has passed `frameTextSchema`. */
export function frameOfText(text: string): Frame {
  return ofBase64(text);
}

/** A mask of a byte a pixel, 1 or 0, as text. */
export function maskToText(mask: Uint8Array): string {
  const bits = new Uint8Array(PIXELS / 8);
  for (const [pixel, set] of mask.entries())
    if (set === 1) bits[pixel >> 3] = (bits[pixel >> 3] ?? 0) | (128 >> (pixel & 7));
  return toBase64(bits);
}

/** The mask of a text that has passed `maskTextSchema`, a byte a pixel. */
export function maskOfText(text: string): Uint8Array {
  const bits = ofBase64(text);
  return Uint8Array.from({ length: PIXELS }, (_, pixel) => ((bits[pixel >> 3] ?? 0) >> (7 - (pixel & 7))) & 1);
}

function base64Schema(bytes: number): z.ZodString {
  const padding = (3 - (bytes % 3)) % 3;
  const length = (4 * (bytes + padding)) / 3;
  return z
    .string()
    .length(length)
    .regex(new RegExp(`^[A-Za-z0-9+/]+={${padding}}$`));
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function ofBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
