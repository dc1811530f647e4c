/**
 * Where this user's caches lie, as each system wants it: `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory
 * Specification 0.8), `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows. What lies there may be deleted at any
 * time.
 */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What the place depends on. */
export interface CachePlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Reverie's directory of caches, which may not exist yet. */
export function userCacheDirectory(place: Partial<CachePlace> = {}): string {
  const { platform = process.platform, env = process.env, home = homedir() } = place;
  const { XDG_CACHE_HOME: wanted, LOCALAPPDATA: local } = env;
  // The specification has a relative path ignored.
  if (wanted !== undefined && isAbsolute(wanted)) return join(wanted, 'reverie');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'reverie');
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'reverie', 'cache');
  return join(home, '.cache', 'reverie');
}

/** The directory of optimised graphs. */
export function graphCacheDirectory(): string {
  return join(userCacheDirectory(), 'graphs');
}
