/**
 * The first-run tour in a real browser: short, out of the way, once.
 */
import { expect, it, vi } from 'vitest';
import { TOUR } from '../../client/tour.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
});

it('leads a first visitor through at most four steps while the page goes on, and never again', {
  timeout: 2 * PATIENCE_MS,
}, async () => {
  server.standAt(3);
  const { page, errors } = await open({ firstVisit: true });
  const card = page.getByTestId('tour');
  await card.waitFor();
  expect(TOUR.length).toBeLessThanOrEqual(4);
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  for (const [i, { title, points }] of TOUR.entries()) {
    await card.getByRole('heading', { name: title }).waitFor();
    expect(await card.textContent()).toContain(`${i + 1} of ${TOUR.length}`);
    expect(await page.locator('[data-toured]').evaluateAll((all) => all.map(({ id }) => id))).toEqual([points]);
    if (i % 3 === 0) await page.screenshot({ path: `test/screenshots/tour-${i + 1}.png` });
    if (i === 1) {
      await page.keyboard.press('n');
      await vi.waitFor(() => expect(server.heard('transport')).toHaveLength(1), { timeout: PATIENCE_MS });
    }
    const before = await card.boundingBox();
    expect(before?.height).toBeLessThan(300);
    await card.getByRole('button', { name: i + 1 < TOUR.length ? 'Go on' : 'Start watching' }).click();
  }
  await card.waitFor({ state: 'hidden' });
  expect(await page.locator('[data-toured]').count()).toBe(0);

  server.standAt(40);
  await page.reload();
  await vi.waitFor(
    async () => expect(await page.getByTestId('stage').getAttribute('data-dream-frames')).not.toBe(null),
    {
      timeout: PATIENCE_MS,
    },
  );
  expect(await card.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Show me around' }).click();
  await card.waitFor();
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'hidden' });
  expect(errors).toEqual([]);
});
