/**
 * What a world looks like, as data: flat coloured shapes with poses, in arena units with y pointing down. The 64×64
 * frame and the page's three.js stage are two drawings of the same scene, so that they cannot disagree.
 */

/** Position in arena units and rotation in radians, clockwise on the screen because y points down. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

/** A point in arena units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

interface ShapeBase {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** Walls and other things that never move. */
  readonly fixed: boolean;
  readonly pose: Pose;
}

export interface CircleShape extends ShapeBase {
  readonly kind: 'circle';
  readonly radius: number;
}

/** A simple polygon, its vertices relative to the pose. */
export interface PolygonShape extends ShapeBase {
  readonly kind: 'polygon';
  readonly vertices: readonly Point[];
}

export type Shape = CircleShape | PolygonShape;

/** Shapes in drawing order, the last one on top; the order never changes within a world. */
export type Scene = readonly Shape[];
