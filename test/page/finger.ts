/**
 * Fingers on the screen of a page, by Chromium's own touch events: each is put down, moved and lifted as a hand would,
 * alone or beside the other.
 */
import type { Page } from 'playwright-core';

export interface Finger {
  down(x: number, y: number): Promise<void>;
  /** Goes there in some steps, as a finger does. */
  move(x: number, y: number): Promise<void>;
  up(): Promise<void>;
}

interface Touch {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

const STEPS = 5;

/** Two fingers for the page, which must have been opened with `hasTouch`. */
export async function fingersOn(page: Page): Promise<readonly [Finger, Finger]> {
  const session = await page.context().newCDPSession(page);
  /** The touches that are down. */
  const touches = new Map<number, Touch>();
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Iterable<Touch>) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: [...touchPoints] });
  const finger = (id: number): Finger => ({
    async down(x, y) {
      touches.set(id, { id, x, y });
      await send('touchStart', touches.values());
    },
    async move(x, y) {
      const from = touches.get(id);
      if (from === undefined) throw new Error(`finger ${id} is not on the screen: put it down before it moves`);
      for (let step = 1; step <= STEPS; step++) {
        touches.set(id, { id, x: from.x + ((x - from.x) * step) / STEPS, y: from.y + ((y - from.y) * step) / STEPS });
        await send('touchMove', touches.values());
      }
    },
    async up() {
      const lifted = touches.get(id);
      if (lifted === undefined) throw new Error(`finger ${id} is not on the screen: put it down before it is lifted`);
      touches.delete(id);
      await send('touchEnd', [lifted]);
    },
  });
  return [finger(0), finger(1)];
}
