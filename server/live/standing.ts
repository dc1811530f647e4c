/**
 * How a session stands: what a page that joins it now must be told, and in which order, to show what others see. Each
 * part is the latest of its kind; a new episode or plan replaces those that came before it.
 */
import type { ServerMessageOf, SessionPhase, Settings } from '../../shared/protocol/control.ts';
import type { Outgoing } from './framePipeline.ts';

export interface Standing {
  readonly begun?: ServerMessageOf<'episode'>;
  readonly plan?: readonly Outgoing[];
  readonly tick?: Outgoing;
  readonly failure?: Outgoing;
}

/** The messages, with the settings as they are now; `lesson` is the latest of those that the agent has been given. */
export function toldOnJoining(
  { begun, plan = [], tick, failure }: Standing,
  settings: Settings,
  lesson: Outgoing | undefined,
  phase: SessionPhase,
): Outgoing[] {
  const known = [begun && { ...begun, settings }, lesson, ...plan, tick, failure].filter((item) => item !== undefined);
  return [...known, { type: 'phase', phase }];
}
