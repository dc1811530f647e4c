/** Who paints the stage: a worker, the page itself where the browser knows no better, or nobody. */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, paintersOf, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';
import { screen } from './screen.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
  server.standAt(STEP);
});

const STEP = 5;

/** Whether what is seen of the true world is on the screen, at a few places. */
async function showsTruth(page: Page): Promise<void> {
  await standsAt(page, STEP);
  const at = await screen(page.locator('#view-seen'));
  const frame = server.latest?.truth ?? new Uint8Array();
  for (const place of [20, 32, 44])
    for (const channel of [0, 1, 2]) {
      const expected = frame[(place * FRAME_SIZE + place) * 4 + channel] as number;
      const share = (place + 0.5) / FRAME_SIZE;
      expect(Math.abs((at(share, share)[channel] as number) - expected)).toBeLessThanOrEqual(2);
    }
}

/** Sees that the page says which step it is, and what came of the plan until then. */
async function countsOn(page: Page): Promise<void> {
  await page.getByTestId('progress-line').getByText(`Step ${STEP} of`).waitFor();
  await page.locator(`#film li:nth-child(${STEP})[data-happened][aria-current="step"]`).waitFor();
}

describe('the stage', { timeout: 2 * PATIENCE_MS }, () => {
  it('is painted by a worker', async () => {
    const { page, errors } = await open();
    await showsTruth(page);
    for (const name of ['The true physics', 'The frame that the agent imagined', 'Heat map of the difference'])
      expect(await page.getByRole('img', { name }).count()).toBe(1);
    expect(paintersOf(page)).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('is painted by the page where workers have no canvas', async () => {
    const before = (): void => void Reflect.deleteProperty(HTMLCanvasElement.prototype, 'transferControlToOffscreen');
    const { page, errors } = await open({ before });
    await showsTruth(page);
    expect(paintersOf(page)).toHaveLength(0);
    expect(errors).toEqual([]);
  });

  it('says nothing of a picture of the past that is painted when the page is live again', async () => {
    const before = (): void => {
      window.Worker = class extends window.Worker {
        override set onmessage(listener: (event: MessageEvent) => void) {
          super.onmessage = (event) => void setTimeout(() => listener(event), 100);
        }
      };
    };
    const { page, errors } = await open({ before });
    await standsAt(page, STEP);
    const compared = await page.locator('#error-chart').getAttribute('aria-label');
    await page.evaluate(async () => {
      const slider = document.querySelector<HTMLInputElement>('#timeline-position');
      if (slider !== null) slider.value = '1';
      slider?.dispatchEvent(new Event('input'));
      await new Promise((asked) => requestAnimationFrame(() => requestAnimationFrame(asked)));
      document.querySelector<HTMLButtonElement>('#timeline-live')?.click();
    });
    await standsAt(page, STEP);
    expect(compared).toMatch(/^Over (one step|\d steps) /);
    expect(await page.locator('#error-chart').getAttribute('aria-label')).toBe(compared);
    expect(errors).toEqual([]);
  });

  it('is missing where its painter fails, which is said, and the page goes on', async () => {
    const before = (): void => {
      window.Worker = class extends EventTarget {
        onerror: ((event: Event) => void) | null = null;
        constructor() {
          super();
          setTimeout(() => this.onerror?.(new Event('error')));
        }
        postMessage(): void {}
        terminate(): void {}
      } as unknown as typeof window.Worker;
    };
    const { page } = await open({ before });
    await page.getByText('This browser cannot draw the stage').waitFor();
    await countsOn(page);
    server.go();
    const heard = server.heard('ack').length;
    await vi.waitFor(() => expect(server.heard('ack').length).toBeGreaterThan(heard + 5), { timeout: PATIENCE_MS });
  });

  it('is missing where the browser has no WebGL, which is said, and the page goes on', async () => {
    const before = (): void => {
      HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
        apply: (target, canvas, args) => (args[0] === 'webgl2' ? null : Reflect.apply(target, canvas, args)),
      });
      OffscreenCanvas.prototype.getContext = () => null;
    };
    const { page, errors } = await open({ before, query: '?seed=9' });
    const said = page.getByText('This browser cannot draw the stage');
    await said.waitFor();
    await countsOn(page);
    await page.getByRole('tab', { name: 'What it knows' }).click();
    await vi.waitFor(() => expect(server.heard('configure')).toHaveLength(2), { timeout: PATIENCE_MS });
    expect(await said.isVisible()).toBe(true);
    for (const name of ['The true physics', 'The frame that the agent imagined'])
      expect(await page.getByRole('group', { name }).innerText()).toBe('This browser cannot draw it');
    await page.getByRole('slider', { name: 'Moment of the session' }).fill('2');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await countsOn(page);
    expect(errors).toEqual([]);
  });
});
