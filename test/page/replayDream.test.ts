/**
 * The dream beside a replay in a real browser against the real server: painted beside the truth, with its difference, its
 * film and its measurements, in the steps that are chosen; whose dream it is; and what the page says where there is none.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { agentWeights } from '../../server/recording/agentWeights.ts';
import type { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { encodeRecording } from '../../server/recording/recordingCodec.ts';
import type { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import { WeightsError } from '../../shared/errors.ts';
import { FAKE_HORIZON, fakeAgent } from '../server/fakeAgent.ts';
import { recordedLine } from '../server/recordedLine.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { endlessWorld as world } from './endlessWorld.ts';
import { closePages, openPage, PATIENCE_MS } from './openPage.ts';
import { type ServerWithRecordings, serveWithRecordings } from './serverWithRecordings.ts';

const LENGTH = 3 * FAKE_HORIZON - 1;

let browser: Browser;
let server: ServerWithRecordings;
let directory: string;
let recordings: LiveRecordings;
let shelf: RecordingShelf;
let address: string;
let load: () => Agent;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  load = () => fakeAgent('endless');
  server = await serveWithRecordings(() => load());
  ({ address, directory, recordings, shelf } = server);
});

afterEach(async () => {
  await closePages(browser);
  await server.close();
});

/** The weights of an agent whose card says this. */
async function weightsOf(card: string): Promise<Awaited<ReturnType<typeof agentWeights>>> {
  await mkdir(join(directory, card), { recursive: true });
  await writeFile(join(directory, card, 'card.json'), card);
  return agentWeights(join(directory, card));
}

/** Opens the page on a recording of the agent with this card. */
async function replay(card: string, query = '') {
  const id = await shelf.keep(encodeRecording(recordedLine(world, LENGTH, await weightsOf(card))));
  return openPage(browser, `${address}?recording=${id}${query}`);
}

const stepShown = (page: Page, step: number) =>
  page
    .getByTestId('progress-line')
    .filter({ hasText: `Step ${step} of ${LENGTH}` })
    .waitFor();

