/**
 * The episodes of an evaluation, recorded: one file each, named after the world, the row, the number of the task and
 * its seed. The names are the same each time, so that the same evaluation into the same folder replaces its files.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Task } from '../../shared/world.ts';
import type { EvaluationTask } from '../evaluation/evaluate.ts';
import type { BeginRecording, RecordingFolder } from './recordingFolder.ts';
import type { Actor } from './recordingHeader.ts';
import { wallTime } from './wallTime.ts';

export interface RowRecordingOptions {
  readonly folder: RecordingFolder;
  readonly clock: Clock;
  /** What the world was loaded by. */
  readonly source: string;
  readonly tasks: readonly EvaluationTask[];
  /** Name of the row. */
  readonly row: string;
  readonly actor: Actor;
}

/** Records the tasks of one row. */
export function recordRow({ folder, clock, source, tasks, row, actor }: RowRecordingOptions): BeginRecording {
  const places = new Map<Task, number>(tasks.map((task, i) => [task, i]));
  return (world, task) => {
    const place = places.get(task) ?? 0;
    const number = String(place + 1).padStart(String(tasks.length).length, '0');
    return folder.begin(`${world.spec.id}-${row}-${number}-task${task.seed}`, world, {
      source,
      variation: tasks[place]?.variation ?? {},
      start: { kind: 'place', state: task.start },
      task,
      actor,
      createdAt: wallTime(clock),
    });
  };
}
