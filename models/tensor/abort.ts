/** Giving up a run: what its caller is told. */
import { EngineError } from '../../shared/errors.ts';

/** The error of a run whose signal has been aborted; the signal's reason is its cause. */
export function refusalOf(signal: AbortSignal): EngineError {
  return new EngineError('the run was aborted; run the program again if its result is wanted after all', {
    cause: signal.reason,
  });
}
