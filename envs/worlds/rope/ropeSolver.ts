/**
 * Makes the rope keep its promises after each physics update, which matter's constraints alone hold only roughly under
 * pull: position based dynamics (Müller et al. 2007) on the points of the chain. Neighbours keep their spacing, the
 * rope resists sharp bends, and nothing lies in a peg or off the table. The anchor doesn't yield, the others do as
 * their masses say, so that a taut rope stops the handle.
 *
 * Sweeps run inwards and outwards in turn. A last one runs outwards from the anchor and cuts the stretch that is left,
 * so that no pull can draw the rope through a peg; what is left of a push shortens the rope for a moment.
 */
import type { Point } from '../../../shared/scene.ts';
import { anchor, arenaSize, linkCount, pegs, type RopeSizes, spacing } from './ropeGeometry.ts';

export interface RopeSolverConfig extends RopeSizes {
  readonly linkMass: number;
  readonly handleMass: number;
}

/** Most sweeps over the chain after an update. */
const mostSweeps = 12;

/** Sweeps end when no promise is broken by more than this, in units. */
const enough = 0.1;

/** How far a link may lie off the middle between its neighbours: a bend of 70 degrees. */
const mostSag = spacing * Math.sin((35 * Math.PI) / 180);

/** Longest distance of neighbours that the last sweep leaves, in units; being pushed off a peg may add a little. */
const longest = 1.02 * spacing;

/** How often the last sweep cuts the stretch of a link and pushes it off the pegs. */
const cuts = 3;

export class RopeSolver {
  /** Coordinates of the chain from the anchor to the handle, in units: to be set before `relax`. */
  readonly x = new Float64Array(linkCount + 1);
  readonly y = new Float64Array(linkCount + 1);
  /** How much each point yields: its inverse mass. */
  private readonly yielding = new Float64Array(linkCount + 1);
  private readonly clearance: number;
  private readonly margin: number;

  constructor({ linkRadius, pegRadius, linkMass, handleMass }: RopeSolverConfig) {
    this.x[0] = anchor.x;
    this.y[0] = anchor.y;
    this.yielding.fill(1 / linkMass, 1);
    this.yielding[linkCount] = 1 / handleMass;
    this.clearance = pegRadius + linkRadius;
    this.margin = linkRadius;
  }

  /** Moves all points but the first to where they keep the promises. */
  relax(): void {
    for (let sweep = 0; sweep < mostSweeps; sweep++) {
      if (this.sweep(sweep % 2 === 0) < enough) break;
    }
    for (let i = 1; i <= linkCount; i++) {
      for (let cut = 0; cut < cuts; cut++) {
        this.cutStretch(i);
        this.keepClear(i);
      }
    }
  }

  /** Returns by how much the worst promise was broken, in units. */
  private sweep(inwards: boolean): number {
    let worst = 0;
    for (let k = 1; k <= linkCount; k++) {
      const i = inwards ? linkCount + 1 - k : k;
      worst = Math.max(worst, this.keepSpacing(i));
      if (i < linkCount) worst = Math.max(worst, this.straighten(i));
    }
    for (let i = 1; i <= linkCount; i++) worst = Math.max(worst, this.keepClear(i));
    return worst;
  }

  /** Brings a point and the one before it to their spacing; returns how far it was off. */
  private keepSpacing(i: number): number {
    const { x, y, yielding } = this;
    const dx = (x[i] as number) - (x[i - 1] as number);
    const dy = (y[i] as number) - (y[i - 1] as number);
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length === 0) return 0;
    const excess = length - spacing;
    const before = yielding[i - 1] as number;
    const here = yielding[i] as number;
    const share = excess / (length * (before + here));
    this.move(i - 1, dx * share * before, dy * share * before);
    this.move(i, -dx * share * here, -dy * share * here);
    return Math.abs(excess);
  }

  /** Brings a point nearer to the middle of its neighbours if it lies too far off; returns how much too far. */
  private straighten(i: number): number {
    const { x, y, yielding } = this;
    const dx = (x[i] as number) - ((x[i - 1] as number) + (x[i + 1] as number)) / 2;
    const dy = (y[i] as number) - ((y[i - 1] as number) + (y[i + 1] as number)) / 2;
    const squared = dx * dx + dy * dy;
    if (squared <= mostSag * mostSag) return 0;
    const sag = Math.sqrt(squared);
    const excess = sag - mostSag;
    const before = yielding[i - 1] as number;
    const here = yielding[i] as number;
    const after = yielding[i + 1] as number;
    const share = excess / (sag * (here + (before + after) / 4));
    this.move(i, -dx * share * here, -dy * share * here);
    this.move(i - 1, (dx * share * before) / 2, (dy * share * before) / 2);
    this.move(i + 1, (dx * share * after) / 2, (dy * share * after) / 2);
    return excess;
  }

  /** Moves a point straight towards the one before it if it is too far off. */
  private cutStretch(i: number): void {
    const { x, y } = this;
    const dx = (x[i] as number) - (x[i - 1] as number);
    const dy = (y[i] as number) - (y[i - 1] as number);
    const squared = dx * dx + dy * dy;
    if (squared <= longest * longest) return;
    const length = Math.sqrt(squared);
    const cut = (length - longest) / length;
    this.move(i, -dx * cut, -dy * cut);
  }

  /** Moves a point out of the pegs and back onto the table; returns how deep in a peg it was. */
  private keepClear(i: number): number {
    const { margin, clearance } = this;
    let x = this.x[i] as number;
    let y = this.y[i] as number;
    let depth = 0;
    for (let k = 0; k < pegs.length; k++) {
      const peg = pegs[k] as Point;
      const dx = x - peg.x;
      const dy = y - peg.y;
      const squared = dx * dx + dy * dy;
      if (squared >= clearance * clearance || squared === 0) continue;
      const length = Math.sqrt(squared);
      x = peg.x + (dx * clearance) / length;
      y = peg.y + (dy * clearance) / length;
      depth = clearance - length;
    }
    this.x[i] = Math.min(arenaSize - margin, Math.max(margin, x));
    this.y[i] = Math.min(arenaSize - margin, Math.max(margin, y));
    return depth;
  }

  private move(i: number, dx: number, dy: number): void {
    this.x[i] = (this.x[i] as number) + dx;
    this.y[i] = (this.y[i] as number) + dy;
  }
}
