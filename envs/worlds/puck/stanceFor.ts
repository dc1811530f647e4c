/**
 * From where a mallet strikes the puck in a given direction. The best place is straight behind it. Where that lies in a
 * cushion, the nearest places to it at the same distance from the puck are not inside the puck, as the nearest of all
 * would be, but to its sides.
 */
import type { Point } from '../../../shared/scene.ts';
import { distanceBetween, malletReach, within } from './puckTable.ts';

/** Angle between the places that are tried, in radians. */
const turnStep = 0.1;

/**
 * The place of the mallet's centre at a distance from the puck's: straight behind it or as little to the side as a
 * cushion asks for, on the side nearer to the mallet if both will do.
 * @param heading where the puck is to go, in radians
 */
export function stanceFor(mallet: Point, puck: Point, heading: number, distance: number): Point {
  const at = (angle: number) => ({ x: puck.x - distance * Math.cos(angle), y: puck.y - distance * Math.sin(angle) });
  for (let turn = 0; turn < Math.PI; turn += turnStep) {
    const open = [at(heading + turn), at(heading - turn)].filter(
      (place) => distanceBetween(place, within(malletReach, place)) === 0,
    );
    const [first, second] = open;
    if (first && second && distanceBetween(second, mallet) < distanceBetween(first, mallet)) return second;
    if (first) return first;
  }
  return within(malletReach, at(heading));
}
