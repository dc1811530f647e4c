/**
 * What browser tests share: the page, built once into a temporary directory, and a real Chromium that draws WebGL in
 * software. Each test gets a page of its own that collects the errors on its console.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** How long a test waits for what must come: long, since it may share two cores with a training. */
export const PATIENCE_MS = 90_000;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: FLAGS });
}

/** The page, built into a directory of its own. */
export interface BuiltPage {
  readonly directory: string;
  remove(): Promise<void>;
}

export async function buildPage(): Promise<BuiltPage> {
  const directory = await mkdtemp(join(tmpdir(), 'reverie-page-'));
  const root = fileURLToPath(new URL('../../client', import.meta.url));
  await build({ root, logLevel: 'error', build: { outDir: directory, emptyOutDir: true } });
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** A page at the address, and what has gone wrong on it. */
export interface Opened {
  readonly page: Page;
  readonly errors: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** Whether the browser has never been here, so that the tour is shown; it has unless told. */
  readonly firstVisit?: boolean;
}

export async function openPage(
  browser: Browser,
  url: string,
  { firstVisit = false, ...options }: OpenOptions = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  if (!firstVisit) await page.addInitScript(() => localStorage.setItem('reverie-tour', 'seen'));
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  return { page, errors };
}

/** Waits until the stage shows a step and has come to rest there. */
export async function standsAt(page: Page, step: number): Promise<void> {
  await page.locator(`[data-testid="stage"][data-step="${step}"][data-still="true"]`).waitFor();
}

/** A number in a data attribute of the stage. */
export async function stageCount(page: Page, name: 'truth-frames' | 'dream-frames'): Promise<number> {
  return Number((await page.getByTestId('stage').getAttribute(`data-${name}`)) ?? 0);
}
