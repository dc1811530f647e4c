/**
 * What a live session is made of: everything from outside that it uses, so that tests hand in their own.
 */
import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../../shared/clock.ts';
import type { Settings } from '../../shared/protocol/control.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { AgentPool } from '../agent/agentPool.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import type { BeginRecording } from '../recording/recordingFolder.ts';
import type { SpareTime } from './spareTime.ts';

/** The worlds that a server offers, by id. */
export type Worlds = ReadonlyMap<string, WorldDefinition>;

export interface LiveSessionOptions {
  readonly worlds: Worlds;
  readonly agents: AgentPool;
  readonly settings: Settings;
  readonly clock: Clock;
  /** The thread's time for what can wait, shared by all sessions. */
  readonly spareTime: SpareTime;
  /** Records every episode, when given. */
  readonly record?: BeginRecording;
  /** Holds every episode for whoever wants it recorded, when given. */
  readonly recordings?: LiveRecordings;
  /** Drives the ticks; a test hands in virtual time. */
  readonly scheduler?: SchedulerLike;
  /** Told of errors that are not meant for the viewer. */
  readonly onDefect: (error: unknown) => void;
}
