/** The browser and the page of a file of tests. */
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { chromiumOptions } from './chromiumOptions.ts';

/** Starts a browser for the tests of a file. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(chromiumOptions);
}

/** Directory of the page, which the global set-up has built. */
export function builtPage(): string {
  return inject('builtPage');
}
