/** A recording of the make-believe world, of any length, by a whole step and half a one in turn. */
import { EpisodeRecorder } from '../../server/recording/episodeRecorder.ts';
import type { Recording } from '../../server/recording/recording.ts';
import type { Actor } from '../../server/recording/recordingHeader.ts';
import type { WorldDefinition } from '../../shared/world.ts';

/** The action of a step, from 0. */
export const actionOf = (step: number): number => (step % 2 === 0 ? 1 : 0.5);

/** `weights` are those of the agent that acted. */
export function recordedLine(world: WorldDefinition, length: number, weights?: Actor['weights']): Recording {
  const played = world.create();
  const task = played.task(3);
  played.reset(3);
  played.place(task.start);
  const recorder = new EpisodeRecorder(played, {
    source: world.spec.id,
    variation: {},
    start: { kind: 'place', state: task.start },
    task,
    actor: { kind: 'agent', ...(weights && { weights }) },
    createdAt: new Date(0),
  });
  for (let step = 0; step < length; step++) recorder.step([actionOf(step)], played.step([actionOf(step)]));
  return recorder.recording();
}
