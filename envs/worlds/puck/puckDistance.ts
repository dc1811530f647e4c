/**
 * How far a state of `puck` is from a goal, in units: what is missing between the place where the puck will come to
 * rest and its place in the goal. That is what a stroke changes, at once, though the puck takes a dozen steps to get
 * there. A little is added for a mallet that is not yet behind the puck, ready to strike it towards the goal.
 */
import type { State } from '../../../shared/world.ts';
import { distanceBetween, malletOf, malletRadius, type PuckProperties, puckOf } from './puckTable.ts';
import { restOf } from './restOf.ts';
import { stanceFor } from './stanceFor.ts';

/** What a unit between the mallet and its place behind the puck counts, while the puck is far from the goal. */
const malletWeight = 0.3;

/** Units missing below which the mallet counts less and less. */
const nearby = 60;

/** Units between mallet and puck before a stroke. */
const gap = 10;

export function puckDistance(state: State, goal: State, properties: PuckProperties): number {
  const [rest, target] = [restOf(state, properties), puckOf(goal)];
  const missing = distanceBetween(rest, target);
  if (missing === 0) return 0;
  const mallet = malletOf(state);
  const heading = Math.atan2(target.y - rest.y, target.x - rest.x);
  const stance = stanceFor(mallet, rest, heading, properties.radius + malletRadius + gap);
  return missing + malletWeight * distanceBetween(mallet, stance) * Math.min(1, missing / nearby);
}
