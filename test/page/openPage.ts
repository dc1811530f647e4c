/** Pages of a browser under test: each as a browser sees it that remembers nothing, with what goes wrong on it. */
import type { Browser, Page, Worker } from 'playwright-core';

/** How long a test waits for what must come: long, since it may share two cores with a training. */
export const PATIENCE_MS = 90_000;

/** A page at the address, and what has gone wrong on it. */
export interface Opened {
  readonly page: Page;
  readonly errors: string[];
}

export interface OpenOptions {
  /** Whether the browser has never been here, so that the tour is shown; it has unless told. */
  readonly firstVisit?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Whether the screen is touched, as on a phone; it is not unless told. */
  readonly hasTouch?: boolean;
  /** Whether a person has asked for less motion. */
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** Runs in the page before its own code does. */
  readonly before?: () => void;
}

/** Opens the address in a window of its own. */
export async function openPage(
  browser: Browser,
  address: string,
  { firstVisit = false, viewport = { width: 1280, height: 900 }, before, ...options }: OpenOptions = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport, ...options });
  if (!firstVisit) await page.addInitScript(() => localStorage.setItem('reverie-tour', 'seen'));
  if (before !== undefined) await page.addInitScript(before);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(address);
  return { page, errors };
}

/** Closes all that was opened. */
export async function closePages(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close();
}

/** Painters among the page's workers; another holds its socket. */
export function paintersOf(page: Page): Worker[] {
  return page.workers().filter((worker) => worker.url().includes('painterWorker'));
}

/**
 * Waits until the stage shows a step and has come to rest there, and until what was drawn is on the screen: a painter
 * in a worker says that it has drawn before its picture leaves it, and the page shows what has come with its next one.
 */
export async function standsAt(page: Page, step: number): Promise<void> {
  await page.locator(`[data-testid="stage"][data-step="${step}"][data-still="true"]`).waitFor();
  for (const painter of paintersOf(page)) await painter.evaluate(twoAnimationFrames);
  await page.evaluate(twoAnimationFrames);
}

/** Runs in the page or in one of its workers. */
function twoAnimationFrames(): Promise<void> {
  return new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(() => shown())));
}

/** A number in a data attribute of the stage. */
export async function stageCount(page: Page, name: 'truth-frames' | 'dream-frames'): Promise<number> {
  return Number((await page.getByTestId('stage').getAttribute(`data-${name}`)) ?? 0);
}
