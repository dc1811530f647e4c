import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ActorRefFrom, createActor, fromPromise } from 'xstate';
import { Episode } from '../../server/live/episode.ts';
import type { ImaginedFuture } from '../../server/live/imaginedFuture.ts';
import type { ImagineInput, LoadInput, SessionEmitted } from '../../server/live/sessionEvents.ts';
import { phaseOf, REST_TICKS, sessionMachine } from '../../server/live/sessionMachine.ts';
import { WeightsError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { fakeWorld } from './fakeWorld.ts';

const settings: Settings = { world: 'line', seed: 7, rendererSteps: 1 };
const HORIZON = 2;

/** An invocation of one of the machine's actors that the test settles by hand. */
interface Call<Input, Output> {
  readonly input: Input;
  readonly signal: AbortSignal;
  resolve(value: Output): void;
  reject(error: unknown): void;
}

let loads: Call<LoadInput, Episode>[];
let plans: Call<ImagineInput, ImaginedFuture>[];
let emitted: SessionEmitted[];
let actor: ActorRefFrom<typeof sessionMachine>;

function recorded<Input, Output>(calls: Call<Input, Output>[]) {
  return fromPromise<Output, Input>(
    ({ input, signal }) =>
      new Promise<Output>((resolve, reject) => {
        calls.push({ input, signal, resolve, reject });
      }),
  );
}

function future(): ImaginedFuture {
  const plan = {
    horizon: HORIZON,
    actions: new Float32Array(HORIZON),
    latents: { rows: HORIZON, columns: 1, data: new Float32Array(HORIZON) },
    costs: [],
  };
  return { plan, frames: [], startStep: 0, rendererSteps: 1, planMs: 0, renderMs: 0 };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const phase = () => phaseOf(actor.getSnapshot());
const latest = <T>(calls: T[]): T => calls.at(-1) as T;
const emittedTypes = () => emitted.map(({ type }) => type);
const advances = () => emitted.filter(({ type }) => type === 'advance').length;

async function load(): Promise<void> {
  latest(loads).resolve(new Episode(fakeWorld(), actor.getSnapshot().context.settings.seed));
  await settled();
}

async function loadAndPlan(): Promise<void> {
  await load();
  latest(plans).resolve(future());
  await settled();
}

beforeEach(() => {
  loads = [];
  plans = [];
  emitted = [];
  const machine = sessionMachine.provide({ actors: { loadEpisode: recorded(loads), imagine: recorded(plans) } });
  actor = createActor(machine, { input: { settings } });
  actor.on('*', (event) => emitted.push(event));
  actor.start();
});

afterEach(() => {
  actor.stop();
});

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
