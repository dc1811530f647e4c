/**
 * The folder in which the trainings that people begin in the page lie, a folder each. What was asked for and how it
 * ended lies beside the run's own files, so that a server that is started anew finds its trainings again.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../../../shared/errors.ts';
import { trainingRequestSchema } from '../../../shared/protocol/trainings.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';

const startedRunSchema = trainingRequestSchema.extend({
  startedAt: z.iso.datetime(),
  /** `running` until it has ended; a server that was killed leaves it so. */
  status: z.enum(['running', 'stopped', 'failed', 'finished']),
  message: z.string().optional(),
});
export type StartedRun = z.infer<typeof startedRunSchema>;

const FILE = 'training.json';

const ID = /^[A-Za-z0-9@._-]{1,200}$/;

export class RunFolder {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Where a run lies. @throws DataError for what is no id */
  directoryOf(id: string): string {
    if (!ID.test(id) || /^\.+$/.test(id)) throw unknownRun(id);
    return join(this.root, id);
  }

  /** Makes a folder for a run that begins; its id. @throws DataError when it cannot be made */
  async begin(run: StartedRun): Promise<string> {
    const name = `${run.world.replace(/[^A-Za-z0-9@._-]/g, '-').slice(0, 80)}-${run.startedAt.replace(/[:.]/g, '-')}`;
    try {
      await mkdir(this.root, { recursive: true });
      await mkdir(join(this.root, name));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DataError(
        `cannot make "${join(this.root, name)}" (${reason}); start the server with --training and a folder that can be written`,
        { cause: error },
      );
    }
    await this.write(name, run);
    return name;
  }

  async write(id: string, run: StartedRun): Promise<void> {
    await writeAtomically(join(this.directoryOf(id), FILE), `${JSON.stringify(run, undefined, 2)}\n`);
  }

  /** @throws DataError when there is no such run, or its file is damaged */
  async read(id: string): Promise<StartedRun> {
    const run = await this.find(id);
    if (run === undefined) throw unknownRun(id);
    return run;
  }

  /** All runs by their ids, newest first; folders that hold none are passed over. */
  async list(): Promise<(readonly [id: string, run: StartedRun])[]> {
    const names = await readdir(this.root).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => ID.test(name) && !/^\.+$/.test(name))
        .map(async (name) => {
          const run = await this.find(name);
          return run === undefined ? [] : [[name, run] as const];
        }),
    );
    return found.flat().sort(([, a], [, b]) => b.startedAt.localeCompare(a.startedAt));
  }

  private async find(id: string): Promise<StartedRun | undefined> {
    const path = join(this.directoryOf(id), FILE);
    try {
      return startedRunSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      return undefined;
    }
  }
}

function unknownRun(id: string): DataError {
  return new DataError(`There is no training "${id.slice(0, 80)}" on this server; reload the list.`);
}
