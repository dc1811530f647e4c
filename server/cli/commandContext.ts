/**
 * What every command is handed: where to speak, what time it is, and when to stop. Commands reach the machine through
 * it alone, so that a test can run them without a terminal or a signal.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Output } from './output.ts';

export interface CommandContext {
  readonly output: Output;
  readonly clock: Clock;
  /**
   * What aborts when the person asks the program to stop (SIGINT or SIGTERM). Whoever asks for it answers the first such
   * signal; a command that never does is ended by the system at once.
   */
  interruption(): AbortSignal;
  /** Exit status of a command that ran but whose answer is no: `check` found a fault. */
  setExitCode(code: 0 | 1): void;
}
