/**
 * One recorded episode in memory: the header, the hash of the state in which the episode begins, and for every step the
 * action, the verdict of the world and the hash of the state after it. Nothing else is kept, since a world is
 * deterministic: the same beginning and the same actions give the same states to the bit.
 */
import type { Action } from '../../shared/space.ts';
import type { StepResult } from '../../shared/world.ts';
import type { RecordingHeader } from './recordingHeader.ts';
import type { StateHash } from './stateHash.ts';

export interface RecordedStep extends StepResult {
  readonly action: Action;
  /** Of the state after the step. */
  readonly hash: StateHash;
}

export interface Recording {
  readonly header: RecordingHeader;
  /** Of the state before the first step. */
  readonly startHash: StateHash;
  /** As many as `header.steps`. */
  readonly steps: readonly RecordedStep[];
}
