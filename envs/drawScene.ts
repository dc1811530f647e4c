/**
 * Draws a scene as the 64×64 frame that an agent sees: the whole arena, flat colours, antialiased edges.
 *
 * The frame is a function of the scene alone, so equal states give equal frames, in whatever order, process and machine
 * they are drawn: no drawing library stands between, whose next release may round otherwise. An edge pixel is a mixture
 * of its colours by the area that each covers, in the numbers of the frame (no gamma), which is why colours can be
 * un-mixed linearly.
 */
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../shared/frame.ts';
import type { Scene, Shape } from '../shared/scene.ts';
import type { WorldSpec } from '../shared/world.ts';
import { Coverage } from './coverage.ts';

/** Sides of the polygon that stands for a circle: for a radius of 10 pixels, nowhere off by more than 0.03. */
const CIRCLE_SIDES = 32;

/** The vertices of that polygon around the origin, its area π. */
const circle = Array.from({ length: CIRCLE_SIDES }, (_, i) => {
  const step = (2 * Math.PI) / CIRCLE_SIDES;
  const radius = Math.sqrt(step / Math.sin(step));
  return { x: radius * Math.cos(i * step), y: radius * Math.sin(i * step) };
});

const coverage = new Coverage();
let lastBackdrop = { color: '', frame: new Uint8Array(FRAME_BYTES) };

/** The scene on the spec's background, its arena stretched over the frame: 64×64×3 bytes, a new array each time. */
export function drawScene(scene: Scene, spec: Pick<WorldSpec, 'arena' | 'background'>): Frame {
  const scaleX = FRAME_SIZE / spec.arena.width;
  const scaleY = FRAME_SIZE / spec.arena.height;
  const frame = backdropOf(spec.background).slice();
  for (const shape of scene) {
    addEdges(shape, scaleX, scaleY);
    coverage.fill(frame, ...bytesOf(shape.color));
  }
  return frame;
}

function addEdges(shape: Shape, scaleX: number, scaleY: number): void {
  const isCircle = shape.kind === 'circle';
  const vertices = isCircle ? circle : shape.vertices;
  const { x, y, angle } = shape.pose;
  const cos = isCircle ? shape.radius : Math.cos(angle);
  const sin = isCircle ? 0 : Math.sin(angle);
  const last = vertices[vertices.length - 1];
  if (!last) return;
  let fromX = (x + cos * last.x - sin * last.y) * scaleX;
  let fromY = (y + sin * last.x + cos * last.y) * scaleY;
  for (const vertex of vertices) {
    const toX = (x + cos * vertex.x - sin * vertex.y) * scaleX;
    const toY = (y + sin * vertex.x + cos * vertex.y) * scaleY;
    coverage.addEdge(fromX, fromY, toX, toY);
    fromX = toX;
    fromY = toY;
  }
}

/** A frame of one colour; not to be written to. */
function backdropOf(color: string): Frame {
  if (color !== lastBackdrop.color) {
    const frame = new Uint8Array(FRAME_BYTES);
    const bytes = bytesOf(color);
    for (let i = 0; i < FRAME_BYTES; i++) frame[i] = bytes[i % FRAME_CHANNELS] as number;
    lastBackdrop = { color, frame };
  }
  return lastBackdrop.frame;
}

/** The bytes of `#rrggbb`. */
function bytesOf(color: string): [red: number, green: number, blue: number] {
  const number = Number.parseInt(color.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}
