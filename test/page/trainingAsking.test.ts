/** How often the page asks a server about trainings, in a real browser: as often as there is anything to see. */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import type { FakeTrainings } from './fakeTrainings.ts';
import { PATIENCE_MS } from './openPage.ts';
import {
  askedAgain,
  chartSays,
  losses,
  row,
  soon,
  type TrainingUnderTest,
  trainingUnderTest,
} from './trainingUnderTest.ts';

let trainings: FakeTrainings;
let open: TrainingUnderTest['open'];

trainingUnderTest((parts) => {
  ({ trainings, open } = parts);
});

/** What the page asks for as its clock goes on by a minute, counted where it asks. */
async function askedInAMinute(page: Page): Promise<number> {
  await page.evaluate(() => {
    const { fetch } = globalThis;
    const counts = document.body.dataset.asked !== undefined;
    document.body.dataset.asked = '0';
    if (counts) return;
    globalThis.fetch = (...request) => {
      document.body.dataset.asked = String(Number(document.body.dataset.asked) + 1);
      return fetch(...request);
    };
  });
  await page.clock.fastForward(60_000);
  return page.evaluate(() => Number(document.body.dataset.asked));
}

/** Nobody looks at the page, as far as it knows. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

describe('what the page asks about trainings', { timeout: 4 * PATIENCE_MS }, () => {
  it('asks only while the section is open, seldom while no run is at work, and goes on after the server was away', async () => {
    trainings.add({ id: 'one', at: { stage: 'latent', progress: 0.1 } });
    trainings.log('one', losses('latent', 10, 2));
    const { page } = await open();
    await chartSays(page, 'after 10 s');
    trainings.down = true;
    await page.getByTestId('training-asked').filter({ hasText: 'The server did not answer' }).waitFor();
    trainings.down = false;
    trainings.log('one', losses('latent', 20, 2).slice(10));
    await askedAgain(page);
    await chartSays(page, 'after 20 s');
    await vi.waitFor(async () => expect(await page.getByTestId('training-asked').innerText()).toBe(''), soon);

    await page.getByRole('button', { name: 'Hide training' }).click();
    expect(await askedInAMinute(page)).toBe(0);
    trainings.log('one', losses('latent', 30, 2).slice(20));
    await page.getByRole('button', { name: 'Show training' }).click();
    await chartSays(page, 'after 30 s');

    await vi.waitFor(async () => expect(await askedInAMinute(page)).toBeGreaterThan(0), soon);
    await setHidden(page, true);
    expect(await askedInAMinute(page)).toBe(0);
    await setHidden(page, false);
    await vi.waitFor(async () => expect(await askedInAMinute(page)).toBeGreaterThan(0), soon);

    trainings.change('one', { status: 'stopped', at: undefined });
    await askedAgain(page);
    await row(page, 'push-t')
      .getByRole('button', { name: /^Resume/ })
      .waitFor();
    // Once more for the last lines, and then for the list alone.
    await vi.waitFor(async () => expect(await askedInAMinute(page)).toBe(1), soon);
    expect(trainings.asked.at(-1)).toBe('GET /trainings');
  });

  it('sees what another page begins while no run is at work: after a while, and at once when it is looked at', async () => {
    const { page, errors } = await open();
    trainings.add({ id: 'elsewhere', world: 'two-room', status: 'stopped' });
    await vi.waitFor(async () => {
      await page.clock.fastForward(15_000);
      expect(await row(page, 'two-room').count()).toBe(1);
    }, soon);
    await setHidden(page, true);
    trainings.add({ id: 'later', world: 'push-t', at: { stage: 'latent', progress: 0.5 } });
    expect(await askedInAMinute(page)).toBe(0);
    await setHidden(page, false);
    await row(page, 'push-t').filter({ hasText: 'latent, 50%' }).waitFor();
    expect(errors).toEqual([]);
  });
});
