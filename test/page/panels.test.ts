/**
 * What panels say of a state: status, banner, progress, and the meaning of keys.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shortcut } from '../../client/controls.ts';
import { dreamWaiting as dreamWaitingLive } from '../../client/hands.ts';
import { initialPageState, type PageState } from '../../client/pageState.ts';
import { banner, outcomeLine, progressLine, statusLine } from '../../client/panels/status.ts';
import { differenceCaption, dreamCaption } from '../../client/panels/statusPanel.ts';
import { dreamLine, dreamWaiting } from '../../client/recordings/replayDream.ts';
import { episodeOf } from './syntheticWorld.ts';

function state(changes: Partial<PageState>): PageState {
  return { ...initialPageState, ...changes };
}

/** How an element of the page begins as it is written. */
function tagOf(id: string): string {
  return page.match(new RegExp(`<[^>]* id="${id}"[^>]*>`))?.[0] ?? expect.fail(`the page has no #${id}`);
}

const page = readFileSync(new URL('../../client/index.html', import.meta.url), 'utf8');
const open = { status: 'open' } as const;

describe('statusLine', () => {
  it('speaks of the connection before the session', () => {
    expect(statusLine(state({ phase: 'running' })).text).toBe('Connecting…');
    expect(statusLine(state({ link: open, phase: 'running' })).tone).toBe('live');
    expect(statusLine(state({ link: open, phase: 'loading' })).text).toBe('Loading the agent…');
    expect(statusLine(state({ link: { status: 'waiting', attempt: 1, retryMs: 9 }, phase: 'running' })).tone).toBe(
      'trouble',
    );
  });
});

describe('banner', () => {
  it('is quiet about a first loss, which usually heals itself', () => {
    expect(banner(state({ link: { status: 'waiting', attempt: 1, retryMs: 250 } }))).toBeUndefined();
    expect(banner(state({ link: { status: 'waiting', attempt: 2, retryMs: 500 } }))?.remedies).toContain('retry');
  });

  it('puts a server of another version before anything else', () => {
    const notice = { code: 'no-weights', message: 'Train one.' };
    const shown = banner(state({ link: { status: 'refused', reason: 'Reload the page.' }, notice }));
    expect(shown).toMatchObject({ message: 'Reload the page.', remedies: ['reload'] });
  });

  it('repeats what the server says to do, under a title even for codes that it does not know', () => {
    expect(banner(state({ link: open, notice: { code: 'no-weights', message: 'Train one.' } }))?.message).toBe(
      'Train one.',
    );
    expect(banner(state({ link: open, notice: { code: 'constructor', message: 'x' } }))?.title).toBe(
      'Something went wrong',
    );
  });
});

describe('progressLine', () => {
  it('counts steps, then says how the task ended', () => {
    const episode = episodeOf({ world: 'push-t', seed: 1, rendererSteps: 1 });
    expect(progressLine(state({ episode, envStep: 7 }))).toBe(`Step 7 of ${episode.budget}`);
    expect(progressLine(state({ episode, outcome: { type: 'outcome', success: false, steps: 60 } }))).toBe(
      'Goal missed after 60 steps',
    );
  });
});

describe('outcomeLine', () => {
  it('is silent while steps are taken, so that it may be read out, and says how the task ended', () => {
    const episode = episodeOf({ world: 'push-t', seed: 1, rendererSteps: 1 });
    expect([1, 2].map((envStep) => outcomeLine(state({ episode, envStep })))).toEqual(['', '']);
    const outcome = { type: 'outcome', success: true, steps: 9 } as const;
    expect(outcomeLine(state({ episode, envStep: 8, outcome }))).toBe('Goal reached in 9 steps');
  });

  it('is the one part of the progress that the page has read out', () => {
    expect(tagOf('outcome-said')).toContain('role="status"');
    for (const id of ['progress-line', 'tally']) expect(tagOf(id)).not.toMatch(/role=|aria-live/);
  });
});

it('what changes by itself many times is not read out, also where its element would have it so', () => {
  for (const id of ['difference-mean', 'replay-position-shown', 'future-step-shown', 'ms-total'])
    expect(tagOf(id)).toMatch(/^<output [^>]*aria-live="off"/);
  for (const id of ['reading-at', 'paint-count']) expect(tagOf(id)).not.toMatch(/^<output|role=|aria-live/);
});

it('a button whose name says what it does now is not said to be pressed too', () => {
  for (const id of ['drive', 'drive-dream', 'record']) expect(tagOf(id)).not.toMatch('aria-pressed');
  expect(tagOf('goal')).toMatch('aria-pressed');
});

