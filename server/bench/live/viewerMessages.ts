/** What the bench tells the thread of its viewers, and what it is told. */

/** One more client that does harm: it never acknowledges nor reads, or it sends all that it can. */
export const DISTURBANCES = ['none', 'stalled', 'flooding'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

export interface ViewerOrder {
  readonly port: number;
  readonly token: string;
  readonly viewers: number;
  readonly disturbance: Disturbance;
  /** Milliseconds from the first frame of the last viewer until frames count, and for which they do. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface ViewerReport {
  /** Milliseconds from the drawing of each frame to its arrival, of all viewers together. */
  readonly ages: readonly number[];
  /** Frames that the server left out, by its own count. */
  readonly dropped: number;
  /** Viewers that lost their connection. */
  readonly lost: number;
}

/** Where the clock of the stamps begins again: 9 years of microseconds. */
const CLOCK_RANGE = 2 ** 48;

/** Microseconds on a clock that all threads share. */
export function sharedMicroseconds(): number {
  return (1000 * (performance.timeOrigin + performance.now())) % CLOCK_RANGE;
}
