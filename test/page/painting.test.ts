/**
 * Painting over a frame: the brush and the mask, and in a real browser a dialog that is painted in by mouse, finger and
 * keys, sends what was painted, shows what comes back, and says what goes wrong.
 */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { dab, emptyMask, painted, stroke, under } from '../../client/painting/brush.ts';
import { describeFilled, strayPixels } from '../../client/painting/filledSamples.ts';
import { FRAME_BYTES, toRgb } from '../../shared/frame.ts';
import { frameOfText, frameToText, maskOfText, maskToText } from '../../shared/protocol/pixels.ts';
import { seriousFindings } from './accessibility.ts';
import type { FakeServer } from './fakeServer.ts';
import { fingersOn } from './finger.ts';
import { type Opened, PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';

const STEP = 21;
const place = fc.record({
  x: fc.double({ min: -80, max: 140, noNaN: true }),
  y: fc.double({ min: -80, max: 140, noNaN: true }),
});
const size = fc.integer({ min: 1, max: 24 });

describe('a brush', () => {
  it('paints a disc of its size, never outside the frame, and rubs out what it painted', () => {
    expect(under({ x: 5, y: 7 }, 1)).toEqual([7 * 64 + 5]);
    expect(under({ x: 0, y: 0 }, 4)).toHaveLength(6); // a quarter of 13 pixels, with its edges
    fc.assert(
      fc.property(place, size, (at, across) => {
        const pixels = under(at, across);
        expect(new Set(pixels).size).toBe(pixels.length);
        for (const pixel of pixels) {
          const [x, y] = [pixel % 64, Math.floor(pixel / 64)];
          expect(Math.hypot(x - at.x, y - at.y)).toBeLessThanOrEqual(Math.max(across / 2, Math.SQRT1_2));
        }
        const mask = emptyMask();
        dab(mask, at, { size: across, rubs: false });
        expect(painted(mask)).toBe(pixels.length);
        dab(mask, at, { size: across, rubs: true });
        expect(painted(mask)).toBe(0);
      }),
    );
  });

  it('leaves no gap in a stroke', () => {
    const mask = emptyMask();
    stroke(mask, { x: 3, y: 5 }, { x: 60, y: 40 }, { size: 2, rubs: false });
    for (let x = 3; x <= 60; x++) {
      const column = Array.from({ length: 64 }, (_, y) => mask[64 * y + x] ?? 0);
      expect(column.includes(1)).toBe(true);
    }
  });
});

describe('a mask and a frame as text', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096, max: 1 }), (mask) => {
        expect(maskOfText(maskToText(mask))).toEqual(mask);
      }),
      { numRuns: 20 },
    );
    const frame = Uint8Array.from({ length: FRAME_BYTES }, (_, i) => (i * 37) % 256);
    expect(frameOfText(frameToText(frame))).toEqual(frame);
  });

  it('show whether anything that was left has changed', () => {
    const frame = new Uint8Array(FRAME_BYTES).fill(9);
    const mask = emptyMask().fill(1, 0, 10);
    const filled = frame.slice().fill(1, 0, 30);
    const message = { type: 'filled', request: 1, sample: 0, samples: 1, steps: 1 } as const;
    expect(strayPixels(frame, mask, filled)).toBe(0);
    expect(describeFilled({ frame, mask }, { ...message, frame: frameToText(filled) })).toMatch(
      /4086 pixels that you left are/,
    );
    filled[31] = 0;
    expect(describeFilled({ frame, mask }, { ...message, frame: frameToText(filled) })).toMatch(
      /1 pixels that you left differ/,
    );
  });
});

