/**
 * What browser tests share across files, as vitest's global set-up: the page, built once before the first of these
 * files and put away after the last. Every file starts a Chromium of its own (`browser.ts`), since two that show pages
 * in one browser can keep each other waiting.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Directory of the built page. */
    readonly builtPage: string;
  }
}

/** Builds the page; gives back what puts it away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await mkdtemp(join(tmpdir(), 'reverie-page-'));
  const root = fileURLToPath(new URL('../../client', import.meta.url));
  await build({ root, logLevel: 'error', build: { outDir: built, emptyOutDir: true } });
  project.provide('builtPage', built);
  return () => rm(built, { recursive: true, force: true });
}
