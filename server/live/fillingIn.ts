/**
 * What a person has painted over in a frame, filled in by the agent's renderer, for that person alone. One request of a
 * session is worked on at a time, and one sample of it after another in the agent's own process, so that a plan waits for
 * one sample at most. The frame comes with the request, since people paint over moments that are long past; it ends with
 * the connection that asked.
 */
import { ReverieError } from '../../shared/errors.ts';
import type { ServerMessage, ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import { frameOfText, frameToText, maskOfText } from '../../shared/protocol/pixels.ts';
import type { Agent } from '../agent/agent.ts';
import type { LiveSessionOptions } from './liveSessionOptions.ts';
import type { FillRequest } from './sessionEvents.ts';
import { faultOf } from './sessionFault.ts';

/** Whoever made a request: told alone, and until the signal says that nobody listens any more. */
export interface Asker {
  tell(message: ServerMessage): void;
  readonly signal: AbortSignal;
}

/** Who fills in for a session now, and in how many steps; or why nobody does. */
export type Filler =
  | {
      readonly agent: Pick<Agent, 'fill'>;
      readonly steps: number;
      /** Told of errors that are not meant for the viewer. */
      readonly onDefect: (error: unknown) => void;
    }
  | { readonly refusal: string };

/** The agent as a filler, where there is one. */
export function fillerOf(
  agent: Agent | undefined,
  { rendererSteps: steps }: Settings,
  { onDefect }: Pick<LiveSessionOptions, 'onDefect'>,
): Filler {
  return agent === undefined
    ? { refusal: 'The agent is not there yet; try again when it has loaded.' }
    : { agent, steps, onDefect };
}

export class FillingIn {
  private busy = false;

  /** Begins, and tells the asker of each sample as it comes; or says why it does not begin. */
  begin(request: FillRequest, filler: Filler, asker: Asker): ServerMessageOf<'error'> | undefined {
    if ('refusal' in filler) return refusal(filler.refusal);
    if (this.busy) return refusal('Something is being filled in already in this session; try again when it is done.');
    const hidden = maskOfText(request.hidden);
    if (!hidden.includes(1)) return refusal('Nothing is painted over; paint over what is to be filled in.');
    this.busy = true;
    void this.fill(request, filler, hidden, asker).finally(() => {
      this.busy = false;
    });
    return undefined;
  }

  private async fill(
    { request, frame: text, guide, seed, samples }: FillRequest,
    { agent, steps, onDefect }: Exclude<Filler, { refusal: string }>,
    hidden: Uint8Array,
    { tell, signal }: Asker,
  ): Promise<void> {
    const frame = frameOfText(text);
    try {
      for (let sample = 0; sample < samples && !signal.aborted; sample++) {
        const filled = await agent.fill({ frame, hidden, guide, steps, seed: (seed + sample) >>> 0 });
        if (!signal.aborted) tell({ type: 'filled', request, sample, samples, steps, frame: frameToText(filled) });
      }
    } catch (error) {
      if (!(error instanceof ReverieError)) onDefect(error);
      if (!signal.aborted) tell(refusal(faultOf(error).message));
    }
  }
}

function refusal(message: string): ServerMessageOf<'error'> {
  return { type: 'error', code: 'fill', message };
}
