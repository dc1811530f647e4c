/**
 * Everyone can use the page: axe finds nothing serious in any of its states, wide and narrow, light and dark.
 */
import { describe, expect, it } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import type { FakeServer } from './fakeServer.ts';
import { type OpenOptions, PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';

const STEP = 21;
const WIDE: OpenOptions = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const NARROW: OpenOptions = { viewport: { width: 390, height: 800 }, colorScheme: 'dark' };

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
});

describe.each([
  ['wide and light', WIDE],
  ['narrow and dark', NARROW],
])('axe finds nothing serious, %s,', (_, options) => {
  it('while the page is live, looks back, and is over its budget', { timeout: 2 * PATIENCE_MS }, async () => {
    server.standAt(STEP);
    server.renderMs = 900;
    const { page } = await open({ query: '?futures=2', ...options });
    await standsAt(page, STEP);
    await page.locator('#future-rows').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    for (const name of ['This session', 'What it knows']) {
      await page.getByRole('tab', { name }).click();
      if (name === 'What it knows') server.teach(32);
      expect(await seriousFindings(page)).toEqual([]);
    }
    await page.getByRole('cell', { name: '0.87' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('slider', { name: 'Moment of the session' }).fill('3');
    await standsAt(page, 4);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('while a person drives, by the pad and by keys', { timeout: 2 * PATIENCE_MS }, async () => {
    for (const [button, hasTouch] of [
      ['Take the controls', true],
      ['Drive the dream', false],
    ] as const) {
      const { page } = await open({ ...options, hasTouch });
      await page.getByRole('button', { name: button }).click();
      const right = page.getByTestId('drive-pad').getByRole('button', { name: 'right' });
      expect(await seriousFindings(page)).toEqual([]);
      await right.focus();
      await page.keyboard.down(' ');
      await page.locator('[data-direction="right"][data-lit="true"]').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.screenshot({
        path: `test/screenshots/axe-pad-${options.colorScheme}-${hasTouch ? 'touch' : 'keys'}.png`,
      });
      await page.close();
    }
  });

  it('while something is wrong', { timeout: 2 * PATIENCE_MS }, async () => {
    server.version = 99;
    const { page } = await open(options);
    await page.getByRole('button', { name: 'Reload' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