describe.each([
  ['wide and light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['narrow and dark', { viewport: { width: 390, height: 800 }, colorScheme: 'dark', hasTouch: true }],
] as const)('the dialog, %s,', { timeout: 2 * PATIENCE_MS }, (name, options) => {
  let server: FakeServer;
  let open: UnderTest['open'];

  pageUnderTest((parts) => {
    ({ server, open } = parts);
    server.standAt(STEP);
  });

  async function painting(): Promise<Opened> {
    const opened = await open(options);
    await standsAt(opened.page, STEP);
    await opened.page.keyboard.press('p');
    await opened.page.getByTestId('paint').waitFor();
    return opened;
  }
  const counted = (page: Page, count: RegExp) => page.getByTestId('paint-count').filter({ hasText: count }).waitFor();

  it('is painted in, and shows what is filled in by each seed', async () => {
    const { page, errors } = await painting();
    const surface = page.getByTestId('paint-surface');
    const box = (await surface.boundingBox()) ?? expect.fail('the frame has no place on the page');
    const at = (x: number, y: number) =>
      [box.x + ((x + 0.5) / 64) * box.width, box.y + ((y + 0.5) / 64) * box.height] as const;
    expect(await page.getByRole('button', { name: 'Fill in' }).isDisabled()).toBe(true);
    if (name.startsWith('narrow')) {
      const [finger] = await fingersOn(page);
      await finger.down(...at(20, 20));
      await finger.move(...at(40, 20));
      await finger.up();
    } else {
      await page.mouse.move(...at(20, 20));
      await page.mouse.down();
      await page.mouse.move(...at(40, 20), { steps: 4 });
      await page.mouse.up();
    }
    await counted(page, /[12]\d\d pixels painted over/);
    await page.getByLabel('Samples').fill('3');
    await page.getByLabel('Seed of the first').fill('2');
    await page.getByRole('button', { name: 'Fill in' }).click();
    await page
      .getByTestId('paint-said')
      .filter({ hasText: /Filled in, in 4 steps\. The 3[89]\d\d pixels that you left are/ })
      .waitFor();
    expect(await page.getByRole('img', { name: /^Filled in by seed/ }).count()).toBe(3);
    await page.screenshot({ path: `test/screenshots/painting-${name.split(' ')[0]}.png` });
    const [asked] = server.heard('fill');
    expect(asked).toMatchObject({ seed: 2, samples: 3, guide: 'visible' });
    expect(frameOfText(asked?.frame ?? '')).toEqual(toRgb(server.latest?.dream ?? new Uint8Array()));
    expect(maskOfText(asked?.hidden ?? '')[20 * 64 + 30]).toBe(1);
    expect(errors).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('is painted in by keys alone, which do nothing to the session meanwhile', async () => {
    const { page } = await painting();
    await page.getByTestId('paint-surface').press('Shift+ArrowLeft');
    await counted(page, /Brush at 24, 32\. 0 pixels/);
    await page.keyboard.down(' ');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.up(' ');
    await page.keyboard.press('ArrowUp');
    await counted(page, /Brush at 27, 31\. [6-9]\d pixels/);
    // It is read out once the brush rests.
    await page
      .getByTestId('paint-counted')
      .filter({ hasText: /Brush at 27, 31\. [6-9]\d pixels/ })
      .waitFor({ state: 'attached' });
    for (const key of ['n', 'f', 't', 'g', '2']) await page.keyboard.press(key);
    await page.getByText('seen', { exact: true }).click();
    await counted(page, / 0 pixels/);
    await page.getByTestId('paint-surface').press(' ');
    await page.getByLabel('what the agent knew of the whole frame').check();
    await page.getByRole('button', { name: 'Fill in' }).press('Enter');
    await vi.waitFor(() => expect(server.heard('fill')).toMatchObject([{ guide: 'whole' }]), { timeout: PATIENCE_MS });
    expect(frameOfText(server.heard('fill')[0]?.frame ?? '')).toEqual(toRgb(server.latest?.truth ?? new Uint8Array()));
    await page.getByRole('button', { name: 'Clear' }).click();
    await counted(page, / 0 pixels/);
    await page.keyboard.press('Escape');
    await page.getByTestId('paint').waitFor({ state: 'hidden' });
    const heard = ['transport', 'configure', 'drive', 'arrange'] as const;
    expect(heard.flatMap((type) => server.heard(type))).toEqual([]);
  });

  it('says what went wrong, and lets one try again', async () => {
    const { page } = await painting();
    await page.getByTestId('paint-surface').press(' ');
    await page.getByLabel('Seed of the first').fill('13');
    await page.getByRole('button', { name: 'Fill in' }).click();
    await page.getByTestId('paint-said').filter({ hasText: 'The agent has no renderer.' }).waitFor();
    expect(await page.getByTestId('banner').isVisible()).toBe(false);
    await page.getByLabel('Seed of the first').fill('3');
    await page.getByRole('button', { name: 'Fill in' }).click();
    await page.getByTestId('paint-said').filter({ hasText: 'Filled in' }).waitFor();
  });

  it('fills nothing in while there is no connection, says so, and does when it is back', async () => {
    const { page } = await painting();
    const fill = page.getByRole('button', { name: 'Fill in' });
    await page.getByTestId('paint-surface').press(' ');
    expect(await fill.isEnabled()).toBe(true);
    server.admit(false);
    server.drop();
    await page.getByTestId('paint-said').filter({ hasText: 'There is no connection' }).waitFor();
    expect(await fill.isDisabled()).toBe(true);
    await page.getByTestId('paint-surface').press('ArrowRight');
    server.admit(true);
    await fill.click();
    await page.getByTestId('paint-said').filter({ hasText: 'Filled in' }).waitFor();
  });
});
