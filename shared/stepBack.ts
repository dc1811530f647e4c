/**
 * A process that computes for long lets whatever is looked at go first, the browser beside it above all. On Linux
 * niceness is not enough: the scheduler shares processors between sessions (`sched(7)`, *The autogroup feature*), and
 * within one only looks at niceness, so that a server in a terminal takes as much as the browser, however nice it is. A
 * process that is to step back is therefore started with `OWN_SESSION`, and lowers its session too.
 */
import type { SpawnOptions } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** How a process is started that will call `stepBack`. */
export const OWN_SESSION: SpawnOptions = { detached: process.platform === 'linux' };

/** Lets other processes go first, where the system can: by so much niceness, from 1 to 19. */
export function stepBack(niceness: number): void {
  if (getPriority() < niceness) setPriority(niceness); // the other way is refused
  if (process.platform === 'linux') lowerSession(niceness);
}

/** Whether nobody else is in this process's session but what it has started. */
function leadsSession(): boolean {
  // After the name, which may hold anything, in brackets: state, parent, group, session (`proc_pid_stat(5)`).
  const [, , , session] = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(session) === process.pid;
}

/** Lowers the session, if it is this process's own. */
function lowerSession(niceness: number): void {
  try {
    if (leadsSession()) writeFileSync('/proc/self/autogroup', String(niceness));
  } catch {
    // A kernel without such groups, or a container that hides them: niceness is all there is.
  }
}
