import { describe, expect, test } from 'vitest';
import { Episode } from '../../server/live/episode.ts';
import { REST_TICKS } from '../../server/live/sessionMachine.ts';
import { WeightsError } from '../../shared/errors.ts';
import { fakeWorld } from './fakeWorld.ts';
import { future, HORIZON, latest, machineUnderTest, settings, settled } from './machineUnderTest.ts';

const { actor, loads, plans, emitted, phase, advances, load, loadAndPlan } = machineUnderTest();
const emittedTypes = () => emitted.map(({ type }) => type);

describe('an episode', () => {
  test('is loaded, planned for, and then executed one step a tick', async () => {
    expect(phase()).toBe('loading');
    expect(latest(loads).input.settings).toEqual(settings);
    await load();
    expect(phase()).toBe('running');
    expect(latest(plans).input.settings).toEqual(settings);
    expect(emittedTypes()).toEqual(['began']);
    latest(plans).resolve(future());
    await settled();
    expect(emittedTypes()).toEqual(['began', 'imagined']);
    actor.send({ type: 'tick' });
    actor.send({ type: 'stepped', verdict: 'underway' });
    actor.send({ type: 'tick' });
    expect(emitted.filter((event) => event.type === 'advance').map(({ planStep }) => planStep)).toEqual([0, 1]);
  });

  test('stands still while the agent thinks', async () => {
    await load();
    actor.send({ type: 'tick' });
    actor.send({ type: 'step' });
    expect(advances()).toBe(0);
  });

  test('is planned for again when the whole plan has been executed, not before', async () => {
    await loadAndPlan();
    actor.send({ type: 'tick' });
    actor.send({ type: 'stepped', verdict: 'underway' });
    expect(plans).toHaveLength(1);
    actor.send({ type: 'tick' });
    actor.send({ type: 'stepped', verdict: 'underway' });
    expect(plans).toHaveLength(2);
    latest(plans).resolve(future());
    await settled();
    expect(actor.getSnapshot().context.planStep).toBe(0);
  });

  test.each([
    { verdict: 'achieved', success: true },
    { verdict: 'spent', success: false },
  ] as const)('that is $verdict rests in view, then makes way for the next task', async ({ verdict, success }) => {
    await loadAndPlan();
    actor.send({ type: 'tick' });
    actor.send({ type: 'stepped', verdict });
    expect(latest(emitted)).toEqual({ type: 'ended', success, steps: 0 });
    for (let i = 1; i < REST_TICKS; i++) actor.send({ type: 'tick' });
    expect(loads).toHaveLength(1);
    actor.send({ type: 'tick' });
    expect(loads).toHaveLength(2);
    expect(latest(loads).input.settings.seed).toBe(settings.seed + 1);
    expect(phase()).toBe('loading');
  });
});

describe('transport', () => {
  test('a pause ignores ticks and takes single steps; play goes on', async () => {
    await loadAndPlan();
    actor.send({ type: 'pause' });
    expect(phase()).toBe('paused');
    actor.send({ type: 'tick' });
    expect(advances()).toBe(0);
    actor.send({ type: 'step' });
    actor.send({ type: 'stepped', verdict: 'underway' });
    expect(advances()).toBe(1);
    actor.send({ type: 'play' });
    expect(phase()).toBe('running');
    actor.send({ type: 'step' });
    expect(advances()).toBe(1);
    actor.send({ type: 'tick' });
    expect(advances()).toBe(2);
  });

  test('a pause holds the rest between episodes, and a step ends it', async () => {
    await loadAndPlan();
    actor.send({ type: 'tick' });
    actor.send({ type: 'stepped', verdict: 'achieved' });
    actor.send({ type: 'pause' });
    for (let i = 0; i < 2 * REST_TICKS; i++) actor.send({ type: 'tick' });
    expect(loads).toHaveLength(1);
    actor.send({ type: 'step' });
    expect(loads).toHaveLength(2);
  });

  test('a pause outlasts the change to another task', async () => {
    await loadAndPlan();
    actor.send({ type: 'pause' });
    actor.send({ type: 'next' });
    expect(phase()).toBe('loading');
    expect(latest(loads).input.settings.seed).toBe(settings.seed + 1);
    await loadAndPlan();
    expect(phase()).toBe('paused');
  });

  test('the seed after the last is the first', async () => {
    actor.send({ type: 'configure', settings: { seed: 0xffffffff } });
    actor.send({ type: 'next' });
    expect(latest(loads).input.settings.seed).toBe(0);
  });
});

describe('settings', () => {
  test('another world or seed begins a new episode and gives up what was under way', async () => {
    await load();
    actor.send({ type: 'configure', settings: { world: 'other' } });
    expect(latest(plans).signal.aborted).toBe(true);
    expect(latest(loads).input.settings).toEqual({ ...settings, world: 'other' });
    actor.send({ type: 'configure', settings: { seed: 9 } });
    expect(loads[1]?.signal.aborted).toBe(true);
    expect(latest(loads).input.settings).toEqual({ ...settings, world: 'other', seed: 9 });
  });

  test('what arrives late from a given-up load is ignored', async () => {
    const first = latest(loads);
    actor.send({ type: 'configure', settings: { seed: 9 } });
    first.resolve(new Episode(fakeWorld(), 1));
    await settled();
    expect(phase()).toBe('loading');
    expect(emitted).toEqual([]);
  });

  test('renderer steps hold from the next plan on, and the same world and seed change nothing', async () => {
    await loadAndPlan();
    actor.send({ type: 'configure', settings: { ...settings, rendererSteps: 8 } });
    expect(loads).toHaveLength(1);
    expect(phase()).toBe('running');
    for (let i = 0; i < HORIZON; i++) {
      actor.send({ type: 'tick' });
      actor.send({ type: 'stepped', verdict: 'underway' });
    }
    expect(latest(plans).input.settings.rendererSteps).toBe(8);
  });
});

describe('failure', () => {
  const error = new WeightsError('there are none');

  test('of a load leaves the session choosable', async () => {
    latest(loads).reject(error);
    await settled();
    expect(phase()).toBe('failed');
    expect(latest(emitted)).toEqual({ type: 'failed', error });
    actor.send({ type: 'configure', settings: { world: 'other' } });
    expect(phase()).toBe('loading');
    await loadAndPlan();
    expect(phase()).toBe('running');
  });

  test('can be tried again with the same settings', async () => {
    latest(loads).reject(error);
    await settled();
    actor.send({ type: 'configure', settings });
    expect(phase()).toBe('loading');
    expect(loads).toHaveLength(2);
  });

  test('of a plan and of the physics are told alike', async () => {
    await load();
    latest(plans).reject(error);
    await settled();
    expect(phase()).toBe('failed');
    actor.send({ type: 'next' });
    await loadAndPlan();
    actor.send({ type: 'tick' });
    actor.send({ type: 'broke', error });
    expect(phase()).toBe('failed');
    expect(emitted.filter(({ type }) => type === 'failed')).toHaveLength(2);
  });
});

test('a closed session is over', async () => {
  await loadAndPlan();
  actor.send({ type: 'close' });
  expect(phase()).toBeUndefined();
  expect(actor.getSnapshot().status).toBe('done');
});
