/**
 * The table of `rope`: where the rope is tied, where the pegs stand, and how the rope is cut into links. A chain is the
 * list of the rope's points from the anchor, which never moves, to the handle; a state holds all of them but the first.
 *
 * Neighbouring links are closer to each other than a peg is wide, so that no peg fits between two of them.
 */
import type { Point } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';

/** Size of the arena, both ways. */
export const arenaSize = 240;

/** Where the rope is tied to the table. */
export const anchor: Point = { x: 120, y: 18 };

/** Middles of the pegs. */
export const pegs: readonly Point[] = [
  { x: 66, y: 96 },
  { x: 174, y: 96 },
  { x: 120, y: 166 },
];

/** Distance between the middles of neighbouring links. */
export const spacing = 22;

/** Movable points of the chain: eight links and the handle. */
export const linkCount = 9;

/** Length of the rope from the anchor to the handle. */
export const ropeLength = spacing * linkCount;

/** Labels of the movable bodies, from the anchor outwards. */
export const labels: readonly string[] = Array.from({ length: linkCount }, (_, i) =>
  i === linkCount - 1 ? 'handle' : `link${i + 1}`,
);

/** Names of the quantities of each movable body, x and y. */
export const quantityNames: readonly (readonly [string, string])[] = labels.map((label) => [`${label}X`, `${label}Y`]);

/** The two sizes that can vary, in units. */
export interface RopeSizes {
  /** Half of the rope's thickness. */
  readonly linkRadius: number;
  readonly pegRadius: number;
}

/** The chain in the given state: anchor, links, handle. */
export function chainOf(state: State): Point[] {
  return [anchor, ...quantityNames.map(([x, y]) => ({ x: state[x] ?? 0, y: state[y] ?? 0 }))];
}

/** The state in which the chain lies as given, from the anchor to the handle. */
export function stateOf(chain: readonly Point[]): State {
  const coordinates = quantityNames.flatMap(([nameX, nameY], i) => {
    const { x, y } = chain[i + 1] ?? anchor;
    return [
      [nameX, x],
      [nameY, y],
    ] as const;
  });
  return Object.fromEntries(coordinates);
}

/** Mean distance of corresponding points, links and handle, in units. */
export function meanLinkDistance(a: State, b: State): number {
  let sum = 0;
  for (const [x, y] of quantityNames) sum += Math.hypot((a[x] ?? 0) - (b[x] ?? 0), (a[y] ?? 0) - (b[y] ?? 0));
  return sum / linkCount;
}

/** How far the rope turns at each link, from the first to the last; in radians, positive clockwise on the screen. */
export function bendsOf(chain: readonly Point[]): number[] {
  return chain.slice(1, -1).map((here, i) => {
    const [before, after] = [chain[i] as Point, chain[i + 2] as Point];
    const [inX, inY] = [here.x - before.x, here.y - before.y];
    const [outX, outY] = [after.x - here.x, after.y - here.y];
    return Math.atan2(inX * outY - inY * outX, inX * outX + inY * outY);
  });
}

/** Distance of two points. */
export function distanceBetween(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
