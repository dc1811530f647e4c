/**
 * What viewers and their audience use of a session, whether it is live or a recording that is replayed: neither asks
 * which of the two it watches.
 */
import type { LiveSession } from './liveSession.ts';

export type WatchableSession = Pick<
  LiveSession,
  'output' | 'settings' | 'playing' | 'catchUp' | 'health' | 'receive' | 'hold' | 'close' | 'filler'
>;
