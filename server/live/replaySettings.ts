/**
 * The settings of a replay. World and seed are those of the recording, and nothing that would change what happened can
 * be chosen; the renderer steps can, because they only say how the dream beside it is painted. A count that the agent
 * lacks is brought down as in a live session: at once, or when the agent comes.
 */
import type { ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import type { Agent } from '../agent/agent.ts';
import { broughtDown, paintable } from './offeredSteps.ts';
import type { Opened } from './replayMessage.ts';
import { HAS_HAPPENED } from './sessionFault.ts';

/** The settings with the world and the seed of the recording. */
export function settingsOf(
  { recording, definition }: Pick<Opened, 'recording' | 'definition'>,
  settings: Settings,
): Settings {
  const { task, start } = recording.header;
  const seed = task?.seed ?? (start.kind === 'reset' ? start.seed : 0);
  return { ...settings, world: definition.spec.id, seed };
}

export interface Choice {
  /** The very settings of before, where nothing changes. */
  readonly settings: Settings;
  /** What whoever asked is told: why nothing changes, or that another count was taken. */
  readonly told: ServerMessageOf<'error'> | undefined;
}

/** What becomes of the settings when a viewer asks for others; while there is no agent, any count is taken. */
export function chooseSteps(
  settings: Settings,
  asked: Partial<Settings>,
  agent: Pick<Agent, 'world' | 'stepCounts'> | undefined,
): Choice {
  if (Object.keys(asked).some((name) => name !== 'rendererSteps')) return { settings, told: HAS_HAPPENED };
  const possible = agent === undefined ? asked : paintable(asked, agent);
  const { rendererSteps = settings.rendererSteps } = possible;
  const same = rendererSteps === settings.rendererSteps;
  return {
    settings: same ? settings : { ...settings, rendererSteps },
    told: agent && broughtDown(asked, possible, agent),
  };
}
