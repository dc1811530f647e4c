/** The page's section about training, as tests open, read and use it. */
import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import type { FakeTrainings } from './fakeTrainings.ts';
import { type Opened, type OpenOptions, PATIENCE_MS } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';

export const soon = { timeout: PATIENCE_MS, interval: 50 };

/** What every test is given anew. */
export interface TrainingUnderTest {
  readonly trainings: FakeTrainings;
  /** Opens the page, and the section on it. */
  open(options?: OpenOptions): Promise<Opened>;
}

/** Registers the hooks of a suite; `begin` runs before each test. */
export function trainingUnderTest(begin: (parts: TrainingUnderTest) => void): void {
  pageUnderTest(({ server, open }) => {
    server.standAt(3);
    begin({
      trainings: server.trainings,
      async open(options) {
        const opened = await open(options);
        await showTraining(opened.page);
        return opened;
      },
    });
  });
}

async function showTraining(page: Page): Promise<void> {
  await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
  await page.clock.install();
  await page.getByRole('button', { name: 'Show training' }).press('Enter');
  await page.locator('#training-there, #training-absent').and(page.locator(':not([hidden])')).waitFor();
}

/** Losses that fall from `high` over so many seconds. */
export function losses(stage: string, seconds: number, high: number): MetricsLine[] {
  return Array.from({ length: seconds }, (_, i) => ({
    stage,
    step: 10 * i,
    seconds: i + 0.5,
    terms: { prediction: high / (1 + i / 20), sigreg: 0.25 },
  }));
}

export const chartSays = (page: Page, text: string | RegExp): Promise<void> =>
  vi.waitFor(
    async () => expect(await page.getByTestId('training-chart').getAttribute('aria-label')).toMatch(text),
    soon,
  );

/** The page asks again now, not in a second or two: its clock is put forward. */
export const askedAgain = (page: Page): Promise<void> => page.clock.fastForward(5000);

export const row = (page: Page, world: string) => page.getByRole('row').filter({ hasText: world });
