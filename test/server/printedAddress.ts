/** Where a server that was started as a process of its own can be reached. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The address in the line that the server prints when it is ready. */
export async function printedAddress({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server has no output');
  for await (const line of createInterface(stdout)) {
    const found = /http:\/\/\S+/.exec(line)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error('the server ended without printing its address');
}
