/**
 * Whether a recording still happens: it is played in a fresh world and compared at every step. The report names the
 * first step that differs and the likely cause.
 */
import type { World } from '../../shared/world.ts';
import { type Mismatch, RecordedEpisode, ReplayMismatch } from './recordedEpisode.ts';
import type { Recording } from './recording.ts';
import { type Difference, recordingDifferences } from './recordingDifferences.ts';

export interface ReplayReport {
  readonly ok: boolean;
  /** Steps that went as recorded. */
  readonly steps: number;
  /** Where it stopped going as recorded. */
  readonly mismatch?: Mismatch & { readonly likelyCause: string };
  /** What is other here than where it was recorded, whether it matters or not. */
  readonly differences: readonly Difference[];
}

/**
 * Plays the recording in `world`, a new one with the recording's variation.
 * @throws DataError when the recording is of another world.
 */
export function replayRecording(recording: Recording, world: World): ReplayReport {
  const differences = recordingDifferences(recording.header, world.spec);
  let steps = 0;
  try {
    const episode = new RecordedEpisode(recording, world);
    for (; steps < episode.length; steps++) episode.step();
    return { ok: true, steps, differences };
  } catch (error) {
    if (!(error instanceof ReplayMismatch)) throw error;
    return { ok: false, steps, mismatch: { ...error.mismatch, likelyCause: likelyCause(differences) }, differences };
  }
}

function likelyCause([first]: readonly Difference[]): string {
  if (first !== undefined) return `${first.what}: ${first.recorded} when it was recorded, ${first.here} here`;
  return 'nothing that is recorded differs here, so the code of the world was changed without raising its version, it is not deterministic, or the file was altered';
}
