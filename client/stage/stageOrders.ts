/**
 * What the page tells the painter of its stage: plain data that cross to a worker. The page decides what is shown and
 * where; the painter alone knows WebGL.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Pose } from '../../shared/scene.ts';
import type { FanPaths } from '../readFrames.ts';

export const VIEW_NAMES = ['physics', 'seen', 'dream', 'difference'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

/** Where a view lies on the canvas, in CSS pixels from its left and lower edge. */
export interface Place {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Device pixels for each of CSS. */
  readonly pixelRatio: number;
  readonly places: Readonly<Record<ViewName, Place>>;
  /** The page's colour, which is around the views. */
  readonly paper: string;
}

/** 64×64 RGBA. Where there is no dream or no difference, nothing is shown; what is seen stays until it is seen anew. */
export interface Pictures {
  readonly seen?: Uint8Array;
  readonly dream?: Uint8Array;
  readonly difference?: Uint8Array;
}

export type StageOrder =
  | { readonly type: 'begin'; readonly episode: ServerMessageOf<'episode'> }
  /** One iteration of a plan's fan, its first `elites` paths in another colour; nothing clears it. */
  | { readonly type: 'fan'; readonly paths: FanPaths | undefined; readonly elites: number }
  /** Moves ghosts of the goal, by place in its scene. */
  | { readonly type: 'haunt'; readonly poses: ReadonlyMap<number, Pose> }
  /** Draws bodies in somebody's hand, by place in the scene; the others where they are. */
  | { readonly type: 'carry'; readonly poses: ReadonlyMap<number, Pose> }
  /** Draws all, the shapes at `poses` `[shapes, 3]`; answered when it is done. */
  | {
      readonly type: 'draw';
      readonly poses: Float32Array;
      readonly pictures: Pictures | undefined;
      readonly layout: Layout;
    };
