/**
 * A scene of one dark disc on a light ground whose place is the condition: enough to see whether a painter puts things
 * where the latent says.
 */

import type { RendererData } from '../../server/training/rendererExamples.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';

export const discColour = '#203080';
export const groundColour = '#f0f0f0';
const RADIUS = 5;

/** The disc's centre in pixels; edges are antialiased by coverage of 4×4 points. */
export function discFrame(x: number, y: number): Frame {
  const frame = new Uint8Array(FRAME_BYTES);
  for (let row = 0; row < FRAME_SIZE; row++)
    for (let column = 0; column < FRAME_SIZE; column++) {
      const cover = coverage(column - x, row - y);
      const ink = [0x20, 0x30, 0x80];
      for (let channel = 0; channel < 3; channel++)
        frame[(row * FRAME_SIZE + column) * 3 + channel] = Math.round(0xf0 + cover * ((ink[channel] as number) - 0xf0));
    }
  return frame;
}

function coverage(left: number, top: number): number {
  let inside = 0;
  for (let i = 0; i < 16; i++)
    if (Math.hypot(left + ((i % 4) + 0.5) / 4, top + (Math.floor(i / 4) + 0.5) / 4) <= RADIUS) inside++;
  return inside / 16;
}

/** Latents are the centre, standardised to [−1, 1] over the middle of the frame. */
export function latentOf(x: number, y: number): [number, number] {
  return [(x - 32) / 22, (y - 32) / 22];
}

export function discData(
  count: number,
  seed: number,
): RendererData & { readonly centres: readonly [number, number][] } {
  const random = new Random(seed);
  const centres = Array.from({ length: count }, (): [number, number] => [
    random.uniform(10, 54),
    random.uniform(10, 54),
  ]);
  const frames = new Uint8Array(count * FRAME_BYTES);
  centres.forEach(([x, y], i) => {
    frames.set(discFrame(x, y), i * FRAME_BYTES);
  });
  return { count, frames, centres, latents: Float32Array.from(centres.flatMap(([x, y]) => latentOf(x, y))) };
}
