/**
 * Optimised graphs on disk, so that ONNX Runtime need not optimise the same graph twice. An entry's name is the digest
 * of the graph and of all that the result depends on: the runtime's release, the provider and the processor. Entries
 * are written to a temporary name and renamed, and begin with the digest of their content: one that is damaged, or that
 * the runtime refuses, is made again. A cache that cannot be written is no error; graphs are then optimised each time.
 *
 * Nothing depends on the cache: it may be deleted at any time. Beyond `CAPACITY` the oldest entries go.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that all entries together may take. */
const CAPACITY = 512 * 2 ** 20;

const DIGEST_BYTES = 32;
const ENTRY = /^[0-9a-f]{64}\.model$/;

export class ModelCache {
  private readonly directory: string;
  private readonly circumstances: string;
  private readonly capacity: number;

  /** @param circumstances whatever an optimised graph depends on beside the graph */
  constructor(directory: string, circumstances: string, capacity = CAPACITY) {
    this.directory = directory;
    this.circumstances = circumstances;
    this.capacity = capacity;
  }

  /**
   * Loads a graph, optimised already if that can be.
   * @param load loads an optimised graph; when it throws, the entry is made again
   * @param optimise loads the graph as it is and, given a path, saves there what it made of it
   */
  async load<T>(
    model: Uint8Array,
    load: (optimised: Uint8Array) => Promise<T>,
    optimise: (saveTo?: string) => Promise<T>,
  ): Promise<T> {
    const path = join(this.directory, `${this.nameOf(model)}.model`);
    const optimised = await readEntry(path);
    const loaded = optimised && (await load(optimised).catch(() => undefined));
    return loaded ?? this.fill(path, optimise);
  }

  private nameOf(model: Uint8Array): string {
    return createHash('sha256').update(this.circumstances).update('\0').update(model).digest('hex');
  }

  private async fill<T>(path: string, optimise: (saveTo?: string) => Promise<T>): Promise<T> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.directory, { recursive: true });
      await writeFile(temporary, ''); // the runtime's own complaint would be about the graph
    } catch {
      return optimise();
    }
    try {
      const loaded = await optimise(temporary);
      await this.keep(path, temporary).catch(() => {}); // a full disk
      return loaded;
    } finally {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  private async keep(path: string, temporary: string): Promise<void> {
    const content = await readFile(temporary);
    await writeFile(temporary, Buffer.concat([digestOf(content), content]));
    await this.makeRoom(content.length);
    await rename(temporary, path);
  }

  /** Removes the oldest entries until `bytes` more fit. */
  private async makeRoom(bytes: number): Promise<void> {
    const names = (await readdir(this.directory)).filter((name) => ENTRY.test(name));
    const entries = await Promise.all(
      names.map(async (name) => {
        const path = join(this.directory, name);
        const { size, mtimeMs } = await stat(path);
        return { path, size, written: mtimeMs };
      }),
    );
    let excess = entries.reduce((sum, { size }) => sum + size, bytes) - this.capacity;
    for (const { path, size } of entries.sort((a, b) => a.written - b.written)) {
      if (excess <= 0) return;
      await rm(path, { force: true });
      excess -= size;
    }
  }
}

/** An entry's content; undefined where there is none, or a damaged one. */
async function readEntry(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const content = bytes?.subarray(DIGEST_BYTES);
  return bytes && content && digestOf(content).equals(bytes.subarray(0, DIGEST_BYTES)) ? content : undefined;
}

function digestOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
