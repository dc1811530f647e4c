/**
 * What the frame of `rope` shows: dark pegs, the rope as one capsule from link to link, and the handle on top. The half
 * of the rope near the anchor and the half near the handle have colours of their own. The three colours are far apart
 * as differences from the white background, so that a linear un-mixing finds the parts at edges too.
 */
import type { Point, Scene } from '../../../shared/scene.ts';
import type { State } from '../../../shared/world.ts';
import { chainOf, labels, linkCount, pegs, type RopeSizes, spacing } from './ropeGeometry.ts';

/** Radius of the handle, thicker than the rope. */
export const handleRadius = 11;

/** Colours of the rope's near half, of its far half and of the handle. */
export const colors = { root: '#0096c7', tip: '#ffb703', handle: '#d6006c' };

const fixedColor = '#3c4450';

/** Segments from the anchor on that belong to the near half. */
const rootSegments = 4;

/** Corners on each of a capsule's round ends. */
const endCorners = 3;

/** Draws the states of a rope and pegs of the given sizes. */
export function ropeScene({ linkRadius, pegRadius }: RopeSizes): (state: State) => Scene {
  const vertices = capsule(spacing / 2, linkRadius);
  const fixed = { color: fixedColor, fixed: true, kind: 'circle' } as const;
  const posts: Scene = pegs.map((peg, i) => ({
    ...fixed,
    name: `peg${i + 1}`,
    pose: { ...peg, angle: 0 },
    radius: pegRadius,
  }));
  return (state) => {
    const chain = chainOf(state);
    const segments: Scene = labels.map((_, i) => {
      const [from, to] = [chain[i] as Point, chain[i + 1] as Point];
      const name = i < rootSegments ? 'root' : 'tip';
      const angle = Math.atan2(to.y - from.y, to.x - from.x);
      const pose = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, angle };
      return { kind: 'polygon', name, color: colors[name], fixed: false, pose, vertices };
    });
    const pose = { ...(chain[linkCount] as Point), angle: 0 };
    const handle = { kind: 'circle', color: colors.handle, fixed: false, pose, radius: handleRadius } as const;
    return [...posts, ...segments, { ...handle, name: 'handle' }];
  };
}

/** A rectangle from -half to half with half discs at its ends. */
function capsule(half: number, radius: number): Point[] {
  return [1, -1].flatMap((side) =>
    Array.from({ length: endCorners }, (_, i) => {
      const angle = Math.PI * (i / (endCorners - 1) - 0.5);
      return { x: side * (half + radius * Math.cos(angle)), y: side * radius * Math.sin(angle) };
    }),
  );
}
