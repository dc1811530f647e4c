/** A finger on the screen of a page, by Chromium's own touch events: it is put down, moved and lifted as a hand would. */
import type { Page } from 'playwright-core';

export interface Finger {
  down(x: number, y: number): Promise<void>;
  /** Goes there in some steps, as a finger does. */
  move(x: number, y: number): Promise<void>;
  up(): Promise<void>;
}

const STEPS = 5;

/** A finger for the page, which must have been opened with `hasTouch`. */
export async function fingerOn(page: Page): Promise<Finger> {
  const session = await page.context().newCDPSession(page);
  let at = { x: 0, y: 0 };
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd') =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [at] });
  return {
    async down(x, y) {
      at = { x, y };
      await touch('touchStart');
    },
    async move(x, y) {
      const from = at;
      for (let step = 1; step <= STEPS; step++) {
        at = { x: from.x + ((x - from.x) * step) / STEPS, y: from.y + ((y - from.y) * step) / STEPS };
        await touch('touchMove');
      }
    },
    async up() {
      await touch('touchEnd');
    },
  };
}
