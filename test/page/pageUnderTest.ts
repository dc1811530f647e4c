/**
 * A suite of browser tests: the page is built and a browser started once, and every test has a server of its own. What
 * a test opened is closed after it.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type BuiltPage, buildPage, launchBrowser } from './browser.ts';
import { FakeServer } from './fakeServer.ts';

/** What every test is given anew, but for the browser. */
export interface UnderTest {
  readonly browser: Browser;
  readonly server: FakeServer;
  /** The page's address. */
  readonly address: string;
}

/** Registers the hooks of a suite; `begin` runs before each test. */
export function pageUnderTest(begin: (parts: UnderTest) => void | Promise<void>): void {
  let built: BuiltPage;
  let browser: Browser;
  let server: FakeServer;

  beforeAll(async () => {
    [built, browser] = await Promise.all([buildPage(), launchBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });

  beforeEach(async () => {
    server = new FakeServer(built.directory);
    await begin({ browser, server, address: await server.listen() });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server.close();
  });
}
