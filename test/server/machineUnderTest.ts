/**
 * The session's machine with its loading and its planning in the test's hands: both settle when the test says so, and
 * whatever the machine emits is kept.
 */
import { afterEach, beforeEach } from 'vitest';
import { type ActorRefFrom, createActor, type EventFrom, fromPromise, type SnapshotFrom } from 'xstate';
import { Episode } from '../../server/live/episode.ts';
import type { ImaginedFuture } from '../../server/live/imaginedFuture.ts';
import type { ImagineInput, LoadInput, SessionEmitted } from '../../server/live/sessionEvents.ts';
import { phaseOf, sessionMachine } from '../../server/live/sessionMachine.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import { fakeWorld } from './fakeWorld.ts';

export const settings: Settings = { world: 'line', seed: 7, rendererSteps: 1 };
/** Steps of every plan. */
export const HORIZON = 2;

/** An invocation of one of the machine's actors that the test settles by hand. */
export interface Call<Input, Output> {
  readonly input: Input;
  readonly signal: AbortSignal;
  resolve(value: Output): void;
  reject(error: unknown): void;
}

type Machine = typeof sessionMachine;

/** A machine that is started anew for every test; the arrays are emptied, never replaced. */
export interface MachineUnderTest {
  readonly loads: Call<LoadInput, Episode>[];
  readonly plans: Call<ImagineInput, ImaginedFuture>[];
  readonly emitted: SessionEmitted[];
  readonly actor: { send(event: EventFrom<Machine>): void; getSnapshot(): SnapshotFrom<Machine> };
  phase(): ReturnType<typeof phaseOf>;
  /** How often the plan was followed for a step. */
  advances(): number;
  load(): Promise<void>;
  loadAndPlan(): Promise<void>;
}

/** Registers the hooks that start and stop the machine. */
export function machineUnderTest(): MachineUnderTest {
  const loads: MachineUnderTest['loads'] = [];
  const plans: MachineUnderTest['plans'] = [];
  const emitted: SessionEmitted[] = [];
  let running: ActorRefFrom<Machine>;

  beforeEach(() => {
    for (const kept of [loads, plans, emitted]) kept.length = 0;
    const machine = sessionMachine.provide({ actors: { loadEpisode: recorded(loads), imagine: recorded(plans) } });
    running = createActor(machine, { input: { settings } });
    running.on('*', (event) => emitted.push(event));
    running.start();
  });

  afterEach(() => {
    running.stop();
  });

  const load = async () => {
    latest(loads).resolve(new Episode(fakeWorld(), running.getSnapshot().context.settings.seed));
    await settled();
  };
  return {
    loads,
    plans,
    emitted,
    actor: { send: (event) => running.send(event), getSnapshot: () => running.getSnapshot() },
    phase: () => phaseOf(running.getSnapshot()),
    advances: () => emitted.filter(({ type }) => type === 'advance').length,
    load,
    loadAndPlan: async () => {
      await load();
      latest(plans).resolve(future());
      await settled();
    },
  };
}

function recorded<Input, Output>(calls: Call<Input, Output>[]) {
  return fromPromise<Output, Input>(
    ({ input, signal }) =>
      new Promise<Output>((resolve, reject) => {
        calls.push({ input, signal, resolve, reject });
      }),
  );
}

export function future(): ImaginedFuture {
  const plan = {
    horizon: HORIZON,
    actions: new Float32Array(HORIZON),
    latents: { rows: HORIZON, columns: 1, data: new Float32Array(HORIZON) },
    costs: [],
  };
  return { plan, frames: [], startStep: 0, rendererSteps: 1, planMs: 0, renderMs: 0 };
}

/** Whatever the machine does in answer to a promise has been done. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export const latest = <T>(calls: T[]): T => calls.at(-1) as T;
