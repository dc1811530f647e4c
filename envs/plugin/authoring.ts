/**
 * All that the author of a world imports, from wherever the world lies:
 *
 * ```ts
 * import { defineMatterWorld, Matter, type WorldSpec } from 'reverie/world';
 * ```
 *
 * `reverie new-world NAME` writes a working example, and `docs/worlds.md` walks through it.
 */
export { default as Matter } from 'matter-js';
export type { Control, Controls } from '../../shared/controls.ts';
export { WorldError } from '../../shared/errors.ts';
export type { ColorFactor, Factor, Factors, NumberFactor, Variation } from '../../shared/factors.ts';
export { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
export { Random } from '../../shared/random.ts';
export type { CircleShape, Point, PolygonShape, Pose, Scene, Shape } from '../../shared/scene.ts';
export { type Action, type Box, clamp, contains, type Discrete, type Space, sample } from '../../shared/space.ts';
export type {
  Behaviour,
  Difficulty,
  Quantity,
  Snapshot,
  State,
  StepResult,
  Task,
  VisibleObject,
  World,
  WorldDefinition,
  WorldSpec,
} from '../../shared/world.ts';
export { angleBetween, wrapAngle } from '../angle.ts';
export { drawScene } from '../drawScene.ts';
export { driveWithin } from '../matter/driveWithin.ts';
export type { Bodies, MatterRules, Parts, Placement } from '../matter/matterRules.ts';
export { defineMatterWorld, MatterWorld } from '../matter/matterWorld.ts';
