/**
 * Writes the template of a world: a folder that is an npm package, with the world in one file and a tsconfig.json by
 * which an editor finds the types of `reverie/world` in this installation. The world works as it is.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError, WorldError } from '../../shared/errors.ts';

const template = new URL('./template/', import.meta.url);

/** What the template calls its world, in its id, its title and its package. */
const placeholder = { id: 'my-world', title: 'My world' };

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Writes a new world into the folder, whose last name becomes the world's id, and returns the folder's full path.
 * @throws UsageError when that name cannot be an id, or the folder has something in it.
 * @throws WorldError when it cannot be written.
 */
export async function writeTemplate(folder: string): Promise<string> {
  const path = resolve(folder);
  const id = basename(path);
  if (!idPattern.test(id)) {
    throw new UsageError(`a world cannot be called '${id}': give lower-case words joined by hyphens, like marble-run`);
  }
  const present = await readdir(path).catch((error: NodeJS.ErrnoException) => refuseUnlessMissing(error, path));
  if (present.length > 0)
    throw new UsageError(`the folder '${path}' has something in it: name one that is new or empty`);
  const files = { ...(await renamedFiles(id)), 'tsconfig.json': typesOfInstallation() };
  try {
    await mkdir(path, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text, { flag: 'wx' });
  } catch (cause) {
    throw new WorldError(`the template cannot be written to '${path}': ${(cause as Error).message}`, { cause });
  }
  return path;
}

function refuseUnlessMissing(error: NodeJS.ErrnoException, path: string): string[] {
  if (error.code === 'ENOENT') return [];
  throw new UsageError(`'${path}' cannot become a folder: ${error.message}`);
}

/** The template's files by name, with the placeholders replaced. */
async function renamedFiles(id: string): Promise<Record<string, string>> {
  const title = id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');
  const names = ['world.ts', 'package.json'];
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, template), 'utf8')));
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      (texts[i] ?? '').replaceAll(placeholder.id, id).replaceAll(placeholder.title, title),
    ]),
  );
}

/** A tsconfig.json that leads `reverie/world` to this installation. */
function typesOfInstallation(): string {
  const installation = fileURLToPath(new URL('../../', import.meta.url));
  const config = {
    extends: join(installation, 'tsconfig.json'),
    compilerOptions: {
      typeRoots: [join(installation, 'node_modules/@types')],
      paths: {
        'reverie/world': [join(installation, 'envs/plugin/authoring.ts')],
        'matter-js': [join(installation, 'node_modules/@types/matter-js')],
      },
    },
    include: ['*.ts'],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
