import { readFileSync } from 'node:fs';

/** How nice this process's session is among others; undefined where the system shares nothing between sessions. */
export function sessionPriority(): number | undefined {
  try {
    return Number(readFileSync('/proc/self/autogroup', 'utf8').split(' ').at(-1));
  } catch {
    return undefined;
  }
}
