/**
 * A suite of browser tests: every test has a server of its own, and opens the page in windows that are closed after it.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { builtPage, launchBrowser } from './browser.ts';
import { FakeServer } from './fakeServer.ts';
import { closePages, type Opened, type OpenOptions, openPage } from './openPage.ts';

/** What every test is given anew. */
export interface UnderTest {
  readonly server: FakeServer;
  /** Opens the page, with whatever follows its address. */
  open(options?: OpenOptions & { readonly query?: string }): Promise<Opened>;
}

/** Registers the hooks of a suite; `begin` runs before each test. */
export function pageUnderTest(begin: (parts: UnderTest) => void | Promise<void>): void {
  let browser: Browser;
  let server: FakeServer;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    server = new FakeServer(builtPage());
    const address = `http://127.0.0.1:${await server.listen()}/`;
    await begin({ server, open: ({ query = '', ...options } = {}) => openPage(browser, address + query, options) });
  });

  afterEach(async () => {
    await closePages(browser);
    await server.close();
  });
}
