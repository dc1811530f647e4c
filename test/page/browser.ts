/** The browser and the page of a file of tests. */
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { chromiumOptions } from './chromiumOptions.ts';

const UNSMOOTHED = ['--webgl-antialiasing-mode=none'];

/** Starts a browser for the tests of a file, in which the processor is spared the smoothing of edges. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ ...chromiumOptions, args: [...(chromiumOptions.args ?? []), ...UNSMOOTHED] });
}

/** Directory of the page, which the global set-up has built. */
export function builtPage(): string {
  return inject('builtPage');
}
