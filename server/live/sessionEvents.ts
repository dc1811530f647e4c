/**
 * What a session hears and tells, and what its state machine remembers, hears and says (`sessionMachine.ts`).
 */
import type {
  ClientMessage,
  Direction,
  DrivenWorld,
  ServerMessageOf,
  Settings,
} from '../../shared/protocol/control.ts';
import type { Task } from '../../shared/world.ts';
import type { Episode, EpisodeVerdict } from './episode.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';

/** What a person may ask of a session. */
export type SessionRequest = Extract<
  ClientMessage,
  { type: 'configure' | 'transport' | 'drive' | 'arrange' | 'record' | 'replay' }
>;

/** What a page says of its auto mode. */
export type AutoRequest = Extract<ClientMessage, { type: 'auto' }>;

/** What a person may ask of the agent of a session, for themselves alone. */
export type FillRequest = Extract<ClientMessage, { type: 'fill' }>;

/** All that a viewer may ask: of the session, of its agent, and of who watches with it. */
export type ViewerRequest = SessionRequest | FillRequest | AutoRequest;

export type ArrangeRequest = Extract<SessionRequest, { type: 'arrange' }>;

/** What the session contributes to `stats`. */
export type SessionHealth = Pick<ServerMessageOf<'stats'>, 'phase' | 'envStep' | 'simMs' | 'planMs' | 'renderMs'> & {
  readonly droppedFutures: number;
};

export interface SessionInput {
  readonly settings: Settings;
}

export interface SessionContext {
  readonly settings: Settings;
  readonly episode: Episode | undefined;
  readonly future: ImaginedFuture | undefined;
  /** Steps of the current plan that have been executed. */
  readonly planStep: number;
  readonly restTicks: number;
  /** Where a person drives. */
  readonly direction: Direction;
  /** The task to begin instead of the seed's own. */
  readonly arranged: Task | undefined;
}

export type SessionEvent =
  | { readonly type: 'configure'; readonly settings: Partial<Settings> }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'next' }
  | { readonly type: 'tick' }
  /** A person drives, or lets the agent go on. */
  | { readonly type: 'drive'; readonly direction: Direction | null; readonly world: DrivenWorld }
  /** A person has made a task of where the world is. */
  | { readonly type: 'arrange'; readonly task: Task }
  /** The step that `advance` asked for has been taken. */
  | { readonly type: 'stepped'; readonly verdict: EpisodeVerdict }
  /** The physics broke down. */
  | { readonly type: 'broke'; readonly error: unknown }
  | { readonly type: 'close' };

export type SessionEmitted =
  | { readonly type: 'began'; readonly episode: Episode; readonly settings: Settings }
  | { readonly type: 'imagined'; readonly future: ImaginedFuture }
  /** Take step `planStep` of the plan, then answer with `stepped`. */
  | { readonly type: 'advance'; readonly future: ImaginedFuture; readonly planStep: number }
  /** Take a step as the person drives, then answer with `stepped`. */
  | { readonly type: 'driven'; readonly direction: Direction }
  /** Forget any dream that was driven, and begin another when it is first driven. */
  | { readonly type: 'dreamBegan' }
  /** Imagine a step as the person drives. */
  | { readonly type: 'dreamt'; readonly direction: Direction }
  | { readonly type: 'ended'; readonly success: boolean; readonly steps: number }
  | { readonly type: 'failed'; readonly error: unknown };

/** What the `loadEpisode` actor is given. */
export interface LoadInput {
  readonly settings: Settings;
  /** Instead of the seed's own task. */
  readonly task: Task | undefined;
}

/** What the `imagine` actor is given. */
export interface ImagineInput {
  readonly episode: Episode;
  readonly settings: Settings;
}
