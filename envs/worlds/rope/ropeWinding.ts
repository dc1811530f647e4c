/**
 * How far the rope is from another shape when pegs are in the way. A link that lies on the wrong side of a peg can't go
 * straight to its place: the rope must be led back around the peg.
 *
 * Seen from a peg, the rope from the anchor to a link sweeps an angle that grows with every turn around the peg. Where
 * the angles of two shapes differ by less than half a turn, the straight way is free; beyond that, the shortest way
 * leads to the peg and around it. For one peg without width this is the exact shortest way, as on a cone of endless
 * angle with its tip at the peg; with several pegs, the longest of the ways that each asks for is a lower bound.
 */
import type { Point } from '../../../shared/scene.ts';
import { distanceBetween, pegs, spacing } from './ropeGeometry.ts';

/** Angle that the chain sweeps around a peg up to each of its points, in radians, positive clockwise on the screen. */
export function sweptAngles(chain: readonly Point[], peg: Point): number[] {
  let sum = 0;
  return chain.map((point, i) => {
    const before = chain[i - 1];
    if (before) sum += angleSeen(peg, before, point);
    return sum;
  });
}

/** By how much two chains turn differently around a peg, at the link and the peg where it is most; in radians. */
export function mostTurnBetween(a: readonly Point[], b: readonly Point[]): number {
  const turns = pegs.flatMap((peg) => {
    const [one, other] = [sweptAngles(a, peg), sweptAngles(b, peg)];
    return one.map((angle, i) => Math.abs(angle - (other[i] ?? angle)));
  });
  return Math.max(...turns);
}

/**
 * Whether any part of the rope crossed the middle of a peg, each of its points having gone straight. For that it must
 * come from one side of a peg to the other, and no peg is as narrow as half a link is long.
 */
export function crossesPeg(before: readonly Point[], now: readonly Point[]): boolean {
  if (before.every((point, i) => distanceBetween(point, now[i] ?? point) < spacing / 2)) return false;
  return pegs.some((peg) => {
    const turns = before.map((point, i) => angleSeen(peg, point, now[i] ?? point));
    return before.slice(1).some((point, i) => {
      const [pointBefore, pointNow] = [before[i] ?? point, now[i] ?? point];
      const change = angleSeen(peg, pointNow, now[i + 1] ?? point) - angleSeen(peg, pointBefore, point);
      return Math.abs(change + (turns[i] ?? 0) - (turns[i + 1] ?? 0)) > Math.PI;
    });
  });
}

/**
 * Length of the way of each point of the chain to its place in the goal, in units; ways around a peg keep `clearance`
 * from its middle.
 */
export function wayLengths(chain: readonly Point[], goal: readonly Point[], clearance: number): number[] {
  const lengths = chain.map((point, i) => distanceBetween(point, goal[i] ?? point));
  for (const peg of pegs) {
    const [now, then] = [sweptAngles(chain, peg), sweptAngles(goal, peg)];
    for (const [i, point] of chain.entries()) {
      const turn = Math.abs((then[i] ?? 0) - (now[i] ?? 0));
      if (turn <= Math.PI) continue;
      const around =
        distanceBetween(point, peg) + distanceBetween(peg, goal[i] ?? point) + clearance * (turn - Math.PI);
      lengths[i] = Math.max(lengths[i] ?? 0, around);
    }
  }
  return lengths;
}

/** Signed angle from one point to the next as seen from the peg, within ±π. */
function angleSeen(peg: Point, from: Point, to: Point): number {
  const [ax, ay] = [from.x - peg.x, from.y - peg.y];
  const [bx, by] = [to.x - peg.x, to.y - peg.y];
  return Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
}
