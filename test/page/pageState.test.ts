/**
 * What the page knows after each event.
 */
import { describe, expect, it } from 'vitest';
import { autoLine, choosesSteps } from '../../client/autoClaim.ts';
import { type Choice, initialPageState, type PageEvent, type PageState, reduce } from '../../client/pageState.ts';
import type { ServerMessage, Settings } from '../../shared/protocol/control.ts';
import { episodeOf } from './syntheticWorld.ts';

const settings: Settings = { world: 'push-t', seed: 1, rendererSteps: 1 };

function stateAfter(...events: readonly PageEvent[]): PageState {
  return events.reduce(reduce, initialPageState);
}

function said(message: ServerMessage): PageEvent {
  return { type: 'message', message };
}

function welcome(session: string): PageEvent {
  return said({ type: 'welcome', version: 1, session, viewer: 2, resume: 'r', worlds: [], settings });
}

const asked = (request: number, choice: Choice): PageEvent => ({ type: 'asked', request, choice });
const heard = (request: number, playing: boolean, heardSettings = settings): PageEvent =>
  said({ type: 'heard', request, settings: heardSettings, playing });
const shown = (envStep: number, difference: number | undefined): PageEvent => ({ type: 'shown', envStep, difference });
const failed = said({ type: 'error', code: 'no-weights', message: 'Train one.' });

