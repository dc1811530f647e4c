/** What the page says of a training run: its name among others, how it stands, and since when. */
import type { TrainingSummary } from '../../shared/protocol/trainings.ts';

/** A run as it is told from others: `push-t, seed 0, 29 Nov, 11:05`. */
export function runName({ world, seed, startedAt }: Pick<TrainingSummary, 'world' | 'seed' | 'startedAt'>): string {
  const when: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  return `${world}, seed ${seed}, ${timed(startedAt, when)}`;
}

/** When a run began, in the person's own words for a time. */
export function beganAt(startedAt: string): string {
  return timed(startedAt, { dateStyle: 'medium', timeStyle: 'short' });
}

/** How a run stands. Shares are rounded down, so that only what is done is 100%. */
export function statusWords({ status, stopping, at }: Pick<TrainingSummary, 'status' | 'stopping' | 'at'>): string {
  if (status !== 'running') return status;
  if (stopping) return 'stopping: it saves its state first';
  return at === undefined ? 'beginning' : `${at.stage}, ${Math.floor(100 * at.progress)}%`;
}

/** How long a run was asked to take. */
export function minutesOf({ minutes }: Pick<TrainingSummary, 'minutes'>): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/** What has become of a run that was at work; nothing where that is not news. */
export function newsOf(before: TrainingSummary, now: TrainingSummary): string | undefined {
  if (before.status === now.status) return undefined;
  const name = runName(now);
  if (now.status === 'finished') return `${name}: finished, its agent is ready.`;
  if (now.status === 'failed') return `${name}: failed.${now.message === undefined ? '' : ` ${now.message}`}`;
  if (now.status === 'stopped') return `${name}: stopped; it can be resumed.`;
  return `${name}: it trains again.`;
}

/** A time that no calendar knows is told as it came. */
function timed(startedAt: string, format: Intl.DateTimeFormatOptions): string {
  const date = new Date(startedAt);
  return Number.isNaN(date.getTime()) ? startedAt : date.toLocaleString(undefined, format);
}
