/**
 * The house rules that no linter knows: imports run one way, files stay small, and each opens with prose. `shared`
 * imports nothing of ours; `envs` and `models` import `shared` and don't know each other; the page imports `shared`
 * alone; `server` composes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const allowed: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  envs: ['envs', 'shared'],
  models: ['models', 'shared'],
  client: ['client', 'shared'],
  server: ['server', 'models', 'envs', 'shared', 'client', 'package.json'],
};

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules') && !path.startsWith('dist/'))
    .map((path) => join(folder, path));
}

/** Top-level folders, or files, that a source imports by a relative path. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] as string);
  return specifiers.map((specifier) => {
    const target = relative(root, resolve(root, dirname(path), specifier));
    return target.split('/')[0] as string;
  });
}

describe.each(Object.keys(allowed))('%s', (folder) => {
  const sources = sourcesOf(folder);

  test('has sources', () => {
    expect(sources.length).toBeGreaterThan(3);
  });

  test('imports only what lies below it', () => {
    const strays = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => !allowed[folder]?.includes(target))
        .map((target) => `${path} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });

  test('keeps files within 300 lines', () => {
    const long = sources.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });

  test('opens every file with prose', () => {
    const bare = sources.filter(
      (path) => !/^(#!.*\n)?(\/\/ @vitest.*\n)?\/\*\*/.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(bare).toEqual([]);
  });
});
