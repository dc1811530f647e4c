import { describe, expect, test } from 'vitest';
import { Episode } from '../../server/live/episode.ts';
import { fakeWorld } from './fakeWorld.ts';
import { future, latest, machineUnderTest, settings, settled } from './machineUnderTest.ts';

const { actor, loads, plans, emitted, advances, load, loadAndPlan } = machineUnderTest();
const emittedTypes = () => emitted.map(({ type }) => type);

describe('a person at the controls', () => {
  const right = { x: 1, y: 0 };
  const driven = () => emitted.flatMap((event) => (event.type === 'driven' ? [event.direction] : []));

  test('drives step by step instead of the plan, and the agent plans anew when it has them back', async () => {
    await loadAndPlan();
    actor.send({ type: 'drive', direction: right, world: 'truth' });
    actor.send({ type: 'tick' });
    actor.send({ type: 'stepped', verdict: 'underway' });
    actor.send({ type: 'drive', direction: { x: 0, y: -1 }, world: 'truth' });
    actor.send({ type: 'tick' });
    expect(driven()).toEqual([right, { x: 0, y: -1 }]);
    expect(advances()).toBe(0);
    actor.send({ type: 'drive', direction: null, world: 'truth' });
    expect(plans).toHaveLength(2);
    actor.send({ type: 'tick' });
    expect(driven()).toHaveLength(2);
  });

  test('need not wait until the agent has thought', async () => {
    await load();
    actor.send({ type: 'drive', direction: right, world: 'truth' });
    actor.send({ type: 'tick' });
    latest(plans).resolve(future());
    await settled();
    expect(driven()).toEqual([right]);
    expect(emittedTypes()).not.toContain('imagined');
  });

  test('is held by a pause, steps one by one, and may end the task', async () => {
    await loadAndPlan();
    actor.send({ type: 'pause' });
    actor.send({ type: 'drive', direction: right, world: 'truth' });
    actor.send({ type: 'tick' });
    expect(driven()).toEqual([]);
    actor.send({ type: 'step' });
    actor.send({ type: 'stepped', verdict: 'achieved' });
    expect(driven()).toEqual([right]);
    expect(emitted.at(-1)).toMatchObject({ type: 'ended', success: true });
  });

  test('drives a dream while the truth stands still, a new one each time it is taken', async () => {
    await loadAndPlan();
    actor.send({ type: 'drive', direction: right, world: 'dream' });
    actor.send({ type: 'tick' });
    actor.send({ type: 'drive', direction: { x: 0, y: 1 }, world: 'dream' });
    actor.send({ type: 'tick' });
    expect(emitted.slice(-3)).toEqual([
      { type: 'dreamBegan' },
      { type: 'dreamt', direction: right },
      { type: 'dreamt', direction: { x: 0, y: 1 } },
    ]);
    actor.send({ type: 'drive', direction: right, world: 'truth' });
    actor.send({ type: 'drive', direction: right, world: 'dream' });
    expect(emitted.at(-1)).toEqual({ type: 'dreamBegan' });
    actor.send({ type: 'drive', direction: null, world: 'dream' });
    expect(plans).toHaveLength(2);
    expect([advances(), driven().length]).toEqual([0, 0]);
  });

  test('gives back what nobody took without harm', async () => {
    await loadAndPlan();
    actor.send({ type: 'drive', direction: null, world: 'truth' });
    actor.send({ type: 'tick' });
    expect(advances()).toBe(1);
    expect(plans).toHaveLength(1);
  });
});

describe('a task that a person arranges', () => {
  const task = { ...new Episode(fakeWorld(), 7).task, goal: { x: 2 } };

  test('is loaded at once, whoever acts, and the next task is of the seed again', async () => {
    await loadAndPlan();
    actor.send({ type: 'arrange', task });
    expect(latest(loads).input).toEqual({ settings, task });
    await load();
    actor.send({ type: 'drive', direction: { x: 1, y: 0 }, world: 'truth' });
    actor.send({ type: 'arrange', task });
    expect(latest(loads).input.task).toBe(task);
    expect(loads).toHaveLength(3);
    await load();
    actor.send({ type: 'next' });
    expect(latest(loads).input).toEqual({ settings: { ...settings, seed: settings.seed + 1 }, task: undefined });
  });

  test('gives way to another choice of task', async () => {
    await loadAndPlan();
    actor.send({ type: 'arrange', task });
    actor.send({ type: 'configure', settings: { seed: 1 } });
    expect(latest(loads).input.task).toBeUndefined();
  });
});
