/**
 * Several futures in the page: what their message must be, what the panel says and when it shows which step, and in a
 * real browser the slider, the key, the rows that play and the chart.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { GAP, lengthOf, SCALE } from '../../client/export/gifFilm.ts';
import { initialPageState } from '../../client/pageState.ts';
import { describeDropped, describeSpread, playedStep, toggledFutures, whyNone } from '../../client/panels/whatIf.ts';
import { type Futures, readFutures } from '../../client/readFutures.ts';
import { FRAME_BYTES, FRAME_SIZE } from '../../shared/frame.ts';
import type { Stream } from '../../shared/protocol/frames.ts';
import { readGif } from '../recording/readGif.ts';
import { soon } from './drawn.ts';
import type { FakeServer } from './fakeServer.ts';
import { futuresOf } from './fakeStreams.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';
import { readCsv } from './readCsv.ts';
import { episodeOf, HORIZON } from './syntheticWorld.ts';

/** A step of the second plan, the first that is made as the page asks. */
const STEP = HORIZON + 3;

const film = (name: Stream['name'], index: number, frames = 2): Stream => ({
  name,
  index,
  width: 64,
  height: 64 * frames,
  data: new Uint8Array(frames * FRAME_BYTES).fill(index),
});
const spread = (...values: number[]): Stream => ({
  name: 'spread',
  index: 0,
  width: values.length / 2,
  height: 2,
  data: Float32Array.from(values),
});
const read = (streams: readonly Stream[]) =>
  readFutures({ kind: 'futures', seq: 0, envStep: 8, simTimeMs: 0, streams });

