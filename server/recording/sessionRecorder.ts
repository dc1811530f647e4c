/**
 * What a person records of a live session. Every episode is held in memory from its start, so that whoever presses
 * *Record* in the middle of a task keeps it whole, replayable from where it began. While the switch is on, every episode
 * that ends is written, and switching off writes the one under way as far as it has come.
 */
import type { LiveRecordings } from './liveRecordings.ts';
import type { BeginRecording } from './recordingFolder.ts';

export class SessionRecorder {
  private readonly recordings: LiveRecordings;
  private on = false;
  private keepCurrent: (() => void) | undefined;

  constructor(recordings: LiveRecordings) {
    this.recordings = recordings;
  }

  /** Whether the page's switch is on. */
  get recording(): boolean {
    return this.on;
  }

  /** Begins to hold an episode; it is written when it ends if the switch is on then. */
  readonly begin: BeginRecording = (world, task) => {
    const held = this.recordings.hold(world, task);
    this.keepCurrent = held.keep;
    let over = false;
    return {
      step: held.step,
      end: () => {
        if (over) return;
        over = true;
        if (this.keepCurrent === held.keep) this.keepCurrent = undefined;
        if (this.on) held.keep();
      },
    };
  };

  /** Switching off writes the episode under way; switching to what it is already does nothing. */
  switch(on: boolean): void {
    if (this.on && !on) this.keepCurrent?.();
    this.on = on;
  }
}
