/**
 * How a recording that begins is told of: as an episode of its world, in which nothing can be carried, driven or set.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { RecordedEpisode } from '../recording/recordedEpisode.ts';
import type { Recording } from '../recording/recording.ts';
import { plainScene } from './sessionMessages.ts';

/** A recording in its world. */
export interface Opened {
  readonly recording: Recording;
  readonly definition: WorldDefinition;
  readonly episode: RecordedEpisode;
}

/** The message with which a way through the recording begins. */
export function replayMessage(
  { recording: { header }, definition, episode }: Opened,
  { id, settings, serial }: { readonly id: string; readonly settings: Settings; readonly serial: number },
): ServerMessageOf<'episode'> {
  const { arena, background, stepSeconds } = definition.spec;
  return {
    type: 'episode',
    serial,
    settings,
    arena,
    background,
    stepSeconds,
    budget: episode.length,
    scene: plainScene(episode.scene()),
    goal: goalOf(header, definition),
    grips: [],
    recording: { id, createdAt: header.createdAt, actor: header.actor.kind },
  };
}

/** The goal as a scene; nothing where no task was played. */
function goalOf(
  { task, variation }: Recording['header'],
  definition: WorldDefinition,
): ServerMessageOf<'episode'>['goal'] {
  if (task === undefined) return [];
  const world = createWorld(definition, variation);
  world.reset(task.seed);
  world.place(task.goal);
  return plainScene(world.scene());
}
