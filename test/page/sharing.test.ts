/**
 * One session on two pages, in a real browser and against the real server: the link, the count of viewers, a choice that
 * shows on both, the controls in one pair of hands, and a link to a session that is over.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { readPageFiles } from '../../server/live/pageFiles.ts';
import { fakeAgent } from '../server/fakeAgent.ts';
import { builtPage, launchBrowser } from './browser.ts';
import { endlessWorld as world } from './endlessWorld.ts';
import { closePages, openPage, PATIENCE_MS } from './openPage.ts';

let browser: Browser;
let server: LiveServer;
let address: string;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  server = await startLiveServer(
    {
      worlds: new Map([[world.spec.id, world]]),
      agents: new AgentPool(async (id) => fakeAgent(id)),
      page: await readPageFiles(builtPage()),
      settings: { world: 'endless', seed: 3, rendererSteps: 1 },
      clock: { now: () => performance.now() },
      onDefect: (error) => {
        throw error;
      },
    },
    { ...defaultLiveServerConfig, pingMs: 60_000, host: '127.0.0.1', port: 0, token: 'a-secret' },
  );
  address = `http://127.0.0.1:${server.port}/`;
});

afterEach(async () => {
  await closePages(browser);
  await server.close();
});

const audience = (page: Page, text: string) => page.getByTestId('audience').filter({ hasText: text }).waitFor();

describe('a shared session', { timeout: 4 * PATIENCE_MS }, () => {
  it('is watched and controlled from two pages, driven from one at a time', async () => {
    const first = await openPage(browser, address);
    await first.page.getByRole('button', { name: 'Share this session' }).click();
    const link = await first.page.getByTestId('share-link').inputValue();
    expect(first.page.url()).toBe(link);
    const second = await openPage(browser, link, { viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    await audience(first.page, '2 watching, you are viewer 1');
    await audience(second.page, '2 watching, you are viewer 2');

    await second.page.getByRole('radio', { name: '4', exact: true }).check({ force: true });
    await first.page.waitForFunction(() => new URLSearchParams(location.search).get('steps') === '4');

    await second.page.locator('#drive').click();
    await audience(first.page, 'viewer 2 has the controls');
    expect(await first.page.locator('#drive').isDisabled()).toBe(true);
    await first.page.screenshot({ path: 'test/screenshots/sharing-wide.png' });
    await second.page.screenshot({ path: 'test/screenshots/sharing-narrow.png' });
    await second.page.context().close();
    await first.page.locator('#drive:enabled').waitFor();
    expect(await first.page.getByTestId('audience').textContent()).toBe('');
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  it('has its steps chosen by one budget: of the page that chose Auto last, until somebody chooses by hand', async () => {
    const first = await openPage(browser, `${address}?auto=on`);
    await first.page
      .locator('#auto-steps')
      .getByText(/^Auto · \d/)
      .waitFor();
    await first.page.getByRole('button', { name: 'Share this session' }).click();
    const link = await first.page.getByTestId('share-link').inputValue();
    expect(link).toContain('auto=on');
    const second = await openPage(browser, link);
    const owner = (page: Page, text: string | RegExp) =>
      page.getByTestId('auto-owner').filter({ hasText: text }).waitFor();
    const noOwner = (page: Page) => page.locator('[data-testid="auto-owner"]:empty').waitFor({ state: 'attached' });
    await owner(second.page, 'Viewer 1 is in auto mode');
    // The page may still be finding its layout: the hand reaches again where it missed.
    const sixty = second.page.getByRole('radio', { name: '60' });
    await vi.waitFor(() => sixty.check({ force: true, timeout: 2000 }), { timeout: PATIENCE_MS });
    await owner(first.page, 'Viewer 2 is in auto mode');
    await noOwner(second.page);
    await first.page.screenshot({ path: 'test/screenshots/auto-of-another.png', fullPage: true });
    const two = first.page.getByRole('radio', { name: '2', exact: true });
    await vi.waitFor(() => two.check({ force: true, timeout: 2000 }), { timeout: PATIENCE_MS });
    for (const { page } of [first, second]) {
      await page.waitForFunction(() => new URLSearchParams(location.search).get('steps') === '2');
      await page.waitForFunction(() => !new URLSearchParams(location.search).has('auto'));
      await noOwner(page);
    }
    await second.page.keyboard.press('a');
    await owner(first.page, /Viewer 2 is in auto mode: their frame budget chooses the renderer steps\.$/);
    // The steps that the budget chose are checked already, and are chosen for good all the same.
    await vi.waitFor(
      async () => {
        await first.page.locator('#renderer-steps input:checked').click({ force: true, timeout: 2000 });
        expect(new URL(second.page.url()).searchParams.has('auto')).toBe(false);
      },
      { timeout: PATIENCE_MS, interval: 500 },
    );
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  it('that is over gives way to a new one, with a notice', async () => {
    const { page } = await openPage(browser, `${address}?session=gone&seed=8`);
    await page.getByText('That session is over').waitFor();
    await page.waitForFunction(() => !new URLSearchParams(location.search).has('session'));
    await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
    expect(new URL(page.url()).searchParams.get('seed')).toBe('8');
  });
});