describe('reduce', () => {
  it('keeps one difference a step, in order, whatever is shown twice or left out', () => {
    const state = stateAfter(shown(1, 0.1), shown(2, undefined), shown(4, 0.4), shown(4, 0.5));
    expect(state.measured).toEqual([
      { envStep: 1, difference: 0.1 },
      { envStep: 4, difference: 0.5 },
    ]);
    expect(state.envStep).toBe(4);
  });

  it('sets the differences of an episode aside when the next begins, unless it had none', () => {
    const once = stateAfter(said(episodeOf(settings)), shown(1, 0.1), said(episodeOf({ ...settings, seed: 2 })));
    expect(once.measured).toEqual([]);
    expect(once.measuredBefore).toEqual([{ envStep: 1, difference: 0.1 }]);
    expect(reduce(once, said(episodeOf(settings))).measuredBefore).toEqual(once.measuredBefore);
  });

  it('goes on with an episode that is taken up after a lost connection', () => {
    const before = stateAfter(said(episodeOf(settings)), shown(1, 0.1), shown(2, 0.2));
    const other = reduce(before, said({ ...episodeOf(settings), serial: 2 }));
    expect([other.measured, other.measuredBefore]).toEqual([[], before.measured]);
    const resumed = reduce(before, said(episodeOf({ ...settings, rendererSteps: 4 })));
    expect(resumed).toMatchObject({ envStep: 2, measured: before.measured, settings: { rendererSteps: 4 } });
  });

  it('ends its auto mode where somebody chose steps by hand, and not where its own claim is still on its way', () => {
    const auto: Choice = { type: 'auto', on: true, chosen: true };
    const told = (owner?: number) =>
      said({ type: 'audience', viewers: 2, ...(owner !== undefined && { auto: owner }) });
    const claiming = stateAfter(welcome('s'), { type: 'budgeted', budget: { auto: true } }, asked(1, auto), told());
    expect(claiming.budget.auto).toBe(true);
    const mine = [told(2), heard(1, true)].reduce(reduce, claiming);
    expect(mine).toMatchObject({ budget: { auto: true }, audience: { auto: 2 } });
    expect(choosesSteps(mine)).toBe(true);
    const other = reduce(mine, told(1));
    expect([other.budget.auto, choosesSteps(other)]).toEqual([true, false]);
    expect(autoLine(other)).toMatch(/Viewer 1 is in auto mode.*until you choose Auto again/);
    expect(reduce(other, told()).budget.auto).toBe(false);
    const missed = [asked(2, { type: 'record', on: true }), told()].reduce(reduce, mine);
    expect(missed.budget.auto).toBe(true);
    expect(reduce(missed, heard(2, true)).budget.auto).toBe(false);
    expect(reduce(mine, welcome('s')).budget.auto).toBe(true);
  });

  it('counts no task that is replayed', () => {
    const recording = { id: 'a', createdAt: '2026-01-02T03:04:05.000Z', actor: 'agent' };
    const reached = said({ type: 'outcome', success: true, steps: 7 });
    const replayed = stateAfter(said({ ...episodeOf(settings), recording }), reached, reached);
    expect(replayed).toMatchObject({ outcome: { success: true }, tally: { reached: 0, ended: 0 } });
  });

  it('has an end still to come where a replay goes back, and its speed as the server says', () => {
    const ended = stateAfter(
      said(episodeOf(settings)),
      said({ type: 'replay', speed: 0.5 }),
      shown(7, undefined),
      said({ type: 'outcome', success: true, steps: 7 }),
    );
    expect(ended).toMatchObject({ replaySpeed: 0.5, outcome: { steps: 7 } });
    expect(reduce(ended, shown(7, undefined)).outcome).toBeDefined();
    expect(reduce(ended, shown(3, undefined)).outcome).toBeUndefined();
  });

  it('keeps an end that came before the last steps were drawn', () => {
    const reached = said({ type: 'outcome', success: true, steps: 7 });
    const drawnLate = stateAfter(said(episodeOf(settings)), shown(5, 0.1), reached, shown(6, 0.1), shown(7, 0.1));
    expect(drawnLate).toMatchObject({ envStep: 7, outcome: { success: true, steps: 7 } });
  });

  it('forgets the plan, the outcome and the step of the episode before', () => {
    const state = stateAfter(
      said(episodeOf(settings)),
      shown(7, 0.2),
      said({ type: 'outcome', success: true, steps: 7 }),
      said(episodeOf({ ...settings, seed: 2 })),
    );
    expect(state).toMatchObject({ envStep: 0, plan: undefined, outcome: undefined, settings: { seed: 2 } });
  });

  it('counts goals reached within one world', () => {
    const begun = stateAfter(said(episodeOf(settings)));
    const ended = [true, false].map((success) => said({ type: 'outcome', success, steps: 9 })).reduce(reduce, begun);
    expect(ended.tally).toEqual({ reached: 1, ended: 2 });
    expect(reduce(ended, said(episodeOf({ ...settings, seed: 3 }))).tally).toEqual({ reached: 1, ended: 2 });
    expect(reduce(ended, said(episodeOf({ ...settings, world: 'two-room' }))).tally).toEqual({ reached: 0, ended: 0 });
  });

  it('keeps what is of all tasks of one world, and what the agent has learned to read there', () => {
    const measured = { envStep: 1, ahead: 1, difference: 0.1, still: 0.2, ratio: undefined, surprised: false };
    const lesson = { type: 'lesson', done: 1, total: 2 } as const;
    const begun = stateAfter(said(episodeOf(settings)), { type: 'stepped', measured }, said(lesson));
    const next = reduce(begun, said(episodeOf({ ...settings, seed: 2 })));
    expect(next).toMatchObject({ lesson, record: { task: 2, offset: 1, horizon: { dream: [[0.1]] } } });
    const other = reduce(next, said(episodeOf({ ...settings, world: 'two-room' })));
    expect(other.lesson).toBeUndefined();
    expect(other.record).toMatchObject({ task: 1, offset: 0, horizon: { dream: [] } });
  });

  it('shows a chosen setting at once, and none before there are any', () => {
    const chosen: PageEvent = asked(1, { type: 'configure', settings: { rendererSteps: 8 } });
    expect(stateAfter(welcome('a'), chosen).settings).toEqual({ ...settings, rendererSteps: 8 });
    expect(stateAfter(chosen).settings).toBeUndefined();
  });

  it('keeps to a choice until the server has heard it, whatever the server said before', () => {
    const choice = stateAfter(
      welcome('a'),
      said({ type: 'phase', phase: 'running' }),
      asked(1, { type: 'transport', command: 'pause' }),
      asked(2, { type: 'configure', settings: { rendererSteps: 8 } }),
      said({ type: 'phase', phase: 'running' }),
      said(episodeOf({ ...settings, seed: 2 })),
      heard(1, false),
    );
    expect(choice).toMatchObject({ playing: false, settings: { seed: 1, rendererSteps: 8 } });
    const answer = { ...settings, seed: 2, rendererSteps: 8 } as const;
    expect(reduce(choice, heard(2, false, answer))).toMatchObject({ playing: false, settings: answer });
  });

  it('takes back a choice that the server refused, and one that was lost with the connection', () => {
    const choice = stateAfter(welcome('a'), asked(1, { type: 'configure', settings: { world: 'atlantis' } }));
    expect(choice.settings?.world).toBe('atlantis');
    expect(reduce(choice, heard(1, true)).settings).toEqual(settings);
    const resumed = [welcome('a'), said({ type: 'phase', phase: 'paused' })].reduce(reduce, choice);
    expect(resumed).toMatchObject({ settings, playing: false });
  });

  it('remembers through loading whether the person wants it to play', () => {
    const phase = (name: 'running' | 'paused' | 'loading'): PageEvent => said({ type: 'phase', phase: name });
    expect(stateAfter(phase('paused'), phase('loading')).playing).toBe(false);
    expect(stateAfter(phase('running'), phase('loading')).playing).toBe(true);
    expect(
      stateAfter(phase('loading'), asked(1, { type: 'transport', command: 'pause' }), phase('loading')).playing,
    ).toBe(false);
  });

  it('drops a complaint when the session works again, another is chosen, or it is a new session', () => {
    const complaining = stateAfter(welcome('a'), said({ type: 'phase', phase: 'failed' }), failed);
    expect(complaining.notice?.code).toBe('no-weights');
    const remedies: PageEvent[] = [
      said({ type: 'phase', phase: 'loading' }),
      asked(1, { type: 'configure', settings: { world: 'two-room' } }),
      welcome('b'),
    ];
    for (const remedy of remedies) expect(reduce(complaining, remedy).notice).toBeUndefined();
    expect(reduce(complaining, welcome('a')).notice?.code).toBe('no-weights');
    expect(reduce(complaining, said({ type: 'phase', phase: 'failed' })).notice?.code).toBe('no-weights');
  });

  it('keeps a complaint through what the page chooses by itself, and what the browser lacks through everything', () => {
    const lacking: PageEvent = { type: 'notice', notice: { code: 'no-webgl', message: 'Switch it on.' } };
    const byItself: PageEvent[] = [
      asked(1, { type: 'configure', settings: { rendererSteps: 4 }, auto: true }),
      asked(1, { type: 'configure', settings: { reading: true } }),
    ];
    for (const event of byItself) expect(stateAfter(welcome('a'), failed, event).notice?.code).toBe('no-weights');
    const unheeded: PageEvent[] = [
      ...byItself,
      asked(1, { type: 'configure', settings: { world: 'two-room', seed: 9 } }),
      asked(1, { type: 'arrange', what: 'goal', shape: 0, pose: { x: 0, y: 0, angle: 0 } }),
      said({ type: 'phase', phase: 'loading' }),
      welcome('b'),
    ];
    const stopped = stateAfter(welcome('a'), said({ type: 'phase', phase: 'failed' }), lacking);
    for (const event of unheeded) expect(reduce(stopped, event).notice?.code).toBe('no-webgl');
  });

  it('never changes the state that it was given', () => {
    const before = structuredClone(initialPageState);
    stateAfter(welcome('a'), said(episodeOf(settings)), shown(1, 0.5), failed, { type: 'garbage', reason: 'x' });
    expect(initialPageState).toEqual(before);
  });
});

