/** Where the page's socket lives: in a worker that ends with it, or in the page where no worker runs. */
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
  server.standAt(STEP);
});

const STEP = 5;
const LIMIT = { timeout: 2 * PATIENCE_MS };
const patience = { timeout: PATIENCE_MS };

function holdersOf(page: Page): string[] {
  return page
    .workers()
    .map((worker) => worker.url())
    .filter((url) => url.includes('socketWorker'));
}

it('lives in a worker, which ends with it', LIMIT, async () => {
  const { page, errors } = await open();
  await standsAt(page, STEP);
  expect(holdersOf(page)).toHaveLength(1);
  const greetings = server.heard('hello').length;
  server.drop();
  await vi.waitFor(() => expect(server.heard('hello').length).toBe(greetings + 1), patience);
  await vi.waitFor(() => expect(holdersOf(page)).toHaveLength(1), patience);
  expect(errors).toEqual([]);
});

it('lives in the page where the worker cannot be loaded', LIMIT, async () => {
  const before = (): void => {
    window.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(String(url).includes('socketWorker') ? 'missing.js' : url, options);
      }
    };
  };
  const { page } = await open({ before });
  await standsAt(page, STEP);
  expect(holdersOf(page)).toHaveLength(0);
  server.drop();
  await vi.waitFor(() => expect(server.heard('hello').length).toBe(2), patience);
});