describe('the captions of the stage', () => {
  const plan: PageState['plan'] = {
    type: 'plan',
    envStep: 0,
    horizon: 16,
    costs: [],
    planMs: 1,
    renderMs: 1,
    rendererSteps: 1,
  };
  const known = { plan, envStep: 13, measured: [{ envStep: 13, difference: 0.25 }] };

  it('speak of the plan while the agent acts, and of nothing that is not shown while a person drives', () => {
    expect(dreamCaption(state(known))).toBe('Imagined 13 steps ago, painted in 1 pass.');
    expect(differenceCaption(state(known))).toBe('25.0%');
    expect(dreamCaption(state({ ...known, driving: 'truth' }))).toBe('Nothing is imagined while you drive.');
    expect(differenceCaption(state({ ...known, driving: 'truth' }))).toBe('–');
    expect(dreamWaitingLive(state({ driving: 'truth' }))).toBe('You have the controls');
  });

  it('say so on the pages of all others while one viewer drives', () => {
    const other = (world: 'truth' | 'dream') =>
      state({ ...known, viewer: 1, audience: { viewers: 2, hands: { viewer: 2, world } } });
    expect(dreamCaption(other('truth'))).toBe('Nothing is imagined while viewer 2 drives.');
    expect(dreamCaption(other('dream'))).toBe('Viewer 2 drives it; the truth stands still.');
    expect(differenceCaption(other('dream'))).toBe('–');
    expect([dreamWaitingLive(other('truth')), dreamWaitingLive(other('dream'))]).toEqual([
      'Viewer 2 has the controls',
      'The agent is thinking',
    ]);
    // What this page has given back and the server has not heard of yet is nobody else's.
    expect(dreamCaption({ ...other('truth'), viewer: 2 })).toMatch(/^Imagined/);
  });
});

describe('the dream beside a replay, in words', () => {
  const episodeBy = (actor: string) => ({
    ...episodeOf({ world: 'push-t', seed: 1, rendererSteps: 1 }),
    recording: { id: 'one', createdAt: '2026-01-01T00:00:00Z', actor },
  });
  const plan: PageState['plan'] = {
    type: 'plan',
    envStep: 8,
    horizon: 8,
    costs: [],
    planMs: 1,
    renderMs: 1,
    rendererSteps: 1,
  };
  const by = (agent: 'same' | 'other' | 'unknown', actor = 'agent') =>
    state({ replayDream: { state: 'shown', agent }, episode: episodeBy(actor), plan, envStep: 11 });

  it('is of whoever dreams, and no surer of that than the recording', () => {
    expect(dreamLine(by('same'))).toMatch(/what the agent that acted foresees/);
    expect(dreamLine(by('other'))).toMatch(
      /what another agent foresees .* not those with which the recording was made/,
    );
    expect(dreamLine(by('unknown'))).toMatch(/the recording does not tell whether it acted\.$/);
    expect(dreamLine(by('unknown', 'script'))).toMatch(/it did not act\.$/);
    expect(dreamCaption(by('same'))).toBe(
      'Imagined 3 steps before, from the actions that were taken, and painted in 1 pass.',
    );
    const finer = { ...plan, rendererSteps: 4 };
    expect(dreamCaption({ ...by('same'), plan: finer })).toMatch(/taken, and painted in 4 passes\.$/);
    expect(dreamCaption(by('other'))).toMatch(/^Imagined by another agent 3 steps before/);
    const back = { envStep: 4, planStep: 0, difference: 0.1 };
    expect(dreamCaption({ ...by('same'), viewed: back })).toBe(
      'Imagined 4 steps before, from the actions that were taken.',
    );
    expect(dreamCaption({ ...by('same'), envStep: 17 })).toBe('Imagined from the actions that were taken.');
  });

  it('is missing for a reason, or on its way', () => {
    const episode = episodeBy('agent');
    const none = state({ replayDream: { state: 'none', reason: 'Train one.' }, episode });
    expect(dreamLine(none)).toBe('There is no dream beside it: Train one.');
    expect([dreamWaiting(none), dreamWaiting(state({ episode })), dreamWaiting(by('same'))]).toEqual([
      'There is no dream beside it',
      'The agent is loading',
      'The agent is imagining',
    ]);
    expect(dreamWaiting({ ...by('same'), envStep: 0 })).toBe('The dream begins with the next step');
    expect(dreamCaption(none)).toBe('What the agent imagined then was not recorded.');
  });
});

describe('shortcut', () => {
  it('knows its keys and no others', () => {
    expect(shortcut(' ')).toEqual({ type: 'toggle' });
    expect(shortcut('a')).toEqual({ type: 'auto' });
    expect(shortcut('f')).toEqual({ type: 'futures' });
    expect(shortcut('8')).toEqual({ type: 'rendererSteps', steps: 8 });
    expect(shortcut('6')).toEqual({ type: 'rendererSteps', steps: 16 });
    for (const key of ['3', '5', 'b', 'Enter', 'Tab', '']) expect(shortcut(key)).toBeUndefined();
  });
});
