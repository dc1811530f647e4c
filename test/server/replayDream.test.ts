/**
 * The dream beside a replay, over real sockets: what the agent foresees of the recorded actions, wherever a viewer goes
 * in the recording; that the replay never waits for it; the steps that it is painted in; whose dream it is; and why
 * there is none.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { agentWeights } from '../../server/recording/agentWeights.ts';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { encodeRecording } from '../../server/recording/recordingCodec.ts';
import type { Actor } from '../../server/recording/recordingHeader.ts';
import { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { ServerError, WeightsError } from '../../shared/errors.ts';
import type { RendererSteps, Settings } from '../../shared/protocol/control.ts';
import type { FrameMessage } from '../../shared/protocol/frames.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { page, token } from './liveServerUnderTest.ts';
import { actionOf, recordedLine } from './recordedLine.ts';
import { TestPage } from './testPage.ts';

/** Not a whole number of stretches: of the last one two steps are left. */
const LENGTH = 2 * FAKE_HORIZON + 2;
const RETENTION_MS = 50;
const world = fakeWorld({ id: 'slow', goal: 99, budget: 99, stepSeconds: 0.02 });
const worlds = new Map([[world.spec.id, world]]);
const clock = { now: () => performance.now() };

let directory: string;
let server: LiveServer;
let recordings: LiveRecordings;
let shelf: RecordingShelf;
/** What the next agent is loaded as. */
let load: () => Agent | Promise<Agent>;
const pages: TestPage[] = [];
const disposed: string[] = [];
const defects: unknown[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dreams-'));
  const onFailure = (error: unknown) => defects.push(error);
  recordings = await LiveRecordings.open({ directory, clock, sources: new Map(), onFailure });
  shelf = new RecordingShelf({ directory, worlds });
  load = () => fakeAgent('slow', { dispose: async () => void disposed.push('slow') });
  server = await startLiveServer(
    {
      worlds,
      agents: new AgentPool(async () => load()),
      page,
      settings: { world: 'slow', seed: 3, rendererSteps: 2 },
      clock,
      recordings,
      shelf,
      onDefect: (error) => defects.push(error),
    },
    { ...defaultLiveServerConfig, retentionMs: RETENTION_MS, host: '127.0.0.1', port: 0, token },
  );
});

afterEach(async () => {
  for (const { socket } of pages.splice(0)) socket.terminate();
  await server.close();
  await rm(directory, { recursive: true });
  disposed.length = 0;
  expect(defects.splice(0)).toEqual([]);
});

/** Puts a recording on the shelf, perhaps with a step that no replay goes through. */
function recorded(weights?: Actor['weights'], altered?: number): Promise<string> {
  const recording = recordedLine(world, LENGTH, weights);
  const steps = recording.steps.map((step, i) => (i + 1 === altered ? { ...step, hash: '0123456789abcdef' } : step));
  return shelf.keep(encodeRecording({ ...recording, steps }));
}

async function watch(recording: string, session?: string): Promise<TestPage> {
  const opened = new TestPage({ port: server.port, token });
  pages.push(opened);
  await opened.greet(undefined, session, session === undefined ? recording : undefined);
  await opened.message('episode');
  return opened;
}

/** The replay, standing at its first step with the agent loaded. */
async function standing(recording: string): Promise<TestPage> {
  const viewer = await watch(recording);
  viewer.ask({ type: 'transport', command: 'pause' });
  await viewer.message('phase', ({ phase }) => phase === 'paused');
  await viewer.message('replay', ({ dream }) => dream?.state === 'shown');
  return viewer;
}

/** First two bytes of a dream: what was imagined, and the renderer steps. */
function dreamOf({ streams }: FrameMessage): readonly number[] | undefined {
  const dream = streams.find(({ name }) => name === 'dream')?.data;
  return dream && [...dream.subarray(0, 2)];
}

/** What the make-believe agent imagines of a step, from the frame at the beginning of its stretch. */
function foreseen(step: number, steps: RendererSteps = 2): readonly number[] {
  const start = FAKE_HORIZON * Math.floor((step - 1) / FAKE_HORIZON);
  const seen = start === 0 ? 255 : 0; // the dot is in the corner at the start alone
  return [(seen + 10 * (step - start) * actionOf(step - 1)) % 256, steps];
}

/** Goes to a step and waits for the dream of it. */
async function dreamAt(viewer: TestPage, step: number): Promise<readonly number[] | undefined> {
  viewer.frames.length = 0;
  viewer.ask({ type: 'replay', seek: step });
  const there = () => viewer.ticks().find((tick) => tick.envStep === step && dreamOf(tick) !== undefined);
  await viewer.until(() => there() !== undefined, `the dream of step ${step}`);
  return dreamOf(there() as FrameMessage);
}

const stepsOf = (viewer: TestPage) => [...new Set(viewer.ticks().map(({ envStep }) => envStep))];

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
    load = () => fakeAgent('slow', { encode });
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
    load = () => fakeAgent('slow', { imagine });
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
    await vi.waitFor(() => expect(disposed).toEqual(['slow']), { timeout: 20_000 });
  });

  test('an agent that comes when everybody has gone is given back too', async () => {
    let come = (): void => {};
    const coming = new Promise<void>((resolve) => {
      come = resolve;
    });
    const loaded = load;
    load = async () => coming.then(loaded);
    const viewer = await watch(await recorded());
    await viewer.message('replay', ({ dream }) => dream?.state === 'loading');
    await server.close();
    come();
    await vi.waitFor(() => expect(disposed).toEqual(['slow']), { timeout: 20_000 });
  });
});

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
    load = async () => opened.then(() => fakeAgent('slow', { stepCounts: [1, 4] }));
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
    load = () => fakeAgent('slow', { render });
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

describe('whose dream it is', () => {
  const weightsIn = async (name: string, card: string) => {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'card.json'), card);
    return agentWeights(join(directory, name));
  };

  test.each([
    { what: 'the same weights', acts: 'a card', dreams: 'a card', agent: 'same' },
    { what: 'other weights', acts: 'a card', dreams: 'another card', agent: 'other' },
    { what: 'nothing known of who acted', acts: undefined, dreams: 'a card', agent: 'unknown' },
    { what: 'nothing known of who dreams', acts: 'a card', dreams: undefined, agent: 'unknown' },
  ])('with $what', async ({ acts, dreams, agent }) => {
    const acted = acts === undefined ? undefined : await weightsIn('acted', acts);
    if (dreams !== undefined) await recordings.noteAgent('slow', (await weightsIn('dreams', dreams)).directory);
    const viewer = await watch(await recorded(acted));
    const { dream } = await viewer.message('replay', (replay) => replay.dream?.state === 'shown');
    expect(dream).toEqual({ state: 'shown', agent, stepCounts: [1, 2, 4, 8] });
  });
});

describe('where there is no dream', () => {
  test('for want of an agent the replay says so and goes on', async () => {
    load = () => {
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
    load = () => fakeAgent('slow', { imagine, dispose: async () => void disposed.push('slow') });
    const viewer = await watch(await recorded());
    await viewer.message('replay', ({ dream }) => dream?.state === 'none');
    expect(disposed).toEqual(['slow']);
    await viewer.until(() => stepsOf(viewer).includes(LENGTH), 'the last step');
    load = () => fakeAgent('slow');
    viewer.forget();
    viewer.ask({ type: 'transport', command: 'next' });
    await viewer.message('replay', ({ dream }) => dream?.state === 'shown');
    await viewer.until(() => viewer.ticks().some((tick) => dreamOf(tick) !== undefined), 'a dream');
  });
});
