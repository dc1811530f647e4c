/**
 * The timeline in a real browser: back by slider, button and key, round a task, and live again.
 */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';

/** A step in the middle of the second plan. */
const STEP = 21;

let server: FakeServer;
let page: Page;
let errors: string[];

pageUnderTest(async (parts) => {
  ({ server } = parts);
  server.standAt(STEP);
  ({ page, errors } = await parts.open());
  await standsAt(page, STEP);
});

afterEach(() => expect(errors).toEqual([]));

const where = () => page.getByTestId('timeline-where').textContent();
const truth = () => page.getByTestId('stage').getAttribute('data-truth-sum');

describe('the timeline', { timeout: 2 * PATIENCE_MS }, () => {
  it('goes back to any step, shows what was shown then, and comes back to live', async () => {
    const live = await truth();
    const slider = page.getByRole('slider', { name: 'Moment of the session' });
    await slider.fill('4');
    await standsAt(page, 5);
    expect(await where()).toBe('1.6 s back: task 1, step 5');
    expect(await slider.getAttribute('aria-valuetext')).toBe(await where());
    expect(await truth()).not.toBe(live);
    expect(await page.locator('#film [aria-current="step"]').textContent()).toBe('5');
    expect(await page.locator('#film [data-happened]').count()).toBe(5);
    await page.getByRole('button', { name: 'One step on' }).click();
    await standsAt(page, 6);
    await slider.blur();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await standsAt(page, 4);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await standsAt(page, STEP);
    expect(await truth()).toBe(live);
    expect(await page.locator('#film [aria-current="step"]').textContent()).toBe(String(STEP));
    expect(server.heard('transport')).toEqual([]);
  });

  it('replays to the end at the speed that is chosen, while the session goes on', async () => {
    await page.getByRole('slider', { name: 'Moment of the session' }).fill('1');
    await standsAt(page, 2);
    server.standAt(STEP + 4);
    await page.locator(`#timeline-position[max="${STEP + 3}"]`).waitFor({ state: 'attached' });
    expect(await where()).toContain('step 2');
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('4×');
    await page.getByRole('button', { name: 'Replay' }).click();
    await standsAt(page, STEP + 4);
    await vi.waitFor(async () => expect(await where()).toMatch(/^Live/), { timeout: PATIENCE_MS });
  });

  it('goes round one task', async () => {
    await page.getByRole('slider', { name: 'Moment of the session' }).fill(String(STEP - 3));
    await page.getByRole('checkbox', { name: 'Loop this task' }).check();
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('4×');
    await page.getByRole('button', { name: 'Replay' }).click();
    const step = async () => Number(await page.getByTestId('stage').getAttribute('data-step'));
    await vi.waitFor(async () => expect(await step()).toBeLessThan(STEP / 2), { timeout: PATIENCE_MS, interval: 20 });
    await page.getByRole('button', { name: 'Hold' }).click();
    expect(await where()).toMatch(/back: task 1/);
  });
});
