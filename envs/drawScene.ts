/**
 * Draws a scene as the 64×64 frame that an agent sees: the whole arena, flat colours, antialiased edges.
 *
 * The frame is a function of the scene alone, so equal states give equal frames, in whatever order and process they are
 * drawn. Where shapes don't overlap, an edge pixel is a mixture of its colours by the area that each covers, in the
 * numbers of the frame (no gamma), which is why colours can be un-mixed linearly. One canvas is kept and drawn over.
 */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../shared/frame.ts';
import type { Scene, Shape } from '../shared/scene.ts';
import type { WorldSpec } from '../shared/world.ts';

const pixels = createCanvas(FRAME_SIZE, FRAME_SIZE).getContext('2d');

/** The scene on the spec's background, its arena stretched over the frame: 64×64×3 bytes, a new array each time. */
export function drawScene(scene: Scene, spec: Pick<WorldSpec, 'arena' | 'background'>): Frame {
  const scaleX = FRAME_SIZE / spec.arena.width;
  const scaleY = FRAME_SIZE / spec.arena.height;
  let ink = spec.background;
  pixels.fillStyle = ink;
  pixels.fillRect(0, 0, FRAME_SIZE, FRAME_SIZE);
  for (const shape of scene) {
    // The canvas parses a colour whenever it is set.
    if (shape.color !== ink) {
      ink = shape.color;
      pixels.fillStyle = ink;
    }
    pixels.beginPath();
    trace(pixels, shape, scaleX, scaleY);
    pixels.fill();
  }
  return withoutAlpha(pixels.getImageData(0, 0, FRAME_SIZE, FRAME_SIZE).data);
}

function trace(context: SKRSContext2D, shape: Shape, scaleX: number, scaleY: number): void {
  const { x, y, angle } = shape.pose;
  if (shape.kind === 'circle') {
    context.ellipse(x * scaleX, y * scaleY, shape.radius * scaleX, shape.radius * scaleY, 0, 0, 2 * Math.PI);
    return;
  }
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  for (const vertex of shape.vertices) {
    context.lineTo((x + cos * vertex.x - sin * vertex.y) * scaleX, (y + sin * vertex.x + cos * vertex.y) * scaleY);
  }
  context.closePath();
}

/**
 * Four pixels at a time, as four words in and three words out, their first byte the lowest: the canvas is built for
 * little-endian machines alone.
 */
function withoutAlpha(rgba: Uint8ClampedArray): Frame {
  const frame = new Uint8Array(FRAME_BYTES);
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length / 4);
  const to = new Uint32Array(frame.buffer);
  for (let i = 0, word = 0; i < from.length; i += 4, word += 3) {
    const second = from[i + 1] as number;
    const third = from[i + 2] as number;
    to[word] = ((from[i] as number) & 0xffffff) | (second << 24);
    to[word + 1] = ((second >>> 8) & 0xffff) | (third << 16);
    to[word + 2] = ((third >>> 16) & 0xff) | ((from[i + 3] as number) << 8);
  }
  return frame;
}
