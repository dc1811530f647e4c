/**
 * The panels under the film in a real browser: tabs by pointer and key, and what the open one shows.
 */
import type { Page } from 'playwright-core';
import { BehaviorSubject } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reached, type Tab, whileOpen } from '../../client/panels/panelTabs.ts';
import { soon } from './drawn.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { HORIZON } from './syntheticWorld.ts';

/** A step at which the second plan has been seen to its end. */
const STEP = 2 * HORIZON + 2;

let page: Page;
let server: FakeServer;
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

describe('a panel that costs something', () => {
  it('is told the present values when its tab is opened, and none while it is closed', () => {
    const [open, values] = [new BehaviorSubject<Tab>('session'), new BehaviorSubject(1)];
    const told: number[] = [];
    const telling = whileOpen({ open }, 'task', values, 0).subscribe((value) => told.push(value));
    values.next(2);
    open.next('task');
    values.next(3);
    open.next('reading');
    values.next(4);
    expect(told).toEqual([2, 3]);
    telling.unsubscribe();
  });
});

describe('the tabs', { timeout: 2 * PATIENCE_MS }, () => {
  pageUnderTest(async (parts) => {
    ({ server } = parts);
    server.standAt(STEP);
    ({ page, errors } = await parts.open());
    await standsAt(page, STEP);
  });

  afterEach(() => expect(errors).toEqual([]));

  const tab = (name: string) => page.getByRole('tab', { name });

  it('open one set of panels at a time, and leave the arrow keys of the timeline alone', async () => {
    expect(await page.getByRole('tabpanel').count()).toBe(1);
    expect(await page.getByTestId('error-chart').isVisible()).toBe(true);
    await tab('This task').press('ArrowRight');
    expect(await tab('This session').getAttribute('aria-selected')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-session');
    expect(await page.getByTestId('error-chart').isVisible()).toBe(false);
    expect(await page.getByRole('tabpanel', { name: 'This session' }).isVisible()).toBe(true);
    expect(await page.getByTestId('timeline-where').textContent()).toMatch(/^Live/);
    await tab('This task').click();
    expect(await page.getByTestId('error-chart').isVisible()).toBe(true);
  });

  it('show how far ahead the dream is better than a still picture, and what plans promise', async () => {
    await tab('This session').click();
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

  it('let the agent learn to read the state when that panel is opened, say so, then show it beside the truth', async () => {
    const state = page.getByTestId('reading-state');
    expect(server.heard('configure')).toEqual([]);
    await tab('What it knows').click();
    await state.getByText('Learning to read the state: waiting for the agent.').waitFor();
    await vi.waitFor(
      () => expect(server.heard('configure').map(({ settings }) => settings)).toEqual([{ reading: true }]),
      soon,
    );
    server.teach(8);
    await state.getByText('Learning to read the state from scripted episodes: 8 of 32.').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Episodes learned from' }).getAttribute('value')).toBe('8');
    expect(await page.getByTestId('reading-table').isVisible()).toBe(false);
    server.teach(32);
    await state.getByText('The next plan will be read.').waitFor();
    server.standAt(4 * HORIZON - 6);
    await page
      .getByTestId('reading-at')
      .getByText(`at step ${3 * HORIZON} of the session`)
      .waitFor();
    expect(await state.innerText()).toBe('It reads the state of every plan.');
    await page.getByTestId('reading-table').getByText('50.5', { exact: true }).waitFor();
    const rows = await page.getByTestId('reading-table').locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').map((cell) => cell.trim()))).toEqual([
      ['block x units', expect.stringMatching(/^\d+(\.\d+)?$/), expect.stringMatching(/^\d/), '–', '0.99'],
      ['block angle rad', expect.stringMatching(/^\d/), expect.stringMatching(/^\d/), '–', '0.87'],
      ['post x units', '50', '50.5', '–', '–'],
    ]);
    const chart = (start: string) => page.locator(`[data-testid="reading-chart"][aria-label^="${start}"]`).waitFor();
    await chart('block x over 1 plan;');
    await page.getByRole('combobox', { name: 'Course of' }).selectOption('block angle, rad');
    await chart('block angle over 1 plan;');
    server.teach(32);
    server.say({ type: 'error', code: 'reading', message: 'This comes after the lesson.' });
    await page.getByRole('alert').getByText('This comes after the lesson.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByRole('combobox', { name: 'Course of' }).inputValue()).toBe('blockAngle');
    await tab('This task').click();
    await tab('What it knows').click();
    expect(server.heard('configure')).toHaveLength(1);
    await chart('block angle');
    await page.locator('.measurements').screenshot({ path: 'test/screenshots/reading.png' });
  });
});
