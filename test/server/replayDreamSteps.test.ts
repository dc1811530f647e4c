/** The steps in which the dream beside a replay is painted: who chooses them, and when they count. */
import { describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { dreamAt, dreamOf, foreseen, LENGTH, replayDreamUnderTest, stepsOf } from './replayDreamUnderTest.ts';
import type { TestPage } from './testPage.ts';

const under = replayDreamUnderTest();
const { recorded, watch, standing } = under;

describe('the steps in which the dream is painted', () => {
  const choose = (viewer: TestPage, settings: Partial<Settings>) => viewer.ask({ type: 'configure', settings });
  const errorsOf = (viewer: TestPage) => viewer.messages.flatMap((said) => (said.type === 'error' ? said.code : []));

  /** A promise that something waits for, and what lets it go on. */
  function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
    let open = (): void => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { opened, open: () => open() };
  }

  test('are those that a viewer chooses, wherever one goes, from the start again, and for whoever joins', async () => {
    const id = await recorded();
    const viewer = await standing(id);
    const { session } = await viewer.message('welcome');
    expect(await dreamAt(viewer, 3)).toEqual(foreseen(3));
    viewer.forget();
    choose(viewer, { rendererSteps: 4 });
    await viewer.message('settings', ({ settings }) => settings.rendererSteps === 4);
    // Anew where the replay stands, without being asked.
    await viewer.until(() => viewer.ticks().length > 0, 'the dream anew');
    expect(viewer.ticks().map((tick) => [tick.envStep, dreamOf(tick)])).toEqual([[3, foreseen(3, 4)]]);
    expect(await viewer.message('plan')).toMatchObject({ envStep: 0, rendererSteps: 4 });
    for (const step of [2, FAKE_HORIZON + 1, LENGTH, 1, LENGTH - 1])
      expect(await dreamAt(viewer, step), `step ${step}`).toEqual(foreseen(step, 4));

    viewer.ask({ type: 'transport', command: 'next' });
    viewer.ask({ type: 'transport', command: 'pause' });
    expect(await dreamAt(viewer, 2)).toEqual(foreseen(2, 4));
    const late = await watch(id, session);
    expect((await late.message('welcome')).settings.rendererSteps).toBe(4);
    expect((await late.message('episode')).settings.rendererSteps).toBe(4);
    await late.until(() => late.ticks().length > 0, 'the step');
    expect(late.ticks().map(dreamOf)).toEqual([foreseen(2, 4)]);
    choose(late, { rendererSteps: 1 });
    await viewer.message('settings', ({ settings }) => settings.rendererSteps === 1);
    expect(await dreamAt(viewer, 1)).toEqual(foreseen(1, 1));
    expect([...errorsOf(viewer), ...errorsOf(late)]).toEqual([]);
  });

  test('are all that can be set: with or without them, what would change what happened is refused whole', async () => {
    const viewer = await standing(await recorded());
    await dreamAt(viewer, 1);
    const others = [{ seed: 9 }, { world: 'slow' }, { futures: 2 }, { fan: true }, { reading: true }];
    for (const refused of [...others, ...others.map((each) => ({ ...each, rendererSteps: 4 as const }))]) {
      viewer.forget();
      choose(viewer, refused);
      const { settings } = await viewer.message('heard');
      expect(errorsOf(viewer), JSON.stringify(refused)).toEqual(['replay']);
      expect(settings).toEqual({ world: 'slow', seed: 3, rendererSteps: 2 });
      expect(viewer.messages.map(({ type }) => type)).not.toContain('settings');
    }
    expect(await dreamAt(viewer, LENGTH)).toEqual(foreseen(LENGTH));
  });

  test('are brought down to what the agent has, as whoever asked is told', async () => {
    const id = await recorded();
    const viewer = await standing(id);
    const other = await watch(id, (await viewer.message('welcome')).session);
    choose(viewer, { rendererSteps: 16 });
    expect((await viewer.message('heard', ({ request }) => request === 2)).settings.rendererSteps).toBe(8);
    expect((await viewer.message('error')).message).toMatch(/no 16 steps, only 1, 2, 4, 8; it goes on with 8/);
    await other.message('settings', ({ settings }) => settings.rendererSteps === 8);
    expect(await dreamAt(other, 2)).toEqual(foreseen(2, 8));
    expect([errorsOf(viewer), errorsOf(other)]).toEqual([['lacked-steps'], []]);
  });

  test('are brought down when the agent comes, where they were chosen before', async () => {
    const { opened, open } = gate();
    under.load = async () => opened.then(() => fakeAgent('slow', { stepCounts: [1, 4] }));
    const viewer = await watch(await recorded());
    choose(viewer, { rendererSteps: 16 });
    expect((await viewer.message('heard')).settings.rendererSteps).toBe(16);
    expect(errorsOf(viewer)).toEqual([]);
    open();
    const { dream } = await viewer.message('replay', (replay) => replay.dream?.state === 'shown');
    expect(dream).toMatchObject({ stepCounts: [1, 4] });
    await viewer.message('settings', ({ settings }) => settings.rendererSteps === 4);
    expect((await viewer.message('error')).code).toBe('lacked-steps');
    viewer.ask({ type: 'transport', command: 'pause' });
    expect(await dreamAt(viewer, 2)).toEqual(foreseen(2, 4));
  });

  test('are new at once: what was being painted in those of before is not shown, and holds up nothing', async () => {
    const { opened, open } = gate();
    const painted: number[] = [];
    const render: Agent['render'] = async (latents, options) => {
      painted.push(options.steps);
      if (painted.length === 1) await opened;
      return fakeAgent().render(latents, options);
    };
    under.load = () => fakeAgent('slow', { render });
    const viewer = await standing(await recorded());
    viewer.ask({ type: 'replay', seek: 0 });
    await vi.waitFor(() => expect(painted).toEqual([2]), { timeout: 20_000 });
    choose(viewer, { rendererSteps: 8 });
    viewer.forget();
    viewer.ask({ type: 'transport', command: 'play' });
    await viewer.until(() => stepsOf(viewer).includes(LENGTH), 'the last step');
    expect(viewer.ticks().every((tick) => dreamOf(tick) === undefined)).toBe(true);
    open();
    for (const step of [LENGTH, 2, FAKE_HORIZON + 1]) expect(await dreamAt(viewer, step)).toEqual(foreseen(step, 8));
    expect(painted.slice(1).every((steps) => steps === 8)).toBe(true);
    const plans = viewer.messages.flatMap((said) => (said.type === 'plan' ? said.rendererSteps : []));
    expect(new Set(plans)).toEqual(new Set([8]));
  });
});
