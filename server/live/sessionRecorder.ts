/**
 * What is recorded of a live session. Every episode is held in memory from its start, so that whoever presses *Record*
 * in the middle of a task keeps it whole, replayable from where it began. While the switch is on, every episode that
 * ends is written, and switching off writes the one under way as far as it has come. A server that records everything,
 * or nothing, has no switch, and says so. Whoever watches is told of an episode that could not be written.
 */
import { ReverieError } from '../../shared/errors.ts';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import type { BeginRecording } from '../recording/recordingFolder.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';
import { NO_RECORDINGS } from './noRecordings.ts';

const NOWHERE: ServerMessageOf<'error'> = {
  type: 'error',
  code: 'unrecorded',
  message: NO_RECORDINGS,
};

export class SessionRecorder {
  /** Begins to record an episode; nothing where the server keeps no recordings. */
  readonly begin: BeginRecording | undefined;
  private readonly always: boolean;
  private readonly tell: (message: ServerMessageOf<'recording' | 'error'>) => void;
  private readonly unwritten = (error: unknown): void => this.tell(unwrittenMessage(error));
  private on = false;
  private keepCurrent: (() => void) | undefined;

  constructor(
    { record, recordings }: Pick<LiveSessionOptions, 'record' | 'recordings'>,
    tell: (message: ServerMessageOf<'recording' | 'error'>) => void,
  ) {
    this.always = record !== undefined;
    this.tell = tell;
    if (record !== undefined) this.begin = (world, task) => record(world, task, this.unwritten);
    else if (recordings !== undefined) this.begin = this.holding(recordings);
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
      const { step, keep } = recordings.hold(world, task, this.unwritten);
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

/** What is not for people, a defect of ours, stays on the server's side. */
function unwrittenMessage(error: unknown): ServerMessageOf<'error'> {
  const reason = error instanceof ReverieError ? error.message : 'the server has printed why';
  return { type: 'error', code: 'unrecorded', message: `An episode could not be recorded: ${reason}.` };
}
