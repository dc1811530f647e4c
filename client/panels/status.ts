/**
 * What the page is doing, in a few words: one line that is always there, and a banner where something needs a person.
 * Both are pure functions of the state. Every banner names the trouble and the remedy.
 */
import type { PageState } from '../pageState.ts';

export type Tone = 'live' | 'quiet' | 'wait' | 'trouble';

export interface StatusLine {
  readonly text: string;
  readonly tone: Tone;
}

export type Remedy = 'retry' | 'reload' | 'dismiss';

export interface Banner {
  readonly title: string;
  readonly message: string;
  readonly remedies: readonly Remedy[];
}

/** The line about the connection and the session. */
export function statusLine({ link, phase, episode }: PageState): StatusLine {
  switch (link.status) {
    case 'connecting':
      return { text: 'Connecting…', tone: 'wait' };
    case 'waiting':
      return { text: 'Connection lost, trying again…', tone: 'trouble' };
    case 'refused':
      return { text: 'Not connected', tone: 'trouble' };
    case 'open':
      return phase === 'running' && episode?.recording !== undefined
        ? { text: 'Replaying', tone: 'live' }
        : phaseLine(phase);
  }
}

function phaseLine(phase: PageState['phase']): StatusLine {
  switch (phase) {
    case 'loading':
      return { text: 'Loading the agent…', tone: 'wait' };
    case 'running':
      return { text: 'Live', tone: 'live' };
    case 'paused':
      return { text: 'Paused', tone: 'quiet' };
    case 'failed':
      return { text: 'Stopped', tone: 'trouble' };
  }
}

/** Failures in a row before a person is asked to look; a first one usually heals itself. */
const PATIENCE = 2;

const TITLES: ReadonlyMap<string, string> = new Map([
  ['no-weights', 'This world has no trained agent yet'],
  ['no-webgl', 'This browser cannot draw the stage'],
  ['unknown-world', 'There is no such world'],
  ['world', 'The world broke down'],
  ['undrawable', 'Part of the world cannot be drawn'],
  ['impossible-goal', 'The goal cannot be there'],
  ['impossible-body', 'It cannot be there'],
  ['agent', 'The agent stopped'],
  ['export', 'The file was not saved'],
  ['reading', 'The agent could not learn to read the state'],
  ['futures', 'Futures could not be imagined'],
  ['fill', 'Nothing was filled in'],
  ['unknown-session', 'That session is over'],
  ['recording', 'The recording cannot be used'],
  ['unrecorded', 'This was not recorded'],
  ['replay', 'It has happened already'],
  ['no-recording', 'This is no recording'],
  ['replay-departed', 'The replay departs from its recording'],
  ['lacked-steps', 'The agent paints in fewer steps'],
  ['hands-taken', 'Somebody else has the controls'],
]);

/** What a person must know now, if anything. */
export function banner({ link, notice }: PageState): Banner | undefined {
  if (link.status === 'refused')
    return { title: 'The page and the server do not match', message: link.reason, remedies: ['reload'] };
  if (link.status === 'waiting' && link.attempt >= PATIENCE)
    return {
      title: 'The server does not answer',
      message:
        'The page keeps trying. If the server has stopped, start it with “npm start”; if it was restarted, open the address that it printed.',
      remedies: ['retry', 'reload'],
    };
  if (notice === undefined) return undefined;
  return {
    title: TITLES.get(notice.code) ?? 'Something went wrong',
    message: notice.message,
    remedies: ['dismiss'],
  };
}

/** How the episode stands, for the transport bar. */
export function progressLine(state: PageState): string {
  const { episode, envStep } = state;
  if (episode === undefined) return 'No task';
  return outcomeLine(state) || `Step ${envStep} of ${episode.budget}`;
}

/** How the episode ended, once it has: this alone is read out, since the steps come many times a second. */
export function outcomeLine({ outcome }: PageState): string {
  if (outcome === undefined) return '';
  return outcome.success ? `Goal reached in ${outcome.steps} steps` : `Goal missed after ${outcome.steps} steps`;
}
