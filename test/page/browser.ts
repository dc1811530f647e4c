/** What the global set-up has made, for the tests of a file. */
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** Connects to the browser; closing the connection closes what was opened through it, and no other file's. */
export function connectBrowser(): Promise<Browser> {
  return chromium.connect(inject('sharedBrowser').endpoint);
}

/** Directory of the page. */
export function builtPage(): string {
  return inject('sharedBrowser').built;
}