describe('an audience', () => {
  const drive = asked(1, { type: 'drive', direction: { x: 0, y: 0 }, world: 'truth' });
  const audience = (driver?: number): PageEvent =>
    said({
      type: 'audience',
      viewers: 2,
      ...(driver === undefined ? {} : { hands: { viewer: driver, world: 'truth' } }),
    });

  it('takes the controls from the page where another has them, or the server has taken them back', () => {
    const driving = stateAfter(welcome('a'), drive, audience(2), heard(1, true));
    expect(driving.driving).toBe('truth');
    expect(reduce(driving, audience(1)).driving).toBeUndefined();
    expect(reduce(driving, audience()).driving).toBeUndefined();
  });

  it('says nothing of controls that were asked for and not yet heard of', () => {
    expect(stateAfter(welcome('a'), drive, audience()).driving).toBe('truth');
    const refused = said({ type: 'error', code: 'hands-taken', message: 'Viewer 1 has them.' });
    expect(stateAfter(welcome('a'), drive, refused).driving).toBeUndefined();
  });

  it('shows what another chose, unless the page has chosen since', () => {
    const theirs = said({ type: 'settings', settings: { ...settings, rendererSteps: 4 } });
    expect(stateAfter(welcome('a'), theirs).settings?.rendererSteps).toBe(4);
    const mine = asked(1, { type: 'configure', settings: { rendererSteps: 8 } });
    expect(stateAfter(welcome('a'), mine, theirs).settings?.rendererSteps).toBe(8);
  });
});
