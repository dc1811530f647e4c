/** What this process and all that it has started hold, by Linux's own count; elsewhere only this process is seen. */
import { readdir, readFile } from 'node:fs/promises';

export interface TreeUse {
  /** Resident memory in bytes, what processes share counted for each. */
  readonly rss: number;
  /** 0 where the system does not tell. */
  readonly threads: number;
  readonly processes: number;
}

export async function processTreeUse(): Promise<TreeUse> {
  const all = await Promise.all(
    (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(read),
  );
  const known = all.filter((one) => one !== undefined);
  const tree = known.filter(({ pid }) => pid === process.pid);
  // Each that is found is asked for its children in turn; the loop sees what it appends.
  for (const { pid } of tree) tree.push(...known.filter(({ parent }) => parent === pid));
  if (tree.length === 0) return { rss: process.memoryUsage.rss(), threads: 0, processes: 1 };
  const sum = (of: (one: ProcessUse) => number) => tree.reduce((total, one) => total + of(one), 0);
  return { rss: sum(({ rss }) => rss), threads: sum(({ threads }) => threads), processes: tree.length };
}

interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  readonly rss: number;
  readonly threads: number;
}

/** Nothing for a process that has ended meanwhile, or that is ending and holds no memory any more. */
async function read(pid: string): Promise<ProcessUse | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  const use = { pid: Number(pid), parent: number('PPid'), rss: 1024 * number('VmRSS'), threads: number('Threads') };
  return Object.values(use).every(Number.isFinite) ? use : undefined;
}
