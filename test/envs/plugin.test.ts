/** The door for anyone's world: the template, and modules that lie where Reverie knows nothing of. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTemplate } from '../../envs/plugin/writeTemplate.ts';
import { loadWorld } from '../../envs/registry.ts';
import { UsageError } from '../../shared/errors.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const template = join(root, 'envs/plugin/template');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reverie-plugin-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a program of this installation prints when it is run in the folder. */
async function run(args: readonly string[]): Promise<string> {
  const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, ...args], { cwd: folder });
  return stdout;
}

/** The id of the world that the specifier names, loaded by a process in the folder. */
async function idOf(specifier: string): Promise<string> {
  const registry = JSON.stringify(pathToFileURL(join(root, 'envs/registry.ts')).href);
  const program = `const { loadWorld } = await import(${registry}); console.log((await loadWorld(process.argv[1])).spec.id)`;
  return (await run(['--input-type=module', '--eval', program, specifier])).trim();
}

/** A package of the folder whose only module is the template, under another name. */
async function install(name: string, manifest: object): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
  await copyFile(join(template, 'world.ts'), join(path, 'world.ts'));
}

describe('a world that lies outside Reverie', () => {
  it('may be one TypeScript file in a folder with nothing else', async () => {
    await copyFile(join(template, 'world.ts'), join(folder, 'alone.ts'));
    expect(await idOf('alone.ts')).toBe('my-world');
    expect(await idOf(join(folder, 'alone.ts'))).toBe('my-world');
  });

  it('may be plain JavaScript, and share the matter-js of Reverie', async () => {
    await writeFile(
      join(folder, 'plain.mjs'),
      `import Own from 'matter-js';
       import { defineMatterWorld, Matter } from 'reverie/world';
       import template from ${JSON.stringify(pathToFileURL(join(template, 'world.ts')).href)};
       if (Own !== Matter || typeof defineMatterWorld !== 'function') throw new Error('another matter-js');
       export default { ...template, spec: { ...template.spec, id: 'plain' } };`,
    );
    expect(await idOf('./plain.mjs')).toBe('plain');
  });

  it('may be a folder, or a package with a main module or exports, scoped or not', async () => {
    await install('main-world', { main: './world.ts' });
    await install('@someone/exports-world', { type: 'module', exports: { import: './world.ts' } });
    expect(await idOf('node_modules/main-world')).toBe('my-world');
    expect(await idOf('main-world')).toBe('my-world');
    expect(await idOf('main-world/world.ts')).toBe('my-world');
    expect(await idOf('@someone/exports-world')).toBe('my-world');
  });

  it('is found by worker threads too', async () => {
    await writeFile(
      join(folder, 'worker.mts'),
      `import { parentPort, workerData } from 'node:worker_threads';
       import { loadWorld } from ${JSON.stringify(pathToFileURL(join(root, 'envs/registry.ts')).href)};
       parentPort?.postMessage((await loadWorld(workerData.data)).spec.id);`,
    );
    await copyFile(join(template, 'world.ts'), join(folder, 'threaded.ts'));
    const startWorker = JSON.stringify(pathToFileURL(join(root, 'shared/startWorker.ts')).href);
    const program = `const { startWorker } = await import(${startWorker});
      const { pathToFileURL } = await import('node:url');
      startWorker(pathToFileURL('worker.mts'), 'threaded.ts').on('message', (id) => console.log(id));`;
    expect((await run(['--input-type=module', '--eval', program])).trim()).toBe('my-world');
  });

  it('is named when it needs a package that is not there', async () => {
    await writeFile(join(folder, 'needy.ts'), "import 'no-such-package'; export default {};");
    await expect(loadWorld(join(folder, 'needy.ts'))).rejects.toThrow(/needy\.ts' doesn't load: .*no-such-package/);
  });
});

describe('the template', () => {
  it('is a world that the command line accepts, under the name that was given', async () => {
    const path = await writeTemplate(join(folder, 'marble-run'));
    const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as { name: string };
    expect(manifest.name).toBe('marble-run');
    const { spec, create } = await loadWorld(join(path, 'world.ts'));
    expect(spec).toMatchObject({ id: 'marble-run', title: 'Marble run' });
    expect(await readFile(join(path, 'world.ts'), 'utf8')).not.toMatch(/my[- ]world/i);
    const world = create({ ballRadius: 14, ballColor: '#0096c7' });
    expect(world.scene().at(-1)).toMatchObject({ name: 'ball', radius: 14, color: '#0096c7' });
    expect(world.spec.objects[0]?.color).toBe('#0096c7');
  });

  it('gives an editor the types', async () => {
    const path = await writeTemplate(join(folder, 'typed'));
    const tsc = join(root, 'node_modules/.bin/tsc');
    await expect(promisify(execFile)(tsc, ['--noEmit', '--project', path])).resolves.toMatchObject({ stdout: '' });
    const source = await readFile(join(path, 'world.ts'), 'utf8');
    await writeFile(join(path, 'world.ts'), source.replace("kind: 'box'", "kind: 'boxes'"));
    await expect(promisify(execFile)(tsc, ['--noEmit', '--project', path])).rejects.toMatchObject({
      stdout: expect.stringMatching(/'"boxes"' is not assignable/),
    });
  });

  it('overwrites nothing, and says what a world can be called', async () => {
    const path = await writeTemplate(join(folder, 'once'));
    await expect(writeTemplate(path)).rejects.toThrow(/has something in it/);
    for (const name of ['Marble Run', 'marble_run', '-run']) {
      await expect(writeTemplate(join(folder, name))).rejects.toThrow(UsageError);
    }
    await writeFile(join(folder, 'file'), '');
    await expect(writeTemplate(join(folder, 'file'))).rejects.toThrow(/'.*file' cannot become a folder/);
  });
});
