/** Steps back, tells how far, and ends. */
import { getPriority } from 'node:os';
import { stepBack } from '../../shared/stepBack.ts';
import { sessionPriority } from './sessionPriority.ts';

/** What the process tells. */
export interface SteppedBack {
  readonly priority: number;
  /** The priority of its session among others; missing where the system has none. */
  readonly session: number | undefined;
}

stepBack(Number(process.argv[2]));
process.send?.({ priority: getPriority(), session: sessionPriority() } satisfies SteppedBack);
