/**
 * The dream beside a replay, over real sockets: what the agent foresees of the recorded actions, wherever a viewer goes
 * in the recording; that the replay never waits for it; whose dream it is; and why there is none.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { agentWeights } from '../../server/recording/agentWeights.ts';
import { ServerError, WeightsError } from '../../shared/errors.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { dreamAt, dreamOf, foreseen, LENGTH, replayDreamUnderTest, stepsOf } from './replayDreamUnderTest.ts';

const under = replayDreamUnderTest();
const { recorded, watch, standing } = under;

describe('the dream beside a replay', () => {
  test('is what the agent foresees of the recorded actions, wherever the viewer goes', async () => {
    const viewer = await standing(await recorded());
    for (const step of [2, 1, FAKE_HORIZON, FAKE_HORIZON + 1, LENGTH, 3, LENGTH - 1])
      expect(await dreamAt(viewer, step), `step ${step}`).toEqual(foreseen(step));
  });

  test('is beside the truth on the clock of the replay, step by step, as it plays', async () => {
    const viewer = await standing(await recorded());
    await dreamAt(viewer, 1);
    viewer.forget();
    viewer.ask({ type: 'replay', speed: 0.25 });
    viewer.ask({ type: 'transport', command: 'play' });
    await viewer.until(() => stepsOf(viewer).includes(LENGTH), 'the last step');
    const shown = viewer.ticks().filter((tick) => dreamOf(tick) !== undefined);
    for (const tick of shown) {
      expect(dreamOf(tick)).toEqual(foreseen(tick.envStep));
      expect(tick.streams.map(({ name }) => name)).toContain('truth');
    }
    expect(shown.length).toBeGreaterThan(FAKE_HORIZON);
  });

  test('comes with a film as a plan does, and as long as actions are left', async () => {
    const viewer = await standing(await recorded());
    for (const [step, start, length] of [
      [LENGTH, 2 * FAKE_HORIZON, 2],
      [3, 0, FAKE_HORIZON],
    ] as const) {
      await dreamAt(viewer, step);
      const film = viewer.frames.find(({ kind, envStep }) => kind === 'plan' && envStep === start);
      expect(film?.streams.filter(({ name }) => name === 'imagined')).toHaveLength(length);
      expect(film?.streams.filter(({ name }) => name === 'goal')).toHaveLength(1);
      const plan = { horizon: length, costs: [], rendererSteps: 2 };
      expect(await viewer.message('plan', ({ envStep }) => envStep === start)).toMatchObject(plan);
    }
  });

  test('is imagined from the frame of the moment after that of the moment before', async () => {
    const clips: number[][] = [];
    const encode: Agent['encode'] = (frames) => {
      clips.push(frames.map((frame) => frame.subarray(0, 3 * 64).indexOf(255) / 3));
      return fakeAgent().encode(frames);
    };
    under.load = () => fakeAgent('slow', { encode });
    const viewer = await standing(await recorded());
    await dreamAt(viewer, 1);
    await dreamAt(viewer, FAKE_HORIZON + 1);
    // Half a step and a whole one in turn: 1, 1.5, 2.5, 3.
    expect(clips.slice(0, 2)).toEqual([[0], [3, 3]]);
  });

  test('holds nothing up, and what is too late is left out', async () => {
    const begun: number[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const imagine: Agent['imagine'] = async (latent, actions) => {
      begun.push(actions[0] ?? 0);
      if (begun.length === 1) await held;
      return fakeAgent().imagine(latent, actions);
    };
    under.load = () => fakeAgent('slow', { imagine });
    const viewer = await watch(await recorded());
    await viewer.until(() => stepsOf(viewer).includes(LENGTH), 'the last step');
    await viewer.message('phase', ({ phase }) => phase === 'paused');
    expect(viewer.ticks().every((tick) => dreamOf(tick) === undefined)).toBe(true);
    release();
    await viewer.until(() => viewer.ticks().some((tick) => dreamOf(tick) !== undefined), 'a dream');
    const [first] = viewer.ticks().filter((tick) => dreamOf(tick) !== undefined);
    expect(first?.envStep).toBe(LENGTH);
    expect(begun).toHaveLength(2); // the stretch in the middle was passed by then
    expect(viewer.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('is shown to whoever joins, as it stands', async () => {
    const id = await recorded();
    const first = await standing(id);
    await dreamAt(first, 3);
    const second = await watch(id, (await first.message('welcome')).session);
    await second.message('replay', ({ dream }) => dream?.state === 'shown');
    await second.message('plan', ({ envStep }) => envStep === 0);
    await second.until(() => second.ticks().length > 0, 'the step');
    expect(second.ticks().map(dreamOf)).toEqual([foreseen(3)]);
  });

  test('goes as far as a replay that departs', async () => {
    const viewer = await standing(await recorded(undefined, FAKE_HORIZON + 2));
    expect(await dreamAt(viewer, FAKE_HORIZON)).toEqual(foreseen(FAKE_HORIZON));
    viewer.ask({ type: 'replay', seek: LENGTH });
    expect((await viewer.message('error')).code).toBe('replay-departed');
    expect(await dreamAt(viewer, FAKE_HORIZON + 1)).toEqual(foreseen(FAKE_HORIZON + 1));
  });

  test('ends with the last viewer, and the agent is given back', async () => {
    const viewer = await standing(await recorded());
    await dreamAt(viewer, 1);
    viewer.socket.terminate();
    await vi.waitFor(() => expect(under.disposed).toEqual(['slow']), { timeout: 20_000 });
  });

  test('an agent that comes when everybody has gone is given back too', async () => {
    let come = (): void => {};
    const coming = new Promise<void>((resolve) => {
      come = resolve;
    });
    const loaded = under.load;
    under.load = async () => coming.then(loaded);
    const viewer = await watch(await recorded());
    await viewer.message('replay', ({ dream }) => dream?.state === 'loading');
    await under.server().close();
    come();
    await vi.waitFor(() => expect(under.disposed).toEqual(['slow']), { timeout: 20_000 });
  });
});

describe('whose dream it is', () => {
  const weightsIn = async (name: string, card: string) => {
    await mkdir(join(under.directory(), name));
    await writeFile(join(under.directory(), name, 'card.json'), card);
    return agentWeights(join(under.directory(), name));
  };

  test.each([
    { what: 'the same weights', acts: 'a card', dreams: 'a card', agent: 'same' },
    { what: 'other weights', acts: 'a card', dreams: 'another card', agent: 'other' },
    { what: 'nothing known of who acted', acts: undefined, dreams: 'a card', agent: 'unknown' },
    { what: 'nothing known of who dreams', acts: 'a card', dreams: undefined, agent: 'unknown' },
  ])('with $what', async ({ acts, dreams, agent }) => {
    const acted = acts === undefined ? undefined : await weightsIn('acted', acts);
    if (dreams !== undefined) await under.recordings().noteAgent('slow', (await weightsIn('dreams', dreams)).directory);
    const viewer = await watch(await recorded(acted));
    const { dream } = await viewer.message('replay', (replay) => replay.dream?.state === 'shown');
    expect(dream).toEqual({ state: 'shown', agent, stepCounts: [1, 2, 4, 8] });
  });
});

describe('where there is no dream', () => {
  test('for want of an agent the replay says so and goes on', async () => {
    under.load = () => {
      throw new WeightsError('there is no agent; train one');
    };
    const viewer = await watch(await recorded());
    const { dream } = await viewer.message('replay', (replay) => replay.dream?.state === 'none');
    expect(dream).toEqual({ state: 'none', reason: 'there is no agent; train one' });
    await viewer.until(() => stepsOf(viewer).includes(LENGTH), 'the last step');
    expect(viewer.ticks().every((tick) => dreamOf(tick) === undefined)).toBe(true);
    expect(viewer.messages.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('because the agent failed the replay goes on, and from the start another is tried', async () => {
    const imagine = () => Promise.reject(new ServerError('the thread of the agent has ended'));
    under.load = () => fakeAgent('slow', { imagine, dispose: async () => void under.disposed.push('slow') });
    const viewer = await watch(await recorded());
    await viewer.message('replay', ({ dream }) => dream?.state === 'none');
    expect(under.disposed).toEqual(['slow']);
    await viewer.until(() => stepsOf(viewer).includes(LENGTH), 'the last step');
    under.load = () => fakeAgent('slow');
    viewer.forget();
    viewer.ask({ type: 'transport', command: 'next' });
    await viewer.message('replay', ({ dream }) => dream?.state === 'shown');
    await viewer.until(() => viewer.ticks().some((tick) => dreamOf(tick) !== undefined), 'a dream');
  });
});
