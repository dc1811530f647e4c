/**
 * The fan of candidate plans as lines in the arena: elites bright and on top, the others faint. One iteration is shown
 * at a time; each replaces the geometry of the one before.
 */
import { BufferGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments } from 'three';
import type { FanPaths } from '../readFrames.ts';

const OTHERS = { color: '#7f8ea3', opacity: 0.55, order: 900 };
const ELITES = { color: '#ff9f1c', opacity: 1, order: 901 };

export class FanLines {
  readonly group = new Group();

  /** Shows the paths, the first `elites` of which are the best of their iteration; or nothing. */
  show(paths: FanPaths | undefined, elites: number): void {
    this.clear();
    if (paths === undefined) return;
    const split = elites * paths.points * 2;
    this.group.add(lines(segments(paths.data.subarray(split), paths.points), OTHERS));
    this.group.add(lines(segments(paths.data.subarray(0, split), paths.points), ELITES));
  }

  private clear(): void {
    for (const child of this.group.children) {
      if (!(child instanceof LineSegments)) continue;
      child.geometry.dispose();
      child.material.dispose();
    }
    this.group.clear();
  }
}

/** Pairs of ends `[pieces, 2, 3]` of paths `[paths, points, 2]`. */
export function segments(data: Float32Array, points: number): number[] {
  const ends: number[] = [];
  for (let at = 0; at + 3 < data.length; at += 2) {
    if ((at / 2) % points === points - 1) continue; // the last point of a path
    ends.push(data[at] ?? 0, data[at + 1] ?? 0, 0, data[at + 2] ?? 0, data[at + 3] ?? 0, 0);
  }
  return ends;
}

function lines(ends: number[], { color, opacity, order }: typeof OTHERS): LineSegments {
  const geometry = new BufferGeometry().setAttribute('position', new Float32BufferAttribute(ends, 3));
  const material = new LineBasicMaterial({ color, opacity, transparent: true, depthTest: false, toneMapped: false });
  const drawn = new LineSegments(geometry, material);
  drawn.renderOrder = order;
  drawn.frustumCulled = false;
  return drawn;
}
