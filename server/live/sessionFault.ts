/**
 * Why a session cannot go on, as the page is told: a code that programs can branch on and a sentence for the person.
 */
import { ReverieError, ServerError, WeightsError, WorldError } from '../../shared/errors.ts';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';

export interface SessionFault {
  readonly code: 'no-weights' | 'world' | 'agent' | 'internal';
  readonly message: string;
}

/** The fault that an error stands for. What is not for people, a defect of ours, stays on the server's side. */
export function faultOf(error: unknown): SessionFault {
  if (error instanceof WeightsError) return { code: 'no-weights', message: error.message };
  if (error instanceof WorldError) return { code: 'world', message: error.message };
  if (error instanceof ServerError) return { code: 'agent', message: error.message };
  if (error instanceof ReverieError) return { code: 'internal', message: error.message };
  return {
    code: 'internal',
    message: 'The session met a defect in Reverie, which the server has printed; choose a world to begin again.',
  };
}

/** What a page is told that wants to change what a recording shows. */
export const HAS_HAPPENED: ServerMessageOf<'error'> = {
  type: 'error',
  code: 'replay',
  message: 'This is a recording: what happened in it cannot be changed. Go back to live to try something else.',
};

/** What a page is told that wants to seek in a live session, or to change its speed. */
export const NOT_A_RECORDING: ServerMessageOf<'error'> = {
  type: 'error',
  code: 'no-recording',
  message: 'This session is live: look back on the timeline, or replay a recording to go to any step at any speed.',
};

/** What a page that asks for a world that is not offered is told. */
export function unknownWorld(world: string, worlds: ReadonlyMap<string, unknown>): ServerMessageOf<'error'> {
  const known = [...worlds.keys()].join(', ');
  return { type: 'error', code: 'unknown-world', message: `There is no world '${world}'; choose one of ${known}.` };
}
