/**
 * The life of a live session as a state machine (xstate 5). Two things go on at once while it is open: what the person
 * wants of the clock (`transport`: running or paused) and how far the session has got (`life`: loading, planning,
 * executing, resting, failed).
 *
 * docs/machines.md has it drawn.
 *
 * The machine does nothing itself. It invokes two actors that it is given, `loadEpisode` and `imagine`, and emits what
 * should happen and what has happened; physics answers each emitted `advance` with a `stepped` event. All progress is
 * driven by `tick` events of one clock, so that a pause holds truth, dream and the rest between episodes alike.
 */
import { and, assign, emit, fromPromise, or, type SnapshotFrom, setup, stateIn } from 'xstate';
import type { Direction, DrivenWorld, SessionPhase } from '../../shared/protocol/control.ts';
import { isDrivable } from './drivenAction.ts';
import type { Episode } from './episode.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';
import type {
  ImagineInput,
  LoadInput,
  SessionContext,
  SessionEmitted,
  SessionEvent,
  SessionInput,
} from './sessionEvents.ts';

/** Ticks for which the end of an episode stays in view. */
export const REST_TICKS = 15;

const REST: Direction = { x: 0, y: 0 };
const PLAYING = { open: { transport: 'running' } } as const;
const HELD = { open: { transport: 'paused' } } as const;
const REARRANGED = { target: 'loading', actions: 'arrange' } as const;
const TAKEN = [
  { guard: 'takesOver', target: 'driven', actions: 'steer' },
  { guard: 'takesDream', target: 'dreaming', actions: 'steer' },
] as const;
const FAILED = { open: { life: 'failed' } } as const;

