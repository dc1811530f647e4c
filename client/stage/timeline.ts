/**
 * One clock for everything on the stage. Ticks arrive in steps; between two of them the physics glides from the old
 * poses to the new ones, and the pictures change when it is halfway, so that a picture is never further than half a
 * step from the physics beside it. The glide lasts as long as ticks have lately been apart. A tick that comes early
 * takes over from wherever the glide has got to.
 */
import type { Scene } from '../../shared/scene.ts';
import type { Tick } from '../readFrames.ts';

/** What the stage shows at an instant: `poses` is `[shapes, 3]`; `moving` until the glide has ended. */
export interface Instant {
  readonly poses: Float32Array;
  readonly tick: Tick | undefined;
  readonly moving: boolean;
}

/** Bounds of a glide, in milliseconds: one display frame, and what still feels immediate after a pause. */
const SHORTEST = 16;
const LONGEST = 200;

const TURN = 2 * Math.PI;

export class Timeline {
  private from = new Float32Array();
  private to = new Float32Array();
  private shown: Tick | undefined;
  private next: Tick | undefined;
  private arrival = Number.NEGATIVE_INFINITY;
  private glide = SHORTEST;

  /** Begins an episode with its shapes at these poses. */
  begin(poses: Float32Array): void {
    this.from = poses.slice();
    this.to = poses.slice();
    this.shown = undefined;
    this.next = undefined;
    this.arrival = Number.NEGATIVE_INFINITY;
  }

  /**
   * Takes a tick that arrived at `now`; poses of another number of shapes belong to another episode and are left out.
   */
  push(tick: Tick, now: number): void {
    const sameShapes = tick.poses?.length === this.to.length;
    this.from = Float32Array.from(this.at(now).poses);
    if (tick.poses !== undefined && sameShapes) this.to = tick.poses.slice();
    if (this.next === undefined) this.from = this.to;
    this.shown = this.next ?? tick;
    this.next = tick;
    this.glide = Math.min(LONGEST, Math.max(SHORTEST, now - this.arrival));
    this.arrival = now;
  }

  /** Stands at a tick, with no way there. */
  jump(tick: Tick): void {
    if (tick.poses?.length === this.to.length) this.to = tick.poses.slice();
    this.from = this.to;
    this.shown = tick;
    this.next = tick;
    this.arrival = Number.NEGATIVE_INFINITY;
  }

  /** What to show at `now`. */
  at(now: number): Instant {
    const progress = Math.min(1, Math.max(0, (now - this.arrival) / this.glide));
    return {
      poses: progress === 1 ? this.to : blend(this.from, this.to, progress),
      tick: progress < 0.5 ? this.shown : this.next,
      moving: progress < 1,
    };
  }
}

/** Positions on the straight line, angles along the shorter arc. */
function blend(from: Float32Array, to: Float32Array, progress: number): Float32Array {
  return to.map((target, i) => {
    const start = from[i] as number;
    const way = i % 3 === 2 ? shorterArc(target - start) : target - start;
    return start + progress * way;
  });
}

function shorterArc(angle: number): number {
  return angle - TURN * Math.round(angle / TURN);
}

/** The poses of shapes as they are given, `[shapes, 3]`. */
export function posesOf(scene: Scene): Float32Array {
  return Float32Array.from(scene.flatMap(({ pose }) => [pose.x, pose.y, pose.angle]));
}
