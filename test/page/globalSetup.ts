/**
 * What browser tests share across files, as vitest's global set-up: the page, built once, and one real Chromium that
 * draws WebGL in software. Both are made before the first of these files and put away after the last; a file is told
 * where they are and connects (`browser.ts`).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from './chromiumOptions.ts';

/** Where the tests of a file find what was made for all. */
export interface SharedBrowser {
  /** Address at which the browser takes connections. */
  readonly endpoint: string;
  /** Directory of the built page. */
  readonly built: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedBrowser: SharedBrowser;
  }
}

/** Builds the page and starts the browser; gives back what puts them away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await mkdtemp(join(tmpdir(), 'reverie-page-'));
  const root = fileURLToPath(new URL('../../client', import.meta.url));
  const [server] = await Promise.all([
    chromium.launchServer(chromiumOptions),
    build({ root, logLevel: 'error', build: { outDir: built, emptyOutDir: true } }),
  ]);
  project.provide('sharedBrowser', { endpoint: server.wsEndpoint(), built });
  return async () => {
    await server.close();
    await rm(built, { recursive: true, force: true });
  };
}
