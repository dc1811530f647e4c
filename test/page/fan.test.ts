/**
 * The fan of candidate plans: the pieces of its lines, and in a real browser the switch, the slider and the stage.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { readFilm } from '../../client/readFrames.ts';
import { segments } from '../../client/stage/fanLines.ts';
import type { Stream } from '../../shared/protocol/frames.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';

let server: FakeServer;
let page: Page;
let open: UnderTest['open'];

describe('a fan', () => {
  const film = (data: Float32Array) => {
    const stream: Stream = { name: 'fan', index: 0, width: 2, height: 2, data };
    return readFilm({ kind: 'plan', seq: 0, envStep: 0, simTimeMs: 0, streams: [stream] });
  };

  it('joins the points of each path and no two paths', () => {
    expect(segments(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2)).toEqual([1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 0]);
  });

  it('is refused where a path is short or not finite', () => {
    expect(film(new Float32Array(8)).fan).toEqual([{ points: 2, data: new Float32Array(8) }]);
    expect(() => film(new Float32Array(6))).toThrow(RangeError);
    expect(() => film(new Float32Array(8).fill(Number.NaN))).toThrow(RangeError);
  });
});

describe('the fan in the page', { timeout: 2 * PATIENCE_MS }, () => {
  pageUnderTest(async (parts) => {
    ({ server, open } = parts);
    ({ page } = await open());
    page.setDefaultTimeout(20_000);
  });

  // The page draws at once and tells the server meanwhile, so that the telling is waited for.
  const wanted = (settings: readonly object[]) =>
    vi.waitFor(() => expect(server.heard('configure').map((message) => message.settings)).toEqual(settings), {
      timeout: PATIENCE_MS,
    });

  it('is drawn when asked for, can be stepped through, and goes when it is switched off', async () => {
    const stage = page.getByTestId('stage');
    const paths = (count: string) =>
      vi.waitFor(async () => expect(await stage.getAttribute('data-fan-paths')).toBe(count), { timeout: PATIENCE_MS });
    const slider = page.getByRole('slider', { name: 'Iteration' });
    expect(await slider.isDisabled()).toBe(true);
    await page.getByLabel('Fan of plans').check();
    await paths('12');
    server.say({ type: 'audience', viewers: 2, hands: { viewer: 2, world: 'truth' } });
    await paths('0');
    server.say({ type: 'audience', viewers: 2 });
    await paths('12');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('3 of 3').waitFor();
    await page.screenshot({ path: 'test/screenshots/fan-last.png' });
    await slider.fill('1');
    await page.getByText('1 of 3').waitFor();
    await page.screenshot({ path: 'test/screenshots/fan-first.png' });
    await page.getByLabel('Fan of plans').uncheck();
    await paths('0');
    await wanted([{ fan: true }, { fan: false }]);
  });

  it('is kept in the address, which brings it back', async () => {
    const address = () => new URL(page.url()).searchParams.get('fan');
    await page.getByLabel('Fan of plans').check();
    await expect.poll(address).toBe('on');
    await page.getByLabel('Fan of plans').uncheck();
    await expect.poll(address).toBe(null);
    await wanted([{ fan: true }, { fan: false }]);
    server.received.length = 0;
    ({ page } = await open({ query: '?fan=on' }));
    await vi.waitFor(async () => expect(await page.getByTestId('stage').getAttribute('data-fan-paths')).toBe('12'), {
      timeout: PATIENCE_MS,
    });
    expect(await page.getByLabel('Fan of plans').isChecked()).toBe(true);
    await wanted([{ fan: true }]);
  });
});