export const sessionMachine = setup({
  types: {
    input: {} as SessionInput,
    context: {} as SessionContext,
    events: {} as SessionEvent,
    emitted: {} as SessionEmitted,
  },
  actors: {
    loadEpisode: fromPromise<Episode, LoadInput>(() => Promise.reject(new Error('loadEpisode is not provided'))),
    imagine: fromPromise<ImaginedFuture, ImagineInput>(() => Promise.reject(new Error('imagine is not provided'))),
  },
  guards: {
    playing: stateIn(PLAYING),
    held: stateIn(HELD),
    failed: stateIn(FAILED),
    rested: ({ context }) => context.restTicks + 1 >= REST_TICKS,
    beginsEpisode: ({ context, event }) =>
      event.type === 'configure' &&
      ((event.settings.world ?? context.settings.world) !== context.settings.world ||
        (event.settings.seed ?? context.settings.seed) !== context.settings.seed),
    planSpent: ({ context }) => context.planStep >= (context.future?.plan.horizon ?? 0),
    takesOver: ({ context, event }) => takes(context, event, 'truth'),
    takesDream: ({ context, event }) => takes(context, event, 'dream'),
    episodeEnded: ({ event }) => event.type === 'stepped' && event.verdict !== 'underway',
  },
  actions: {
    applySettings: assign(({ context, event }) =>
      event.type === 'configure' ? { settings: { ...context.settings, ...event.settings } } : {},
    ),
    nextTask: assign(({ context }) => ({
      arranged: undefined,
      settings: { ...context.settings, seed: (context.settings.seed + 1) >>> 0 },
    })),
    arrange: assign(({ event }) => (event.type === 'arrange' ? { arranged: event.task } : {})),
    forgetArranged: assign({ arranged: undefined }),
    forgetEpisode: assign({ episode: undefined, future: undefined, planStep: 0, restTicks: 0 }),
    countRest: assign(({ context }) => ({ restTicks: context.restTicks + 1 })),
    countStep: assign(({ context }) => ({ planStep: context.planStep + 1 })),
    advance: emit(({ context }) => ({ type: 'advance', ...currentPlan(context) })),
    steer: assign(({ event }) => (event.type === 'drive' ? { direction: event.direction ?? REST } : {})),
    beginDream: emit({ type: 'dreamBegan' }),
    dreamOn: emit(({ context }) => ({ type: 'dreamt', direction: context.direction })),
    advanceDriven: emit(({ context }) => ({ type: 'driven', direction: context.direction })),
    announceEnd: emit(({ context, event }) => ({
      type: 'ended',
      success: event.type === 'stepped' && event.verdict === 'achieved',
      steps: context.episode?.steps ?? 0,
    })),
    announceFailure: emit((_, { error }: { error: unknown }) => ({ type: 'failed', error })),
  },
}).createMachine({
  id: 'session',
  context: ({ input }) => ({
    settings: input.settings,
    episode: undefined,
    future: undefined,
    planStep: 0,
    restTicks: 0,
    direction: REST,
    arranged: undefined,
  }),
  initial: 'open',
  states: {
    open: {
      type: 'parallel',
      on: {
        close: 'closed',
      },
      states: {
        transport: {
          initial: 'running',
          states: {
            running: { on: { pause: 'paused' } },
            paused: { on: { play: 'running' } },
          },
        },
        life: {
          initial: 'loading',
          on: {
            next: { target: '.loading', actions: 'nextTask' },
            configure: [
              {
                guard: or(['beginsEpisode', 'failed']),
                target: '.loading',
                actions: ['forgetArranged', 'applySettings'],
              },
              { actions: 'applySettings' },
            ],
            broke: {
              target: '.failed',
              actions: { type: 'announceFailure', params: ({ event }) => ({ error: event.error }) },
            },
          },
          states: {
            loading: {
              entry: 'forgetEpisode',
              invoke: {
                src: 'loadEpisode',
                input: ({ context: { settings, arranged } }) => ({ settings, task: arranged }),
                onDone: {
                  target: 'planning',
                  actions: [
                    assign(({ event }) => ({ episode: event.output })),
                    emit(({ context, event }) => ({
                      type: 'began',
                      episode: event.output,
                      settings: context.settings,
                    })),
                  ],
                },
                onError: {
                  target: 'failed',
                  actions: { type: 'announceFailure', params: ({ event }) => ({ error: event.error }) },
                },
              },
            },
            planning: {
              on: { arrange: REARRANGED, drive: TAKEN },
              invoke: {
                src: 'imagine',
                input: ({ context }) => ({ episode: currentEpisode(context), settings: context.settings }),
                onDone: {
                  target: 'executing',
                  actions: [
                    assign(({ event }) => ({ future: event.output, planStep: 0 })),
                    emit(({ event }) => ({ type: 'imagined', future: event.output })),
                  ],
                },
                onError: {
                  target: 'failed',
                  actions: { type: 'announceFailure', params: ({ event }) => ({ error: event.error }) },
                },
              },
            },
            executing: {
              on: {
                tick: { guard: 'playing', actions: ['advance', 'countStep'] },
                step: { guard: 'held', actions: ['advance', 'countStep'] },
                stepped: [
                  { guard: 'episodeEnded', target: 'resting', actions: 'announceEnd' },
                  { guard: 'planSpent', target: 'planning' },
                ],
                arrange: REARRANGED,
                drive: TAKEN,
              },
            },
            driven: {
              on: {
                arrange: REARRANGED,
                tick: { guard: 'playing', actions: 'advanceDriven' },
                step: { guard: 'held', actions: 'advanceDriven' },
                stepped: { guard: 'episodeEnded', target: 'resting', actions: 'announceEnd' },
                drive: [
                  { guard: 'takesOver', actions: 'steer' },
                  { guard: 'takesDream', target: 'dreaming', actions: 'steer' },
                  { target: 'planning', actions: 'steer' },
                ],
              },
            },
            dreaming: {
              entry: 'beginDream',
              on: {
                arrange: REARRANGED,
                tick: { guard: 'playing', actions: 'dreamOn' },
                step: { guard: 'held', actions: 'dreamOn' },
                drive: [
                  { guard: 'takesDream', actions: 'steer' },
                  { guard: 'takesOver', target: 'driven', actions: 'steer' },
                  { target: 'planning', actions: 'steer' },
                ],
              },
            },
            resting: {
              on: {
                arrange: REARRANGED,
                tick: [
                  { guard: and(['playing', 'rested']), target: 'loading', actions: 'nextTask' },
                  { guard: 'playing', actions: 'countRest' },
                ],
                step: { guard: 'held', target: 'loading', actions: 'nextTask' },
              },
            },
            failed: {},
          },
        },
      },
    },
    closed: { type: 'final' },
  },
});

export type SessionSnapshot = SnapshotFrom<typeof sessionMachine>;

/** The phase that the page is told; `undefined` once the session is closed. */
export function phaseOf(snapshot: SessionSnapshot): SessionPhase | undefined {
  if (snapshot.matches('closed')) return undefined;
  if (snapshot.matches({ open: { life: 'loading' } })) return 'loading';
  if (snapshot.matches(FAILED)) return 'failed';
  return snapshot.matches(HELD) ? 'paused' : 'running';
}

/** Whether the person wants the clock to run. */
export function isPlaying(snapshot: SessionSnapshot): boolean {
  return snapshot.matches(PLAYING);
}

/** Whether a person takes the controls of this world, and can. */
function takes({ episode }: SessionContext, event: SessionEvent, world: DrivenWorld): boolean {
  if (event.type !== 'drive' || event.direction === null || event.world !== world) return false;
  return episode !== undefined && isDrivable(episode.spec);
}

function currentEpisode({ episode }: SessionContext): Episode {
  if (episode === undefined) throw new Error('the session has no episode in this state');
  return episode;
}

function currentPlan({ future, planStep }: SessionContext): { future: ImaginedFuture; planStep: number } {
  if (future === undefined) throw new Error('the session has no plan in this state');
  return { future, planStep };
}
