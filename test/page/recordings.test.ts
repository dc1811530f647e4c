/**
 * Recordings in a real browser against the real server: recorded by the button, listed, saved, replayed by the same
 * player, opened by the address and from a file, refused with a reason, and left for what is live.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { fakeAgent } from '../server/fakeAgent.ts';
import { recordedLine } from '../server/recordedLine.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { endlessWorld } from './endlessWorld.ts';
import { closePages, openPage, PATIENCE_MS } from './openPage.ts';
import { type ServerWithRecordings, serveWithRecordings } from './serverWithRecordings.ts';

/** Steps of a recording that is not over before a test has looked, at four times its speed. */
const LONG = 2000;

let browser: Browser;
let server: ServerWithRecordings;
let directory: string;
let address: string;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  server = await serveWithRecordings(() => fakeAgent('endless'));
  ({ address, directory } = server);
});

afterEach(async () => {
  await closePages(browser);
  await server.close();
});

/** Records some steps of the session and shows the list with them. */
async function record(page: Page): Promise<void> {
  await page
    .getByTestId('progress-line')
    .filter({ hasText: /Step ([3-9]|\d\d+) / })
    .waitFor();
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.getByRole('button', { name: 'Show recordings' }).click();
  await page.getByRole('button', { name: /^Replay endless/ }).waitFor();
}

/** The first message of the next connection that the page opens. */
async function helloOf(page: Page): Promise<unknown> {
  const socket = await page.waitForEvent('websocket');
  const { payload } = await socket.waitForEvent('framesent');
  return JSON.parse(String(payload));
}

