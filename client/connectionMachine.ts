/**
 * The life of the page's link to the server as a state machine (xstate 5). It knows no socket: it says when one is to
 * be opened or given up, by actions that it is provided with, and is told what became of it. A lost link is tried again
 * with exponential back-off and full jitter; a refused one is not, because trying again would change nothing. A link on
 * which nothing comes is doubted before it is given up: a page that was asleep, or whose timers were held up, gets its
 * turn to take what has come meanwhile.
 */
import { assign, setup } from 'xstate';

export interface ConnectionConfig {
  /** First delay before trying again, doubled with each failure. */
  readonly baseMs: number;
  /** Longest delay. */
  readonly capMs: number;
  /** A server that has not answered the greeting by then is given up. */
  readonly welcomeMs: number;
  /**
   * For so long it is listened whether anything comes. A server says something every second, whatever its session does; one
   * that is silent for two such times in a row is given up.
   */
  readonly listenMs: number;
}

export const defaultConnectionConfig: ConnectionConfig = {
  baseMs: 250,
  capMs: 8000,
  welcomeMs: 10_000,
  listenMs: 6000,
};

/** Delay before attempt `attempt` (from 0): uniform on the upper half of an exponentially growing window. */
export function retryDelay(attempt: number, uniform: number, config = defaultConnectionConfig): number {
  const window = Math.min(config.capMs, config.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(window * (0.5 + 0.5 * uniform));
}

export interface ConnectionInput {
  readonly config: ConnectionConfig;
  /** Draws from [0, 1). */
  readonly uniform: () => number;
}

export interface ConnectionContext extends ConnectionInput {
  /** Attempts that have failed since the last welcome. */
  readonly attempt: number;
  readonly retryMs: number;
  /** Why the link was refused. */
  readonly reason: string;
}

export type ConnectionCommand =
  /** Connect now, whatever the state. */
  | { readonly type: 'connect' }
  | { readonly type: 'welcomed' }
  | { readonly type: 'lost' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'close' };

export const connectionMachine = setup({
  types: {
    input: {} as ConnectionInput,
    context: {} as ConnectionContext,
    events: {} as ConnectionCommand,
  },
  delays: {
    welcomeMs: ({ context }) => context.config.welcomeMs,
    retryMs: ({ context }) => context.retryMs,
    listenMs: ({ context }) => context.config.listenMs,
  },
  guards: {
    /** Something has come since it was listened for. */
    spoken: () => true,
  },
  actions: {
    /** Opens a socket and forgets the one before. */
    openSocket: () => {},
    /** Closes the socket, and is told that it was lost. */
    dropSocket: () => {},
    /** Closes the socket and hears no more of it. */
    leaveSocket: () => {},
    countFailure: assign(({ context: { attempt, uniform, config } }) => ({
      attempt: attempt + 1,
      retryMs: retryDelay(attempt, uniform(), config),
    })),
    /** What comes from now on counts. */
    listen: () => {},
    forgetFailures: assign({ attempt: 0 }),
    noteReason: assign(({ event }) => (event.type === 'refused' ? { reason: event.reason } : {})),
  },
}).createMachine({
  id: 'connection',
  context: ({ input }) => ({ ...input, attempt: 0, retryMs: 0, reason: '' }),
  initial: 'closed',
  on: {
    connect: { target: '.connecting', reenter: true },
    close: '.closed',
  },
  states: {
    closed: { entry: 'leaveSocket' },
    connecting: {
      entry: 'openSocket',
      after: { welcomeMs: { actions: 'dropSocket' } },
      on: {
        welcomed: 'open',
        refused: { target: 'refused', actions: 'noteReason' },
        lost: 'waiting',
      },
    },
    open: {
      entry: ['forgetFailures', 'listen'],
      after: { listenMs: [{ guard: 'spoken', target: 'open', reenter: true }, { target: 'doubtful' }] },
      on: {
        refused: { target: 'refused', actions: 'noteReason' },
        lost: 'waiting',
      },
    },
    doubtful: {
      after: { listenMs: [{ guard: 'spoken', target: 'open' }, { target: 'waiting' }] },
      on: {
        refused: { target: 'refused', actions: 'noteReason' },
        lost: 'waiting',
      },
    },
    waiting: {
      entry: ['leaveSocket', 'countFailure'],
      after: { retryMs: 'connecting' },
    },
    refused: { entry: 'leaveSocket' },
  },
});
