/**
 * What is recorded of a live session. Every episode is held in memory from its start, so that whoever presses *Record*
 * in the middle of a task keeps it whole, replayable from where it began. While the switch is on, every episode that
 * ends is written, and switching off writes the one under way as far as it has come. A server that records everything,
 * or nothing, has no switch, and says so.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import type { BeginRecording } from '../recording/recordingFolder.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';

const NOWHERE: ServerMessageOf<'error'> = {
  type: 'error',
  code: 'recording',
  message: 'This server has no folder for recordings; start it with `--recordings` and one that can be written.',
};

export class SessionRecorder {
  /** Begins to record an episode; nothing where the server keeps no recordings. */
  readonly begin: BeginRecording | undefined;
  private readonly always: boolean;
  private readonly tell: (message: ServerMessageOf<'recording'>) => void;
  private on = false;
  private keepCurrent: (() => void) | undefined;

  constructor(
    { record, recordings }: Pick<LiveSessionOptions, 'record' | 'recordings'>,
    tell: (message: ServerMessageOf<'recording'>) => void,
  ) {
    this.always = record !== undefined;
    this.tell = tell;
    this.begin = record ?? (recordings && this.holding(recordings));
  }

  /** What a page that joins is told. */
  standing(): ServerMessageOf<'recording'>[] {
    if (this.begin === undefined) return [];
    return [{ type: 'recording', on: this.always || this.on, always: this.always }];
  }

  /** Switching off writes the episode under way; what the viewer is told where there is nowhere to write. */
  switch(on: boolean): ServerMessageOf<'error'> | undefined {
    if (this.begin === undefined) return NOWHERE;
    if (this.on && !on) this.keepCurrent?.();
    this.on = on && !this.always;
    for (const message of this.standing()) this.tell(message);
    return undefined;
  }

  private holding(recordings: LiveRecordings): BeginRecording {
    return (world, task) => {
      const { step, keep } = recordings.hold(world, task);
      this.keepCurrent = keep;
      let over = false;
      const end = (): void => {
        if (over) return;
        over = true;
        if (this.keepCurrent === keep) this.keepCurrent = undefined;
        if (this.on) keep();
      };
      return { step, end };
    };
  }
}