describe('a message of several futures', () => {
  const films = [film('futureDream', 1), film('futureTruth', 1), film('futureTruth', 0), film('futureDream', 0)];

  it('is read in order, with gaps where a spread is not known', () => {
    const { envStep, horizon, pairs, spread: read2 } = read([...films, spread(1, 2, Number.NaN, 4)]);
    expect([envStep, horizon]).toEqual([8, 2]);
    expect(pairs.map(({ truth, dream }) => [truth[0], dream[0]])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(read2).toEqual({ truths: [1, 2], dreams: [null, 4] });
  });

  it.each([
    { what: 'no films', streams: [spread(1, 2)] },
    { what: 'no spread', streams: films },
    { what: 'a spread of another length', streams: [...films, spread(1, 2)] },
    { what: 'an endless spread', streams: [...films, spread(1, 2, 3, Number.POSITIVE_INFINITY)] },
    { what: 'a film that is not imagined', streams: [film('futureTruth', 0), spread(1, 2, 3, 4)] },
    { what: 'a gap', streams: [film('futureTruth', 1), film('futureDream', 1), spread(1, 2, 3, 4)] },
    { what: 'films of two lengths', streams: [film('futureTruth', 0), film('futureDream', 0, 3), spread(1, 2, 3, 4)] },
    {
      what: 'a film with alpha',
      streams: [{ ...film('futureTruth', 0), data: new Uint8Array(64 * 128 * 4) }, film('futureDream', 0)],
    },
  ])('is refused with $what', ({ streams }) => {
    expect(() => read(streams)).toThrow(RangeError);
  });
});

describe('the panel', () => {
  const futures: Futures = read([film('futureTruth', 0), film('futureDream', 0), spread(1, 2, 3, 4)]);
  const on = { ...initialPageState, settings: { world: 'push-t', seed: 1, rendererSteps: 1, futures: 4 } } as const;

  it('plays to the last step, rests there and begins again', () => {
    expect([0, 99, 100, 399, 799, 800].map((ms) => playedStep(ms, 100, 4))).toEqual([0, 0, 1, 3, 3, 0]);
  });

  it('says why there is nothing to see', () => {
    expect(whyNone(on, futures)).toBeUndefined();
    expect(whyNone(on, undefined)).toMatch('next plan');
    expect(whyNone({ ...on, driving: 'truth' }, futures)).toMatch('the controls');
    expect(whyNone({ ...on, driving: 'dream' }, futures)).toMatch('the dream');
    const other = { ...on, viewer: 1, audience: { viewers: 2, hands: { viewer: 2, world: 'truth' } } } as const;
    expect(whyNone(other, futures)).toMatch('While viewer 2 has the controls the agent makes no plan');
    expect(whyNone({ ...on, phase: 'failed' }, futures)).toMatch('stopped');
    expect(whyNone({ ...on, settings: { ...on.settings, futures: 0 } }, futures)).toMatch('Off');
    expect(whyNone(initialPageState, undefined)).toMatch('yet');
  });

  it('says how far futures come apart, where there are several and it can be read', () => {
    const two = { ...futures, pairs: [...futures.pairs, ...futures.pairs] };
    expect(describeSpread(two)).toBe('After 2 steps, imagined futures are 4.0 pixels apart, true ones 2.0 pixels.');
    expect(describeSpread({ ...two, spread: { truths: [1, 2], dreams: [3, null] } })).toMatch('unreadable');
    expect(describeSpread({ ...two, spread: { truths: [null, null], dreams: [null, null] } })).toMatch(
      'cannot be read',
    );
    expect(describeSpread(futures)).toMatch('One future alone');
    expect([0, 1, 2].map(describeDropped)).toEqual(['', '1 set came too late.', '2 sets came too late.']);
  });

  it('is switched off and on by one key', () => {
    expect([undefined, 0, 1, 8].map(toggledFutures)).toEqual([4, 4, 0, 0]);
  });
});

/** The RGB frame at a place of a film that is two pictures wide: one pixel of every square. */
function pictureIn(film: Uint8Array, row: number, column: number): Uint8Array {
  const [left, top] = [column, row].map((place) => place * (FRAME_SIZE + GAP));
  return Uint8Array.from({ length: FRAME_BYTES }, (_, i) => {
    const [x, y] = [(left ?? 0) + (Math.floor(i / 3) % FRAME_SIZE), (top ?? 0) + Math.floor(i / 3 / FRAME_SIZE)];
    return film[3 * (y * SCALE * lengthOf(2) * SCALE + x * SCALE) + (i % 3)] ?? 0;
  });
}

describe('several futures in the page', { timeout: 2 * PATIENCE_MS }, () => {
  let server: FakeServer;
  let open: UnderTest['open'];

  pageUnderTest((parts) => {
    ({ server, open } = parts);
  });

  const panel = (page: Page) => page.getByTestId('what-if');
  const wanted = () => server.heard('configure').map(({ settings }) => settings);

  it('are off, come as many as the slider says, play together, can be stepped through, and go when they are switched off', async () => {
    const { page, errors } = await open();
    const count = page.getByRole('slider', { name: 'Futures', exact: true });
    await page.getByTestId('what-if-none').getByText('Off.').waitFor();
    await count.fill('3');
    await panel(page).scrollIntoViewIfNeeded();
    const rows = page.locator('#future-rows li');
    await vi.waitFor(async () => expect(await rows.count()).toBe(3), soon);
    expect(await rows.allTextContents()).toEqual(['as planned', 'what if 1', 'what if 2']);
    const shown = new Set<string | null>();
    await vi.waitFor(async () => {
      shown.add(await panel(page).getAttribute('data-step'));
      expect(shown.size).toBeGreaterThan(2);
    }, soon);
    expect(new URL(page.url()).searchParams.get('futures')).toBe('3');
    expect(await page.getByTestId('futures-plan').textContent()).toMatch(/^plan at step \d+ of task \d+$/);

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('slider', { name: 'Step of the futures' }).fill('5');
    await page.getByTestId('future-step-shown').getByText(`5 of ${HORIZON}`).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Play', exact: true }).isChecked()).toBe(false);
    expect(await page.getByTestId('spread-chart').getAttribute('aria-label')).toBe(
      `After ${HORIZON} steps, imagined futures are 12.0 pixels apart, true ones 16.0 pixels.`,
    );
    await panel(page).screenshot({ path: 'test/screenshots/what-if.png' });

    await page.getByRole('slider', { name: 'Step of the futures' }).blur();
    await page.keyboard.press('f');
    await page.getByTestId('what-if-none').getByText('Off.').waitFor();
    expect(await rows.first().isVisible()).toBe(false);
    // What is chosen is shown before the server has heard of it.
    await vi.waitFor(() => expect(wanted()).toEqual([{ futures: 3 }, { futures: 0 }]), soon);
    expect(errors).toEqual([]);
  });

  it('show their pictures, row by row, the true one beside the imagined one', async () => {
    server.standAt(STEP);
    const { page } = await open({ query: '?futures=2' });
    await standsAt(page, STEP);
    await panel(page).scrollIntoViewIfNeeded();
    await page.getByRole('slider', { name: 'Step of the futures' }).fill(String(HORIZON));
    await page.getByTestId('future-step-shown').getByText(`${HORIZON} of ${HORIZON}`).waitFor();
    const sums = await page.locator('#future-rows canvas').evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const context = (canvas as HTMLCanvasElement).getContext('2d');
        return String(
          context?.getImageData(0, 0, 64, 64).data.reduce((sum, byte, i) => (sum * 31 + byte + i) % 65537, 0),
        );
      }),
    );
    const [planTrue, planImagined, otherTrue, otherImagined] = sums;
    expect(sums).toHaveLength(4);
    expect(planImagined).toBe(planTrue);
    expect(new Set([planTrue, otherTrue, otherImagined]).size).toBe(3);
    expect(wanted()).toEqual([{ futures: 2 }]);
  });

  it('stand still at their last step where a person wants less motion, and fit a narrow page', async () => {
    server.standAt(STEP);
    const options = { viewport: { width: 390, height: 800 }, colorScheme: 'dark', reducedMotion: 'reduce' } as const;
    const { page } = await open({ query: '?futures=4', ...options });
    await standsAt(page, STEP);
    await panel(page).scrollIntoViewIfNeeded();
    await page.getByTestId('future-step-shown').getByText(`${HORIZON} of ${HORIZON}`).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await panel(page).screenshot({ path: 'test/screenshots/what-if-narrow.png' });
  });

  it('save how far they come apart, while there are some', async () => {
    const { page } = await open({ query: '?futures=2' });
    await page.locator('#future-rows li').first().waitFor();
    const save = page.getByRole('button', { name: 'Save “What if” as CSV' });
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(download.suggestedFilename()).toBe('reverie-push-t-seed-1-futures.csv');
    const [columns, ...rows] = readCsv(Buffer.concat(await (await download.createReadStream()).toArray()).toString());
    expect(columns).toEqual(['steps after the plan', 'imagined', 'true']);
    expect(rows.map((row) => row.map(Number))).toEqual(
      Array.from({ length: HORIZON }, (_, i) => [i + 1, 0.75 * (i + 1), i + 1]),
    );
    await page.keyboard.press('f');
    await page.getByTestId('what-if-none').getByText('Off.').waitFor();
    expect(await save.isVisible()).toBe(false);
  });

  it('save the futures as a film: each step of each, in truth and as imagined, as they were sent', async () => {
    server.standAt(STEP);
    const { page } = await open({ query: '?futures=2' });
    await standsAt(page, STEP);
    await vi.waitFor(async () => expect(await page.locator('#future-rows li').count()).toBe(2), soon);
    const save = page.getByRole('button', { name: 'Save the futures as GIF' });
    const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
    expect(download.suggestedFilename()).toBe('reverie-push-t-seed-1-futures.gif');
    const gif = readGif(Buffer.concat(await (await download.createReadStream()).toArray()));
    expect([gif.width, gif.height, gif.loops]).toEqual([lengthOf(2) * SCALE, lengthOf(2) * SCALE, 0]);
    expect(gif.pictures.map(({ milliseconds }) => milliseconds)).toEqual(Array(HORIZON).fill(100));
    const planStep = Number(await panel(page).getAttribute('data-plan-step'));
    const sent = futuresOf(planStep, 1, 2);
    for (const [column, name] of (['futureTruth', 'futureDream'] as const).entries())
      for (let row = 0; row < 2; row++) {
        const { data } =
          sent.find((each) => each.name === name && each.index === row) ?? expect.fail('a film is missing');
        for (const [step, { pixels }] of gif.pictures.entries())
          expect(
            Buffer.from(data.slice(step * FRAME_BYTES, (step + 1) * FRAME_BYTES)).equals(
              pictureIn(pixels, row, column),
            ),
            `${name} ${row}, step ${step + 1}`,
          ).toBe(true);
      }
    await download.saveAs('test/screenshots/what-if.gif');
  });

  it('stay from task to task, and not from world to world', async () => {
    server.standAt(STEP);
    const { page } = await open({ query: '?futures=2' });
    await panel(page).scrollIntoViewIfNeeded();
    const rows = page.locator('#future-rows');
    await rows.waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    server.say({ ...episodeOf({ world: 'push-t', seed: 9, rendererSteps: 1, futures: 2 }), serial: 7 });
    await page.getByTestId('progress-line').getByText('Step 0').waitFor();
    expect(await rows.isVisible()).toBe(true);
    server.say({ ...episodeOf({ world: 'two-room', seed: 9, rendererSteps: 1, futures: 2 }), serial: 8 });
    await page.getByTestId('what-if-none').getByText('They come with the next plan.').waitFor();
    expect(await rows.isVisible()).toBe(false);
  });

  it('give way to a reason while a person drives', async () => {
    const { page } = await open({ query: '?futures=2' });
    await panel(page).scrollIntoViewIfNeeded();
    await page.locator('#future-rows li').first().waitFor();
    await page.keyboard.press('t');
    await page.getByTestId('what-if-none').getByText('While you have the controls').waitFor();
    expect(await page.locator('#future-rows').isVisible()).toBe(false);
  });
});
