/**
 * The dashed outline of a ghost, as triangles: WebGL draws lines one pixel wide and knows no dashes. The closed path is
 * walked once, and every dash becomes a thin rectangle along its edge; a dash that meets a corner goes on along the
 * next edge.
 */
import { BufferGeometry, Float32BufferAttribute } from 'three';
import type { Point } from '../../shared/scene.ts';

export interface DashPattern {
  /** Lengths along the path and across it, in the units of its points. */
  readonly dash: number;
  readonly gap: number;
  readonly width: number;
}

/** A piece of one edge that lies within a dash. */
interface Piece {
  readonly from: Point;
  readonly to: Point;
}

/** The dashes of the closed path through `corners`. */
export function dashedOutline(corners: readonly Point[], pattern: DashPattern): BufferGeometry {
  const positions = dashesAlong(corners, pattern).flatMap((piece) => rectangle(piece, pattern.width));
  return new BufferGeometry().setAttribute('position', new Float32BufferAttribute(positions, 3));
}

/** The pieces of the closed path that dashes cover, fitted so that a whole number of dashes goes round. */
export function dashesAlong(corners: readonly Point[], { dash, gap }: DashPattern): Piece[] {
  const edges = corners.map((from, i) => ({ from, to: corners[(i + 1) % corners.length] ?? from }));
  const around = edges.reduce((sum, edge) => sum + lengthOf(edge), 0);
  if (around === 0) return [];
  const period = around / Math.max(1, Math.round(around / (dash + gap)));
  const inked = (period * dash) / (dash + gap);
  const pieces: Piece[] = [];
  let walked = 0;
  for (const edge of edges) {
    const length = lengthOf(edge);
    for (let start = Math.floor(walked / period) * period; start < walked + length; start += period) {
      const from = Math.max(start, walked) - walked;
      const to = Math.min(start + inked, walked + length) - walked;
      if (to > from) pieces.push({ from: along(edge, from / length), to: along(edge, to / length) });
    }
    walked += length;
  }
  return pieces;
}

function lengthOf({ from, to }: Piece): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

function along({ from, to }: Piece, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Two triangles, with half a width to either side of the piece. */
function rectangle(piece: Piece, width: number): number[] {
  const { from, to } = piece;
  const half = width / 2 / lengthOf(piece);
  const x = (from.y - to.y) * half;
  const y = (to.x - from.x) * half;
  const corner = (point: Point, side: number): number[] => [point.x + side * x, point.y + side * y, 0];
  return [corner(from, 1), corner(to, 1), corner(to, -1), corner(from, 1), corner(to, -1), corner(from, -1)].flat();
}
