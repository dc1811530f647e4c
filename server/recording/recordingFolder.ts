/**
 * A folder into which episodes are recorded while something else is going on: a live session, an evaluation. Writing
 * begins when an episode ends and runs beside the physics; nothing waits for it but `settled`. Nothing is dropped, and
 * what cannot be written is told at once, without disturbing what goes on.
 */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../shared/errors.ts';
import type { Action } from '../../shared/space.ts';
import type { StepResult, Task, World } from '../../shared/world.ts';
import { removeLeftovers } from '../files/leftovers.ts';
import { type EpisodeFacts, EpisodeRecorder } from './episodeRecorder.ts';
import { RECORDING_EXTENSION, writeRecording } from './recordingFile.ts';

/** An episode that is being recorded. */
export interface OngoingRecording {
  /** The world has just taken this step; `human` where a person chose it and not whoever the episode began with. */
  step(action: Action, result: StepResult, by?: 'human'): void;
  /** The episode is over; what has been played of it is kept. Calling again does nothing. */
  end(): void;
}

/** An episode that is held in memory, and written as far as it has come whenever somebody asks. */
export interface HeldRecording extends Pick<OngoingRecording, 'step'> {
  /** Writes it under a name that no other recording has; not if no step has been taken. */
  keep(name: string): void;
}

/** Is told why a recording could not be written. */
export type OnUnwritten = (error: unknown) => void;

/**
 * Begins to record an episode: `world` stands at the start of `task`. Where it cannot be written, whoever records is told
 * beside whoever keeps the folder.
 */
export type BeginRecording = (world: World, task: Task, onUnwritten?: OnUnwritten) => OngoingRecording;

export class RecordingFolder {
  readonly directory: string;
  private readonly onFailure: OnUnwritten;
  private readonly writing = new Set<Promise<void>>();
  private filesWritten = 0;

  private constructor(directory: string, onFailure: OnUnwritten) {
    this.directory = directory;
    this.onFailure = onFailure;
  }

  /**
   * Makes the folder where needed, and clears it of what killed processes left. `onFailure` is told of every recording that cannot be written.
   * @throws DataError when nothing can be written there.
   */
  static async open(directory: string, onFailure: OnUnwritten): Promise<RecordingFolder> {
    try {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.W_OK);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DataError(`recordings cannot be written to "${directory}" (${reason}); choose another directory`, {
        cause,
      });
    }
    await removeLeftovers(directory);
    return new RecordingFolder(directory, onFailure);
  }

  /** Recordings that have been written. */
  get written(): number {
    return this.filesWritten;
  }

  /** Records an episode of `world`, which stands at its beginning. One that ends before its first step is not kept. */
  begin(name: string, world: World, facts: EpisodeFacts, onUnwritten?: OnUnwritten): OngoingRecording {
    const recorder = new EpisodeRecorder(world, facts);
    let over = false;
    return {
      step: (action, result, by) => recorder.step(action, result, by),
      end: () => {
        if (!over && recorder.steps > 0) this.write(name, recorder, onUnwritten);
        over = true;
      },
    };
  }

  /** Holds an episode of `world`, which stands at its beginning: nothing is written until `keep`. */
  hold(world: World, facts: EpisodeFacts, onUnwritten?: OnUnwritten): HeldRecording {
    const recorder = new EpisodeRecorder(world, facts);
    return {
      step: (action, result, by) => recorder.step(action, result, by),
      keep: (name) => {
        if (recorder.steps > 0) this.write(name, recorder, onUnwritten);
      },
    };
  }

  /** Waits until everything is written, or has been told of. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }

  private write(name: string, recorder: EpisodeRecorder, onUnwritten?: OnUnwritten): void {
    const path = join(this.directory, `${name}${RECORDING_EXTENSION}`);
    const write = async (): Promise<void> => {
      await writeRecording(path, recorder.recording());
      this.filesWritten++;
    };
    const writing = write()
      .catch((error: unknown) => {
        this.onFailure(error);
        onUnwritten?.(error);
      })
      .finally(() => this.writing.delete(writing));
    this.writing.add(writing);
  }
}
