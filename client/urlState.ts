/**
 * What a person chose, kept in the address: `?world=push-t&seed=7&steps=2&futures=4&fan=on&fps=60&auto=on`. A link therefore
 * opens the same task with the same renderer and budget; with `session=…` beside them it opens the session itself,
 * whatever that shows by then. With `recording=…` it replays that, and the others say what to go back to. Values that make no sense are left out, as if they had not been written.
 */

import { type Settings, settingsSchema } from '../shared/protocol/control.ts';
import { type Budget, defaultBudget, FRAME_RATES } from './budget.ts';
import type { Wanted } from './connection.ts';

/** Reads the settings that a query string names. */
export function readUrl(query: string): Partial<Settings> {
  const parameters = new URLSearchParams(query);
  const { world, seed, rendererSteps, futures } = settingsSchema.shape;
  return {
    ...valid('world', world.safeParse(parameters.get('world'))),
    ...valid('seed', seed.safeParse(integer(parameters.get('seed')))),
    ...valid('rendererSteps', rendererSteps.safeParse(integer(parameters.get('steps')))),
    ...(parameters.has('futures') &&
      valid('futures', futures.safeParse(integer(parameters.get('futures')) ?? Number.NaN))),
    ...(parameters.get('fan') === 'on' && { fan: true }),
  };
}

/** Reads the budget that a query string names. */
export function readBudget(query: string): Budget {
  const parameters = new URLSearchParams(query);
  const fps = FRAME_RATES.find((rate) => String(rate) === parameters.get('fps')) ?? defaultBudget.fps;
  return { fps, auto: parameters.get('auto') === 'on' };
}

/** The query string with this budget, named only where it is not the default. */
export function writeBudget(query: string, { fps, auto }: Budget): string {
  const parameters = new URLSearchParams(query);
  parameters.delete('fps');
  parameters.delete('auto');
  if (fps !== defaultBudget.fps) parameters.set('fps', String(fps));
  if (auto) parameters.set('auto', 'on');
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** The query string for these settings; parameters that are not ours stay as they are. */
export function writeUrl(query: string, settings: Settings): string {
  const parameters = new URLSearchParams(query);
  parameters.set('world', settings.world);
  parameters.set('seed', String(settings.seed));
  parameters.set('steps', String(settings.rendererSteps));
  if (settings.futures !== undefined) parameters.set('futures', String(settings.futures));
  if (settings.fan) parameters.set('fan', 'on');
  else parameters.delete('fan');
  return `?${parameters}`;
}

/** The session that a query string asks to watch, if any. */
export function readSession(query: string): string | undefined {
  const session = new URLSearchParams(query).get('session') ?? '';
  return session.length > 0 && session.length <= 200 ? session : undefined;
}

/** The recording that a query string asks to replay, if any. */
export function readRecording(query: string): string | undefined {
  const recording = new URLSearchParams(query).get('recording') ?? '';
  return recording.length > 0 && recording.length <= 300 ? recording : undefined;
}

/** All that a query string asks the server for; the session that was left is only kept for a recording. */
export function readWanted(query: string): Wanted {
  const recording = readRecording(query);
  const left = new URLSearchParams(query).get('left') ?? '';
  const kept = recording !== undefined && left.length > 0 && left.length <= 200 ? left : undefined;
  return { session: readSession(query), recording, left: kept };
}

/**
 * The query string that replays this recording, in a session of its own, and remembers the session that is `left` for
 * it; without a recording the one that asks for the session that was left. What the live session showed stays in it.
 */
export function writeRecording(query: string, recording: string | undefined, left?: string): string {
  const parameters = new URLSearchParams(writeSession(query, undefined));
  if (recording === undefined) {
    const before = parameters.get('left');
    for (const name of ['recording', 'left']) parameters.delete(name);
    return writeSession(parameters.size === 0 ? '' : `?${parameters}`, before ?? undefined);
  }
  parameters.set('recording', recording);
  if (left !== undefined) parameters.set('left', left);
  return `?${parameters}`;
}

/** The query string that asks for this session, or for none. */
export function writeSession(query: string, session: string | undefined): string {
  const parameters = new URLSearchParams(query);
  if (session === undefined) parameters.delete('session');
  else parameters.set('session', session);
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/** Those of the wanted settings that differ from the current ones. */
export function differing(wanted: Partial<Settings>, current: Settings): Partial<Settings> {
  return {
    ...(wanted.world !== undefined && wanted.world !== current.world ? { world: wanted.world } : {}),
    ...(wanted.seed !== undefined && wanted.seed !== current.seed ? { seed: wanted.seed } : {}),
    ...(wanted.rendererSteps !== undefined && wanted.rendererSteps !== current.rendererSteps
      ? { rendererSteps: wanted.rendererSteps }
      : {}),
    ...(wanted.fan !== undefined && wanted.fan !== (current.fan ?? false) ? { fan: wanted.fan } : {}),
    ...(wanted.futures !== undefined && wanted.futures !== current.futures ? { futures: wanted.futures } : {}),
  };
}

function valid<K extends keyof Settings>(
  key: K,
  result: { success: true; data: Settings[K] } | { success: false },
): Partial<Settings> {
  return result.success ? { [key]: result.data } : {};
}

function integer(text: string | null): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
