/**
 * Noise as the papers of consistency training count it: a *level* σ is the noise on an unscaled picture, x + σ ε, from
 * 0 up. A noisy picture of the cosine schedule is the same one scaled by α, and its level is tan φ. Levels below the
 * lowest are less than two grey levels of a frame; the highest counts as pure noise, time 1, where samplers begin.
 */
import { EDM_RANGE } from '../processes/edmPreconditioning.ts';
import { angleOf } from './cosineSchedule.ts';

export const LOWEST_LEVEL = 0.02;
export const HIGHEST_LEVEL = EDM_RANGE.most;

/** The time of a level: 0 at 0, 1 from the highest on. */
export function timeOfLevel(level: number): number {
  return level >= HIGHEST_LEVEL ? 1 : Math.atan(level) / angleOf(1);
}

/** Curvature of a grid of levels: the larger, the more of its points lie low. */
const RHO = 7;
const root = (level: number): number => level ** (1 / RHO);
const [lowest, highest] = [root(LOWEST_LEVEL), root(HIGHEST_LEVEL)];

/** Level `index` of `count`, ascending from the lowest to the highest (Karras et al. 2022, arXiv 2206.00364, eq. 5). */
export function gridLevel(index: number, count: number): number {
  return (lowest + (index / (count - 1)) * (highest - lowest)) ** RHO;
}

/** The last index of such a grid whose level is not above the given one; −1 below the lowest. */
export function gridIndexBelow(level: number, count: number): number {
  const position = ((root(level) - lowest) / (highest - lowest)) * (count - 1);
  const index = Math.max(-1, Math.floor(position));
  // The root of a grid's own level may round to just below its index.
  return index + 1 < count && gridLevel(index + 1, count) <= level ? index + 1 : index;
}
