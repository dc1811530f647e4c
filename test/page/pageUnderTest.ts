/**
 * A suite of browser tests: every test has a server of its own, always at the address of the first, and the page loaded
 * anew in a tab that the suite shares.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { builtPage, connectBrowser } from './browser.ts';
import { FakeServer } from './fakeServer.ts';
import { type Opened, type OpenOptions, Tab } from './tab.ts';

/** What every test is given anew. */
export interface UnderTest {
  readonly server: FakeServer;
  /** Opens the page, with whatever follows its address. */
  open(options?: OpenOptions & { readonly query?: string }): Promise<Opened>;
}

/** Registers the hooks of a suite; `begin` runs before each test. */
export function pageUnderTest(begin: (parts: UnderTest) => void | Promise<void>): void {
  let browser: Browser;
  let tab: Tab;
  let server: FakeServer;
  let port = 0;

  beforeAll(async () => {
    browser = await connectBrowser();
    tab = new Tab(browser);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    server = new FakeServer(builtPage());
    port = await server.listen(port);
    const address = `http://127.0.0.1:${port}/`;
    await begin({ server, open: ({ query = '', ...options } = {}) => tab.open(address + query, options) });
  });

  afterEach(async () => {
    await tab.leave();
    await server.close();
  });
}
