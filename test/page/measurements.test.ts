/**
 * The panels under the film in a real browser: tabs by pointer and key, and what the open one shows.
 */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reached } from '../../client/panels/panelTabs.ts';
import { openPage, PATIENCE_MS, standsAt } from './browser.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { HORIZON } from './syntheticWorld.ts';

/** A step at which the second plan has been seen to its end. */
const STEP = 2 * HORIZON + 2;
const soon = { timeout: PATIENCE_MS, interval: 50 };

let page: Page;
let errors: string[];

describe('reached', () => {
  it('goes round and round, and by no other keys', () => {
    expect(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Tab'].map((key) => reached(key, 0, 3))).toEqual([
      2,
      1,
      0,
      2,
      undefined,
    ]);
    expect(reached('ArrowRight', 2, 3)).toBe(0);
  });
});

describe('the tabs', { timeout: 2 * PATIENCE_MS }, () => {
  pageUnderTest(async ({ browser, server, address }) => {
    server.standAt(STEP);
    ({ page, errors } = await openPage(browser, address));
    await standsAt(page, STEP);
  });

  afterEach(() => expect(errors).toEqual([]));

  const tab = (name: string) => page.getByRole('tab', { name });

  it('open one set of panels at a time, and leave the arrow keys of the timeline alone', async () => {
    expect(await page.getByRole('tabpanel').count()).toBe(1);
    expect(await page.getByTestId('error-chart').isVisible()).toBe(true);
    await tab('This task').press('ArrowRight');
    expect(await tab('The session so far').getAttribute('aria-selected')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-session');
    expect(await page.getByTestId('error-chart').isVisible()).toBe(false);
    expect(await page.getByRole('tabpanel', { name: 'The session so far' }).isVisible()).toBe(true);
    expect(await page.getByTestId('timeline-where').textContent()).toMatch(/^Live/);
    await tab('This task').click();
    expect(await page.getByTestId('error-chart').isVisible()).toBe(true);
  });

  it('show how far ahead the dream is better than a still picture, and what plans promise', async () => {
    await tab('The session so far').click();
    const verdict = page.getByTestId('horizon-verdict');
    await vi.waitFor(
      async () =>
        expect(await verdict.textContent()).toMatch(
          new RegExp(`^${HORIZON} steps ahead the dream is off by \\d+\\.\\d%, a still picture by \\d+\\.\\d%: the`),
        ),
      soon,
    );
    expect(await page.getByTestId('plan-cost-summary').textContent()).toBe(
      'The latest plan promises a cost of 0.712. The latest 3 go from 0.712 to 0.712.',
    );
    expect(await page.getByTestId('surprise-summary').textContent()).toMatch(/^\d+ surprises? in \d+ steps\.$/);
    const chart = page.getByTestId('horizon-chart');
    expect(await chart.getAttribute('aria-label')).toBe(await verdict.textContent());
    expect((await chart.locator('canvas').boundingBox())?.width).toBeGreaterThan(200);
    await page.locator('.measurements').screenshot({ path: 'test/screenshots/session.png' });
  });
});
