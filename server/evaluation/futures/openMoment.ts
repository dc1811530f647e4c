/** A picture whose latent leaves something open, and pictures of what may be true: samples of one distribution. */
import type { Frame } from '../../../shared/frame.ts';

/** What a latent may leave open. */
export const OPEN_CASES = ['future', 'place'] as const;

export type OpenCase = (typeof OPEN_CASES)[number];

export interface OpenMoment {
  /** What the agent sees, and what the painter's latent is read from. */
  readonly seen: Frame;
  readonly truths: readonly Frame[];
}
