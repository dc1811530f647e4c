/**
 * What the page shows, in a real browser, against a server that says what each test wants.
 */
import { describe, expect, it, vi } from 'vitest';
import { FRAME_SIZE } from '../../shared/frame.ts';
import { drawn, soon } from './drawn.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, stageCount, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';
import { screen } from './screen.ts';
import { BUDGET, HORIZON } from './syntheticWorld.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
  server.standAt(SOME);
});

/** Where the clock stands unless a test lets it go on, so that two cores have time for what is tested. */
const SOME = 3;
/** A step in the middle of the second plan. */
const STEP = HORIZON + 5;

describe('pictures', { timeout: 2 * PATIENCE_MS }, () => {
  it('come of both kinds, change, and leave no error on the console', async () => {
    server.go();
    const { page, errors } = await open();
    await drawn(page, 'truth-frames', 3);
    await drawn(page, 'dream-frames', 3);
    const stage = page.getByTestId('stage');
    const before = [await stage.getAttribute('data-truth-sum'), await stage.getAttribute('data-dream-sum')];
    await drawn(page, 'truth-frames', (await stageCount(page, 'truth-frames')) + 3);
    const after = [await stage.getAttribute('data-truth-sum'), await stage.getAttribute('data-dream-sum')];
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(after[0]).not.toBe(after[1]);
    expect(errors).toEqual([]);
  });

  it('show every pixel of the frames in its own colour and place', async () => {
    server.standAt(STEP);
    const { page } = await open();
    await standsAt(page, STEP);
    for (const [id, kind] of [
      ['view-seen', 'truth'],
      ['view-dream', 'dream'],
    ] as const) {
      const at = await screen(page.locator(`#${id}`));
      const frame = server.latest?.[kind] ?? new Uint8Array();
      for (let y = 3; y < FRAME_SIZE - 3; y += 6) {
        for (let x = 3; x < FRAME_SIZE - 3; x += 6) {
          const offset = (y * FRAME_SIZE + x) * 4;
          const shown = at((x + 0.5) / FRAME_SIZE, (y + 0.5) / FRAME_SIZE);
          for (const channel of [0, 1, 2])
            expect(Math.abs((shown[channel] ?? 0) - (frame[offset + channel] ?? 0))).toBeLessThanOrEqual(2);
        }
      }
    }
  });

  it('show the physics where the frame shows it', async () => {
    server.standAt(STEP);
    const { page } = await open();
    await standsAt(page, STEP);
    const physics = await screen(page.locator('#view-physics'));
    const frame = server.latest?.truth ?? new Uint8Array();
    let solid = 0;
    for (let y = 4; y < FRAME_SIZE - 4; y++) {
      for (let x = 4; x < FRAME_SIZE - 4; x++) {
        const color = [0, 1, 2].map((channel) => frame[(y * FRAME_SIZE + x) * 4 + channel] ?? 0);
        if (!['194,70,58', '59,111,182'].includes(color.join())) continue;
        solid++;
        expect(physics((x + 0.5) / FRAME_SIZE, (y + 0.5) / FRAME_SIZE)).toEqual(color);
      }
    }
    expect(solid).toBeGreaterThan(100);
  });

  it('are acknowledged when they have been drawn', async () => {
    server.go();
    const { page } = await open();
    await drawn(page, 'truth-frames', 5);
    const acks = server.heard('ack');
    expect(acks.length).toBeGreaterThan(5);
    expect(acks.map(({ seq }) => seq)).toEqual(acks.map((_, i) => i));
    expect(acks.every(({ drawMs }) => drawMs !== undefined && drawMs >= 0)).toBe(true);
  });

  it('of a whole plan make a film with the present step marked', async () => {
    server.standAt(STEP);
    const { page } = await open();
    await standsAt(page, STEP);
    const film = page.getByTestId('film').getByRole('listitem');
    expect(await film.count()).toBe(HORIZON + 1);
    expect(await page.getByTestId('progress-line').textContent()).toBe(`Step ${STEP} of ${BUDGET}`);
    expect(await page.locator('#film [aria-current="step"]').textContent()).toBe(String(STEP));
    expect(await film.last().textContent()).toBe('goal');
  });
});

describe('layout', { timeout: 2 * PATIENCE_MS }, () => {
  it('fits windows of all widths, the figures square and of one size', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    for (const width of [1440, 820, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await vi.waitFor(async () => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        const boxes = await Promise.all((await page.locator('.view').all()).map((view) => view.boundingBox()));
        expect(boxes).toHaveLength(4);
        for (const box of boxes) {
          expect(box?.width).toBeCloseTo(boxes[0]?.width ?? 0, 0);
          expect(box?.height).toBeCloseTo(box?.width ?? 0, 0);
        }
      }, soon);
    }
  });

  it('has a canvas of whole pixels, in the colour of the page between the views', async () => {
    const { page } = await open();
    await standsAt(page, SOME);
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [1001, 'dark'],
      [500, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await vi.waitFor(async () => {
        const [canvas, left, right] = await Promise.all(
          ['#canvas', '#view-physics', '#view-seen'].map((id) => page.locator(id).boundingBox()),
        );
        for (const length of Object.values(canvas ?? { x: 0.5 })) expect(length).toBe(Math.round(length));
        const between = ((left?.x ?? 0) + (left?.width ?? 0) + (right?.x ?? 0)) / 2 - (canvas?.x ?? 0);
        const shown = (await screen(page.locator('#canvas')))(between / (canvas?.width ?? 1), 0.25);
        const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect(`rgb(${shown.join(', ')})`).toBe(paper);
      }, soon);
    }
  });

  it('shows where the keyboard is', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const outlined = await page.evaluate(() => {
        const focused = document.activeElement;
        if (!(focused instanceof HTMLElement) || focused === document.body) return true;
        const ringed =
          focused instanceof HTMLInputElement && focused.type === 'radio' ? focused.nextElementSibling : focused;
        return ringed !== null && getComputedStyle(ringed).outlineStyle !== 'none';
      });
      expect(outlined).toBe(true);
    }
  });
});