describe('recordings in the page', { timeout: 4 * PATIENCE_MS }, () => {
  it('are recorded, saved, replayed, reopened by the address, and left', async () => {
    const { page, errors } = await openPage(browser, address);
    await record(page);
    await page.getByTestId('recordings').screenshot({ path: 'test/screenshots/recordings-list.png' });
    expect(await seriousFindings(page)).toEqual([]);
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Download endless/ }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^endless-.*\.recording$/);
    const { steps } = decodeRecording(await readFile(await saved.path()));

    const left = new URL(page.url()).search;
    const greeted = helloOf(page);
    await page.getByRole('button', { name: /^Replay endless/ }).click();
    await page.getByTestId('replay').filter({ hasText: 'in which the agent acted' }).waitFor();
    await page
      .getByTestId('progress-line')
      .filter({ hasText: `Step ${steps.length} of ${steps.length}` })
      .waitFor();
    expect(await page.locator('#drive').isDisabled()).toBe(true);
    for (const control of ['#seed', '#seed-go', '#world', '#renderer-steps input[value="auto"]'])
      expect(await page.locator(control).first().isDisabled(), control).toBe(true);
    expect(await page.locator('.keys').innerText()).toMatch(
      /^Space play or pause\s+\. one step\s+N from the start\s+← →/,
    );
    expect(await page.locator('.keys').innerText()).not.toMatch(/controls|goal|futures|paint|auto/);
    for (const key of ['f', 'a', 'p', 't', 'g']) await page.keyboard.press(key);
    expect(await page.getByTestId('banner').isVisible()).toBe(false);
    await page.screenshot({ path: 'test/screenshots/replay-wide.png', fullPage: true });
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'One step back' }).click();
    await page.getByTestId('timeline').and(page.locator('[data-live="false"]')).waitFor();

    const again = await openPage(browser, page.url(), { viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    await again.page.getByTestId('replay').filter({ hasText: 'in which the agent acted' }).waitFor();
    await again.page.screenshot({ path: 'test/screenshots/replay-narrow.png', fullPage: true });
    await page.getByRole('button', { name: 'Leave the recording' }).click();
    await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(searchParams.has('recording')).toBe(false);
    expect([...new URLSearchParams(left)].every(([name, value]) => searchParams.get(name) === value)).toBe(true);
    // The session that was left has gone on from where it stood.
    expect(searchParams.get('session')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await greeted).toMatchObject({ left: searchParams.get('session') });
    await page
      .getByTestId('progress-line')
      .filter({ hasText: /Step (?!0 )\d+ of 9999/ })
      .waitFor();
    expect([...errors, ...again.errors]).toEqual([]);
  });

  it('are gone through by a slider, at any speed, and say when the session that was left has ended', async () => {
    const { page, errors } = await openPage(browser, address);
    await record(page);
    await page.getByRole('button', { name: /^Replay endless/ }).click();
    await page.getByTestId('status').filter({ hasText: 'Paused' }).waitFor();
    const slider = page.getByRole('slider', { name: 'Step of the recording' });
    const length = Number(await slider.getAttribute('max'));
    await slider.fill('1');
    await page
      .getByTestId('progress-line')
      .filter({ hasText: `Step 1 of ${length}` })
      .waitFor();
    await page.getByTestId('stage').and(page.locator('[data-step="1"]')).waitFor();
    await slider.press('ArrowRight');
    await page
      .getByTestId('replay-position-shown')
      .filter({ hasText: `2 of ${length}` })
      .waitFor();
    await page
      .getByTestId('progress-line')
      .filter({ hasText: `Step 2 of ${length}` })
      .waitFor();
    await page.getByLabel('Speed of the recording').selectOption('4');
    await slider.fill('0');
    await page
      .getByTestId('progress-line')
      .filter({ hasText: `Step 0 of ${length}` })
      .waitFor();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page
      .getByTestId('progress-line')
      .filter({ hasText: `Step ${length} of ${length}` })
      .waitFor();
    expect(await page.getByLabel('Speed of the recording').inputValue()).toBe('4');
    expect(await page.getByTestId('replay-left').innerText()).toBe('');
    await page.getByTestId('replay').screenshot({ path: 'test/screenshots/replay-controls.png' });
    const long = await server.shelf.keep(encodeRecording(recordedLine(endlessWorld, LONG)));
    await page.goto(`${address}?recording=${long}&left=long-gone`);
    await page.getByLabel('Speed of the recording').selectOption('4');
    for (const step of [LONG / 2, 1]) {
      await slider.fill(String(step));
      // It goes on with the replay from there, though its picture may never be drawn.
      await vi.waitFor(
        async () => {
          const shown = Number.parseInt(await page.getByTestId('replay-position-shown').innerText(), 10);
          expect(shown).toBeGreaterThan(step);
          expect(shown).toBeLessThan(step + LONG / 2);
        },
        { timeout: PATIENCE_MS, interval: 20 },
      );
    }
    await page.getByRole('button', { name: 'Leave the recording' }).click();
    await page.getByTestId('banner').filter({ hasText: 'That session is over' }).waitFor();
    await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
    expect(new URL(page.url()).searchParams.get('world')).toBe('endless');
    expect(errors).toEqual([]);
  });

  it('say at once when the session that was left ends, and what leaving them does then', async () => {
    const brief = await serveWithRecordings(() => fakeAgent('endless'), { retentionMs: 1, leftMs: 1 });
    try {
      const { page, errors } = await openPage(browser, brief.address);
      await record(page);
      await page.getByRole('button', { name: /^Replay endless/ }).click();
      await page.getByTestId('replay-left').filter({ hasText: 'The session that you left has ended.' }).waitFor();
      expect(await page.getByTestId('banner').isVisible()).toBe(false);
      await page.getByTestId('replay').screenshot({ path: 'test/screenshots/replay-left.png' });
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Leave for a new session' }).click();
      await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
      expect(errors).toEqual([]);
    } finally {
      await brief.close();
    }
  });

  it('are opened from a file that is dropped anywhere on the page', async () => {
    const { page, errors } = await openPage(browser, address);
    await record(page);
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Download endless/ }).click();
    const file = join(directory, 'dropped.recording');
    await (await saving).saveAs(file);
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
    await page.getByTestId('replay').filter({ hasText: 'in which the agent acted' }).waitFor();
    const replayed = new URL(page.url()).searchParams;
    expect(replayed.get('recording')).toMatch(/^opened-/);
    // The browser's own way back leads to the session that was left, and not to a new one.
    await page.goBack();
    await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
    expect(replayed.get('left')).toMatch(/^[0-9a-f-]{36}$/);
    expect(new URL(page.url()).searchParams.get('session')).toBe(replayed.get('left'));
    await page
      .getByTestId('progress-line')
      .filter({ hasText: /Step (?!0 )\d+ of 9999/ })
      .waitFor();
    expect(errors).toEqual([]);
  });

  it('are opened from a file, and one that departs says where', async () => {
    const { page } = await openPage(browser, address);
    await record(page);
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Download endless/ }).click();
    const recording = decodeRecording(await readFile(await (await saving).path()));
    const steps = recording.steps.map((step, i) => (i === 1 ? { ...step, hash: '0123456789abcdef' } : step));
    const file = join(directory, 'altered');
    await writeFile(file, encodeRecording({ ...recording, steps }));
    await page.getByLabel('Open a file').setInputFiles(file);
    await page
      .getByTestId('banner')
      .filter({ hasText: /departs from its recording.*at step 2/s })
      .waitFor();
  });

  it('that cannot be used are refused with the reason, and the session goes on', async () => {
    const { page } = await openPage(browser, address);
    const file = join(directory, 'no-recording');
    await writeFile(file, 'a letter');
    await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
    await page.getByLabel('Open a file').setInputFiles(file);
    await page.getByTestId('recording-trouble').filter({ hasText: 'it is no recording' }).waitFor();
    expect(new URL(page.url()).searchParams.has('recording')).toBe(false);
  });

  it('that the server does not have are said so', async () => {
    const { page } = await openPage(browser, `${address}?recording=..%2Fsecret`);
    await page.getByTestId('banner').filter({ hasText: 'no such recording on this server' }).waitFor();
    await page.getByRole('button', { name: 'Leave the recording' }).click();
    await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
  });
});
