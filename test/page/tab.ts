/**
 * A tab of the browser that the tests of a file share, since a new one costs more than most tests: every test has the
 * page loaded anew in it, as a browser that remembers nothing of the tests before, in a window of the usual size.
 */
import type { Browser, Page } from 'playwright-core';

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
  /** Whether a person has asked for less motion. */
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** Whether there are fingers instead of a mouse; such a window is opened for the test alone. */
  readonly touch?: boolean;
}

/** Path of a document with nothing in it: the server says that it is not there. */
const BLANK = '/nothing-here';

const VIEWPORT = { width: 1280, height: 900 };

export class Tab {
  private readonly browser: Browser;
  private page: Page | undefined;
  private errors: string[] = [];

  constructor(browser: Browser) {
    this.browser = browser;
  }

  /** Loads the address. */
  async open(address: string, options: OpenOptions = {}): Promise<Opened> {
    const { firstVisit = false, viewport = VIEWPORT, colorScheme = 'light', touch = false } = options;
    const { reducedMotion = 'no-preference' } = options;
    if (touch) await this.close();
    this.page ??= await this.openWindow(touch);
    const { page } = this;
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion });
    await page.goto(blankOf(address));
    await page.evaluate((seen) => {
      localStorage.clear();
      if (seen) localStorage.setItem('reverie-tour', 'seen');
    }, !firstVisit);
    const errors: string[] = [];
    this.errors = errors;
    await page.goto(address);
    return { page, errors };
  }

  /** Leaves the page, so that it asks no later server for anything. */
  async leave(): Promise<void> {
    const { page } = this;
    if (page === undefined) return;
    this.errors = [];
    await page.mouse.up();
    if (page.url().startsWith('http')) await page.goto(blankOf(page.url()));
  }

  async close(): Promise<void> {
    await this.page?.context().close();
    this.page = undefined;
  }

  private async openWindow(touch: boolean): Promise<Page> {
    const page = await this.browser.newPage({ hasTouch: touch });
    page.on('console', (message) => {
      const { url } = message.location(); // what is said of the blank document may come late
      if (message.type() === 'error' && !url.endsWith(BLANK)) this.errors.push(`${message.text()} ${url}`);
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  }
}

/** A blank document of the same origin. */
function blankOf(address: string): string {
  return new URL(BLANK, address).href;
}

/** Waits until the stage shows a step and has come to rest there. */
export async function standsAt(page: Page, step: number): Promise<void> {
  await page.locator(`[data-testid="stage"][data-step="${step}"][data-still="true"]`).waitFor();
}

/** A number in a data attribute of the stage. */
export async function stageCount(page: Page, name: 'truth-frames' | 'dream-frames'): Promise<number> {
  return Number((await page.getByTestId('stage').getAttribute(`data-${name}`)) ?? 0);
}
