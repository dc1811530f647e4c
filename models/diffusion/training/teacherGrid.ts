/**
 * How fine the grid is on which a student is taught. The paper of multistep consistency models (arXiv 2403.06807,
 * Algorithm 1) anneals it, from 64 points to 1280 over the first half of the training, so that targets first come
 * quickly down to the student's segments and later are exact; a short constant grid is what small batches bear.
 */

/** Points of the grid over all of time, for a student of so many segments; a multiple of `segments`. */
export type TeacherGrid = (segments: number, progress: number) => number;

/** The same grid throughout; every number of segments asked for must divide `points`. */
export function constantGrid(points: number): TeacherGrid {
  return () => points;
}

export interface AnnealedGridConfig {
  readonly from: number;
  readonly to: number;
  /** Share of the training after which the grid stays. */
  readonly until: number;
}

export const publishedAnnealing: AnnealedGridConfig = { from: 64, to: 1280, until: 0.5 };

/**
 * Geometric from one number of points to the other. The paper writes T for what must be n · P: whole steps in each
 * segment, at least one.
 */
export function annealedGrid({ from, to, until }: AnnealedGridConfig = publishedAnnealing): TeacherGrid {
  return (segments, progress) => {
    const points = from * (to / from) ** Math.min(1, progress / until);
    return segments * Math.max(1, Math.round(points / segments));
  };
}
