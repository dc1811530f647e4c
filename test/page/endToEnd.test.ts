/**
 * The main job, whole: the server as `npm start` runs it, with the shipped agent, and the page in a real browser.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { printedAddress } from '../server/printedAddress.ts';
import { launchBrowser } from './browser.ts';
import { openPage, stageCount } from './openPage.ts';

const patience = { timeout: 120_000, interval: 100 };

let server: ChildProcess;
let browser: Browser;
let address: string;

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  server = spawn(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', 'serve', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  [address, browser] = await Promise.all([printedAddress(server), launchBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
});

it('shows the truth beside the dream, both moving, paints with the steps that are chosen, and several futures', {
  timeout: 300_000,
}, async () => {
  const { page, errors } = await openPage(browser, address);
  for (const name of ['truth-frames', 'dream-frames'] as const)
    await vi.waitFor(async () => expect(await stageCount(page, name)).toBeGreaterThan(5), patience);
  const stage = page.getByTestId('stage');
  const sums = async () => [await stage.getAttribute('data-truth-sum'), await stage.getAttribute('data-dream-sum')];
  const before = await sums();
  await vi.waitFor(async () => {
    const now = await sums();
    expect(now[0]).not.toBe(before[0]);
    expect(now[1]).not.toBe(before[1]);
  }, patience);
  const difference = page.getByTestId('difference-mean');
  await vi.waitFor(async () => expect(await difference.textContent()).toMatch(/^\d+\.\d%$/), patience);

  await page.keyboard.press('4');
  await vi.waitFor(async () => expect(await page.getByTestId('plan-renderer-steps').textContent()).toBe('4'), patience);
  // A new plan empties the film and its frames come one by one, so the film is looked at until it has some.
  const film = page.getByTestId('film').getByRole('listitem');
  await vi.waitFor(async () => expect(await film.count()).toBeGreaterThan(1), patience);
  await page.getByRole('slider', { name: 'Futures', exact: true }).fill('4');
  const futures = page.locator('#future-rows li');
  await vi.waitFor(async () => {
    await page.getByTestId('what-if').scrollIntoViewIfNeeded();
    expect(await futures.count()).toBe(4);
  }, patience);
  expect(await page.getByTestId('spread-chart').getAttribute('aria-label')).toMatch(/^After \d+ steps, imagined/);
  expect(await page.getByRole('alert').isVisible()).toBe(false);
  expect(errors).toEqual([]);
});
