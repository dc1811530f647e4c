/**
 * The times between which DDIM steps. Even ones, in the angle of the cosine schedule, spend their steps where next to
 * nothing is to be seen and take the details of a picture in one; so these crowd near it (as the quadratic times of
 * DDIM, Song et al. 2021a, arXiv 2010.02502, appendix D.2, and the seventh powers of Karras et al. 2022, table 1; docs/log.md
 * has what each power is worth). Students are taught on the times that they paint on.
 */

/** When a point of a grid is. */
export type PointTime = (k: number, points: number) => number;

/** Power of the curve; 1 would be even. */
const CURVATURE = 7;

/** The time of point `k` of a grid of `points`: 0, the picture, for the first and 1, pure noise, for the last. */
export function stepTime(k: number, points: number): number {
  return (k / points) ** CURVATURE;
}

/**
 * The same evenly: for samplers that jump to a picture and back to noise, which need room where the noise is, and for
 * what is compared with papers.
 */
export function evenTime(k: number, points: number): number {
  return k / points;
}

/**
 * For edits, which impose what is known at every step: in between, so that there are steps left while what is free can
 * still follow it.
 */
export function editTime(k: number, points: number): number {
  return (k / points) ** 3;
}