describe('the dream beside a replay in the page', { timeout: 4 * PATIENCE_MS }, () => {
  it('is painted beside the truth wherever the slider goes, and measured as a live one is', async () => {
    await recordings.noteAgent('endless', (await weightsOf('acted')).directory);
    // An auto mode of the address has nothing to choose in a replay.
    const { page, errors } = await replay('acted', '&auto=on');
    await page.getByTestId('replay-dream').filter({ hasText: 'what the agent that acted foresees' }).waitFor();
    await stepShown(page, LENGTH);
    await page.locator('#view-dream[data-empty="false"]').waitFor();
    await page.locator('#view-difference[data-empty="false"]').waitFor();
    await page.getByTestId('difference-mean').filter({ hasText: '%' }).waitFor();
    await page.locator('#dream-caption').filter({ hasText: '3 steps before, from the actions' }).waitFor();
    expect(await page.getByTestId('film').locator('li').count()).toBe(FAKE_HORIZON - 1 + 1); // what is left, and the goal

    const slider = page.getByRole('slider', { name: 'Step of the recording' });
    await slider.fill('2');
    await stepShown(page, 2);
    await page.locator('#dream-caption').filter({ hasText: 'Imagined 2 steps before, from the actions' }).waitFor();
    await page.locator('#view-dream[data-empty="false"]').waitFor();
    expect(await page.getByTestId('film').locator('li').count()).toBe(FAKE_HORIZON + 1);
    await page.getByRole('button', { name: 'One step back' }).click();
    await page.getByTestId('timeline').and(page.locator('[data-live="false"]')).waitFor();
    await page.locator('#dream-caption').filter({ hasText: 'Imagined 3 steps before' }).waitFor();

    const headings = await page.locator('.measurements h2:visible').allInnerTexts();
    expect(headings).toEqual(['How wrong the dream was']);
    await page.getByRole('tab', { name: 'This session' }).click();
    await page
      .getByTestId('horizon-verdict')
      .filter({ hasText: /ahead the dream is off by/ })
      .waitFor();
    await page.keyboard.press('End');
    expect(await page.getByRole('tab', { name: 'This session' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.getByRole('tab').count()).toBe(2);
    for (const verdict of await page.locator('.verdict:visible').allInnerTexts())
      expect(verdict).not.toMatch(/\byet\b/);
    expect(await page.getByTestId('banner').isVisible()).toBe(false);
    expect(await page.getByTestId('tour').isVisible()).toBe(false);
    await page.screenshot({ path: 'test/screenshots/replay-dream.png', fullPage: true });
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is painted in the steps that are chosen, by pointer or by key, of those that the agent has', async () => {
    load = () => fakeAgent('endless', { stepCounts: [1, 2, 4] });
    const { page, errors } = await replay('acted', '&auto=on');
    const painted = (passes: string) =>
      page
        .locator('#dream-caption')
        .filter({ hasText: `painted in ${passes}.` })
        .waitFor();
    const radio = (name: string) => page.getByRole('radio', { name, exact: true });
    const picture = () => page.getByTestId('stage').getAttribute('data-dream-sum');
    await stepShown(page, LENGTH);
    await page.getByRole('slider', { name: 'Step of the recording' }).fill('2');
    await stepShown(page, 2);
    await painted('1 pass');
    expect(await page.locator('#renderer-steps label:visible').allInnerTexts()).toEqual(['1', '2', '4']);
    expect(await radio('1').isChecked()).toBe(true);
    const before = await picture();

    await page.locator('#renderer-steps label', { hasText: '4' }).click();
    await painted('4 passes');
    expect(await radio('4').isChecked()).toBe(true);
    await expect.poll(picture, { timeout: PATIENCE_MS }).not.toBe(before);
    await stepShown(page, 2);
    await page.keyboard.press('1');
    await painted('1 pass');
    await expect.poll(picture, { timeout: PATIENCE_MS }).toBe(before);
    expect(await page.locator('.keys').innerText()).toMatch(/renderer steps/);

    await page.keyboard.press('6');
    await page.getByTestId('banner').filter({ hasText: 'has no 16 steps, only 1, 2, 4' }).waitFor();
    await painted('4 passes');
    expect(await radio('4').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('slider', { name: 'Step of the recording' }).fill(String(FAKE_HORIZON + 2));
    await stepShown(page, FAKE_HORIZON + 2);
    await painted('4 passes');
    await page.keyboard.press('a');
    for (const control of ['#seed', '#seed-go', '#world', '#renderer-steps input[value="auto"]'])
      expect(await page.locator(control).isDisabled(), control).toBe(true);
    expect(await page.getByTestId('banner').isVisible()).toBe(false);
    await page.screenshot({ path: 'test/screenshots/replay-steps.png', fullPage: true });
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is said to be another agent’s where the weights are others', async () => {
    await recordings.noteAgent('endless', (await weightsOf('dreams')).directory);
    const { page } = await replay('acted');
    await page.getByTestId('replay-dream').filter({ hasText: 'what another agent foresees' }).waitFor();
    await page.locator('#dream-caption').filter({ hasText: 'Imagined by another agent' }).waitFor();
  });

  it('is missing with the reason where no agent is there, and the truth is shown alone', async () => {
    load = () => {
      throw new WeightsError('there is no agent; train one');
    };
    const { page, errors } = await replay('acted');
    await page
      .getByTestId('replay-dream')
      .filter({ hasText: 'There is no dream beside it: there is no agent; train one' })
      .waitFor();
    await stepShown(page, LENGTH);
    expect(await page.locator('#view-dream').innerText()).toBe('There is no dream beside it');
    expect(await page.locator('.measurements').isVisible()).toBe(false);
    expect(await page.getByTestId('film').isVisible()).toBe(false);
    expect(await page.getByRole('radio', { name: '4', exact: true }).isDisabled()).toBe(true);
    expect(await page.locator('.keys').innerText()).not.toMatch(/renderer/);
    await page.keyboard.press('4');
    expect(await page.getByRole('radio', { name: '1', exact: true }).isChecked()).toBe(true);
    expect(await page.getByTestId('banner').isVisible()).toBe(false);
    expect(await seriousFindings(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
