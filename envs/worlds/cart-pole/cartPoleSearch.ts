/**
 * A little search that brings the pole up over a place and holds it there: at every step the plan of the step before is
 * moved on and a few random changes are tried on the equations of motion, of which the best is kept. So few don't find
 * the best plan, but one that is soon good enough, and no two alike.
 */
import type { Random } from '../../../shared/random.ts';
import { advanced, type CartPoleBody, type Motion } from './cartPolePhysics.ts';

/** Steps of a plan. */
const horizon = 8;

/** Changes tried at every step. */
const trials = 12;

/** Deviations of a change, the one as likely as the other. */
const deviations = { coarse: 1, fine: 0.25 };

export interface CartPoleSearchSetting {
  readonly body: CartPoleBody;
  /** Physics updates in a step. */
  readonly updates: number;
  /** How far a motion is from standing upright over a place. */
  readonly distance: (motion: Motion, placeX: number) => number;
}

export class CartPoleSearch {
  private readonly random: Random;
  private readonly setting: CartPoleSearchSetting;
  private plan: readonly number[] = new Array<number>(horizon).fill(0);

  constructor(random: Random, setting: CartPoleSearchSetting) {
    this.random = random;
    this.setting = setting;
  }

  /** The next action, in [-1, 1]. */
  act(motion: Motion, placeX: number): number {
    let best = [...this.plan.slice(1), 0];
    let least = this.costOf(best, motion, placeX);
    for (let i = 0; i < trials; i++) {
      const changed = this.changed(best);
      const cost = this.costOf(changed, motion, placeX);
      if (cost < least) [best, least] = [changed, cost];
    }
    this.plan = best;
    return best[0] ?? 0;
  }

  /** The plan with all actions of some stretch of it changed alike. */
  private changed(plan: readonly number[]): number[] {
    const { random } = this;
    const from = random.integer(horizon);
    const to = from + random.integer(horizon - from);
    const change = random.normal(0, random.chance(0.5) ? deviations.coarse : deviations.fine);
    return plan.map((action, i) => (i < from || i > to ? action : Math.min(1, Math.max(-1, action + change))));
  }

  /** As planners judge: the mean distance on the way plus the last one. */
  private costOf(plan: readonly number[], from: Motion, placeX: number): number {
    const { body, updates, distance } = this.setting;
    let motion = from;
    let sum = 0;
    let last = 0;
    for (const action of plan) {
      motion = advanced(body, motion, action, updates);
      last = distance(motion, placeX);
      sum += last;
    }
    return sum / horizon + last;
  }
}
