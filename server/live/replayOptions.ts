/**
 * What a session that replays a recording is made of: what a live one has, as far as nobody acts in it, and the shelf on
 * which its recording lies.
 */
import type { RecordingShelf } from '../recording/recordingShelf.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';

export interface ReplayOptions
  extends Pick<
    LiveSessionOptions,
    'agents' | 'recordings' | 'settings' | 'clock' | 'spareTime' | 'scheduler' | 'onDefect'
  > {
  readonly shelf?: RecordingShelf;
}
