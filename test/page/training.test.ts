/**
 * Training from the page, in a real browser: begun, watched, stopped, resumed, compared and saved, and what is said where
 * that cannot be.
 */
import { loadImage } from '@napi-rs/canvas';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import type { FakeTrainings } from './fakeTrainings.ts';
import { type OpenOptions, PATIENCE_MS } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';
import { readCsv } from './readCsv.ts';

const soon = { timeout: PATIENCE_MS, interval: 50 };

let trainings: FakeTrainings;
let openPage: UnderTest['open'];

pageUnderTest(({ server, open }) => {
  server.standAt(3);
  ({ trainings } = server);
  openPage = open;
});

/** The page with the section open, and what has gone wrong on it. */
async function opened(options: OpenOptions = {}): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openPage(options);
  await page.getByTestId('status').filter({ hasText: 'Live' }).waitFor();
  await page.clock.install();
  await page.getByRole('button', { name: 'Show training' }).press('Enter');
  await page.locator('#training-there, #training-absent').and(page.locator(':not([hidden])')).waitFor();
  return { page, errors };
}

/** Losses that fall from `high` over so many seconds. */
function losses(stage: string, seconds: number, high: number): MetricsLine[] {
  return Array.from({ length: seconds }, (_, i) => ({
    stage,
    step: 10 * i,
    seconds: i + 0.5,
    terms: { prediction: high / (1 + i / 20), sigreg: 0.25 },
  }));
}

/** With a term that is always 0. */
function unused(lines: readonly MetricsLine[]): MetricsLine[] {
  return lines.map((line) => ({ ...line, terms: { ...line.terms, unused: 0 } }));
}

const chartSays = (page: Page, text: string | RegExp): Promise<void> =>
  vi.waitFor(
    async () => expect(await page.getByTestId('training-chart').getAttribute('aria-label')).toMatch(text),
    soon,
  );

/** The page asks again now, not in a second or two: its clock is put forward. */
const askedAgain = (page: Page): Promise<void> => page.clock.fastForward(5000);

const row = (page: Page, world: string) => page.getByRole('row').filter({ hasText: world });

/** What axe finds to be serious or critical. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join('; ')}`);
}

async function saved(page: Page, button: string): Promise<{ name: string; content: Buffer }> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).press('Enter');
  const file = await coming;
  return {
    name: file.suggestedFilename(),
    content: Buffer.concat(await (await file.createReadStream()).toArray()),
  };
}

/** What the page asks for as its clock goes on by a minute, counted where it asks. */
async function askedInAMinute(page: Page): Promise<number> {
  await page.evaluate(() => {
    const { fetch } = globalThis;
    const counts = document.body.dataset.asked !== undefined;
    document.body.dataset.asked = '0';
    if (counts) return;
    globalThis.fetch = (...request) => {
      document.body.dataset.asked = String(Number(document.body.dataset.asked) + 1);
      return fetch(...request);
    };
  });
  await page.clock.fastForward(60_000);
  return page.evaluate(() => Number(document.body.dataset.asked));
}

/** Nobody looks at the page, as far as it knows. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

describe('training from the page', { timeout: 4 * PATIENCE_MS }, () => {
  it('begins by keyboard, shows how far it is and its losses, is stopped, resumed and finished', async () => {
    const { page, errors } = await opened();
    expect(await page.getByTestId('training-none').innerText()).toMatch('Nothing has been trained on this server yet');
    await page.getByLabel('Train in').selectOption('Two rooms');
    await page.getByLabel('Minutes').fill('8');
    await page.getByLabel('Training seed').fill('5');
    await page.getByLabel('Training seed').press('Enter');
    await page.getByTestId('training-said').filter({ hasText: '8 minutes in two-room has begun' }).waitFor();
    const run = row(page, 'two-room');
    await run.filter({ hasText: 'beginning' }).waitFor();
    expect(await run.getByRole('checkbox').isChecked()).toBe(true);

    trainings.change('begun-0', { at: { stage: 'latent', progress: 0.429 } });
    trainings.log('begun-0', losses('latent', 100, 2));
    await askedAgain(page);
    await run.filter({ hasText: 'latent, 42%' }).waitFor();
    expect(await run.getByRole('progressbar').getAttribute('value')).toBe('0.429');
    await chartSays(page, /^prediction in the stage latent\. two-room, seed 5, .*: from 2 to 0\.336 after 100 s\.$/);

    // The page asks only for what it has not seen, and learns of it while it is watched.
    trainings.log('begun-0', [
      { stage: 'latent', step: 1000, seconds: 100.5, terms: { prediction: 0.1, sigreg: 0.2 } },
    ]);
    await askedAgain(page);
    await chartSays(page, 'from 2 to 0.1 after 101 s');
    const bytes = trainings.asked.filter((each) => each.includes('?from=')).map((each) => Number(each.split('=')[1]));
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.filter((byte) => byte === 0).length).toBeLessThan(bytes.length);

    const act = run.getByRole('button', { name: /^(Stop|Resume) two-room/ });
    await act.press('Enter');
    await run.filter({ hasText: 'stopping' }).waitFor();
    expect(await act.getAttribute('aria-disabled')).toBe('true');
    trainings.change('begun-0', { status: 'stopped', stopping: false, at: undefined });
    await askedAgain(page);
    await page.getByTestId('training-said').filter({ hasText: 'stopped; it can be resumed' }).waitFor();
    // What had the focus has it still.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Resume');

    await page.keyboard.press('Enter');
    await run.filter({ hasText: 'beginning' }).waitFor();
    // It goes on from a state that it had saved before, and draws anew what it trains anew.
    trainings.log('begun-0', losses('latent', 60, 3).slice(50));
    await askedAgain(page);
    await chartSays(page, 'from 2 to 0.759 after 60 s');
    const command = 'npm run -s reverie -- serve --world two-room --agent runs/begun-0';
    trainings.change('begun-0', { status: 'finished', at: undefined, command });
    await askedAgain(page);
    await run.getByText(command).waitFor();
    expect(await run.getByRole('button', { name: /^(Stop|Resume)/ }).count()).toBe(0);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await run.getByRole('button', { name: /^Copy the command/ }).click();
    await page.getByTestId('training-said').filter({ hasText: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    expect(errors).toEqual([]);
  });

  it('compares runs, chooses stage and loss, and saves all of it', async () => {
    trainings.add({ id: 'older', world: 'push-t', status: 'failed', message: 'The disk is full; free some space.' });
    trainings.log('older', [...losses('latent', 100, 4), ...unused(losses('distance', 20, 1))]);
    trainings.add({ id: 'newer', world: 'two-room', seed: 7, at: { stage: 'latent', progress: 0.5 } });
    trainings.log('newer', losses('latent', 1500, 2));
    const { page, errors } = await opened();
    await chartSays(page, /two-room, seed 7, .*: from 2 to 0\.0263 after 1500 s\.$/);
    expect((await saved(page, 'Save “Losses of the trainings” as CSV')).name).toBe(
      'reverie-two-room-seed-7-training-losses.csv',
    );
    expect(await row(page, 'push-t').innerText()).toMatch('The disk is full; free some space.');
    await row(page, 'push-t').getByRole('checkbox').press('Space');
    await chartSays(page, /two-room, seed 7, .*push-t, seed 0, .*: from 4 to 0\.672 after 100 s/);
    expect(await page.getByTestId('training-legend').getByRole('listitem').count()).toBe(2);
    await page.getByLabel('Logarithmic').check();
    const [newer, older] = [/^two-room, seed 7/, /^push-t, seed 0/].map((name) =>
      page.getByTestId('training-legend').getByRole('listitem').filter({ hasText: name }).locator('.training-value'),
    );
    const read = async () => [
      await page.getByTestId('training-read-at').innerText(),
      await newer?.innerText(),
      await older?.innerText(),
    ];
    expect(await read()).toEqual(['', '', '']);
    const chart = page.getByTestId('training-chart');
    await chart.press('Home');
    expect(await read()).toEqual(['After 0.5 s', '2', '4']);
    await chart.press('ArrowRight');
    expect((await read())[0]).toMatch(/^After \d+(\.5)? s$/);
    await chart.press('End');
    expect(await read()).toEqual(['After 1499.5 s', '0.0263', '–']);
    await chart.locator('.u-over').hover({ position: { x: 3, y: 20 } });
    await vi.waitFor(async () => expect((await read())[2]).toMatch(/^[0-4](\.\d+)?$/), soon);
    await page.screenshot({ path: 'test/screenshots/training-cursor.png' });
    expect(await serious(page)).toEqual([]);
    await page.getByLabel('Logarithmic').focus();
    await page.mouse.move(1, 1);
    await vi.waitFor(async () => expect(await read()).toEqual(['', '', '']), soon);
    await page.getByTestId('training').screenshot({ path: 'test/screenshots/training-wide.png' });

    await page.getByRole('combobox', { name: 'Loss' }).selectOption('sigreg');
    await chartSays(page, 'from 0.25 to 0.25 after 1500 s');
    await page.getByRole('combobox', { name: 'Stage' }).selectOption('distance');
    await chartSays(page, /two-room, seed 7, [^.]*: nothing of it yet\. .*push-t, seed 0, [^.]*: from 0.25/);

    await page.getByRole('combobox', { name: 'Loss' }).selectOption('unused');
    await chartSays(page, /push-t, seed 0, [^.]*: from 0 to 0 after 20 s, 0 or less 20 times, which a logarithmic/);
    await page.getByRole('combobox', { name: 'Loss' }).selectOption('sigreg');

    const table = await saved(page, 'Save “Losses of the trainings” as CSV');
    expect(table.name).toBe('reverie-two-room-push-t-2-runs-training-losses.csv');
    const [columns, ...rows] = readCsv(table.content.toString());
    expect(columns).toEqual([
      'run',
      'world',
      'minutes',
      'seed',
      'stage',
      'step',
      'seconds',
      'prediction',
      'sigreg',
      'unused',
    ]);
    expect(rows).toHaveLength(1500 + 120);
    expect(rows[1]).toEqual(['newer', 'two-room', '32', '7', 'latent', '10', '1.5', String(2 / 1.05), '0.25', '']);
    expect(rows.at(-1)?.slice(0, 6)).toEqual(['older', 'push-t', '32', '0', 'distance', '190']);
    const picture = await saved(page, 'Save “Losses of the trainings” as PNG');
    expect(picture.name).toBe('reverie-two-room-push-t-2-runs-training-losses.png');
    expect((await loadImage(picture.content)).height).toBeGreaterThan(250);

    await row(page, 'two-room').getByRole('checkbox').uncheck();
    await chartSays(page, /^sigreg in the stage distance\. push-t[^;]*$/);
    expect(errors).toEqual([]);
  });

  it('draws four runs at most, and on a narrow, dark page too', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      trainings.add({ id, seed: id.charCodeAt(0), status: 'stopped' });
      trainings.log(id, losses('latent', 50, id.charCodeAt(0) - 90));
    }
    trainings.change('e', { status: 'running', at: { stage: 'latent', progress: 0.3 } });
    trainings.change('d', {
      status: 'finished',
      command: 'npm run -s reverie -- serve --agent runs/push-t-2026-05-01-d',
    });
    const { page, errors } = await opened({ viewport: { width: 360, height: 800 }, colorScheme: 'dark' });
    for (const seed of [98, 99, 100])
      await page.getByRole('checkbox', { name: `Compare push-t, seed ${seed}` }).check();
    await vi.waitFor(
      async () => expect(await page.getByTestId('training-legend').getByRole('listitem').count()).toBe(4),
      soon,
    );
    const fifth = page.getByRole('checkbox', { name: 'Compare push-t, seed 97' });
    expect(await fifth.isDisabled()).toBe(true);
    await page.getByText('leave one out to draw another').waitFor();
    expect(await serious(page)).toEqual([]);
    const beside = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(beside).toBe(0);
    await page.getByTestId('training').screenshot({ path: 'test/screenshots/training-narrow.png' });
    await page.getByRole('checkbox', { name: 'Compare push-t, seed 99' }).uncheck();
    await fifth.check();
    await chartSays(page, 'push-t, seed 97');
    expect(errors).toEqual([]);
  });

  it('asks only while the section is open, seldom while no run is at work, and goes on after the server was away', async () => {
    trainings.add({ id: 'one', at: { stage: 'latent', progress: 0.1 } });
    trainings.log('one', losses('latent', 10, 2));
    const { page } = await opened();
    await chartSays(page, 'after 10 s');
    trainings.down = true;
    await page.getByTestId('training-asked').filter({ hasText: 'The server did not answer' }).waitFor();
    trainings.down = false;
    trainings.log('one', losses('latent', 20, 2).slice(10));
    await askedAgain(page);
    await chartSays(page, 'after 20 s');
    await vi.waitFor(async () => expect(await page.getByTestId('training-asked').innerText()).toBe(''), soon);

    await page.getByRole('button', { name: 'Hide training' }).click();
    expect(await askedInAMinute(page)).toBe(0);
    trainings.log('one', losses('latent', 30, 2).slice(20));
    await page.getByRole('button', { name: 'Show training' }).click();
    await chartSays(page, 'after 30 s');

    await vi.waitFor(async () => expect(await askedInAMinute(page)).toBeGreaterThan(0), soon);
    await setHidden(page, true);
    expect(await askedInAMinute(page)).toBe(0);
    await setHidden(page, false);
    await vi.waitFor(async () => expect(await askedInAMinute(page)).toBeGreaterThan(0), soon);

    trainings.change('one', { status: 'stopped', at: undefined });
    await askedAgain(page);
    await row(page, 'push-t')
      .getByRole('button', { name: /^Resume/ })
      .waitFor();
    // Once more for the last lines, and then for the list alone.
    await vi.waitFor(async () => expect(await askedInAMinute(page)).toBe(1), soon);
    expect(trainings.asked.at(-1)).toBe('GET /trainings');
  });

  it('sees what another page begins while no run is at work: after a while, and at once when it is looked at', async () => {
    const { page, errors } = await opened();
    trainings.add({ id: 'elsewhere', world: 'two-room', status: 'stopped' });
    await vi.waitFor(async () => {
      await page.clock.fastForward(15_000);
      expect(await row(page, 'two-room').count()).toBe(1);
    }, soon);
    await setHidden(page, true);
    trainings.add({ id: 'later', world: 'push-t', at: { stage: 'latent', progress: 0.5 } });
    expect(await askedInAMinute(page)).toBe(0);
    await setHidden(page, false);
    await row(page, 'push-t').filter({ hasText: 'latent, 50%' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('waits a minute for what it asked to be done, and then says what it does not know', async () => {
    trainings.add({ id: 'one', world: 'two-room', status: 'stopped' });
    const { page, errors } = await opened();
    await row(page, 'two-room').waitFor();
    trainings.silent = true;
    const trouble = page.getByTestId('training-trouble').filter({ hasText: 'has not answered for 60 s' });
    const act = row(page, 'two-room').getByRole('button', { name: /^(Stop|Resume)/ });
    await act.click();
    await vi.waitFor(() => expect(trainings.asked).toContain('POST /trainings/one/resume'), soon);
    expect(await act.getAttribute('aria-disabled')).toBe('true');
    expect(await trouble.isVisible()).toBe(false);
    await page.clock.fastForward(61_000);
    await trouble.filter({ hasText: 'It may still do what it was asked to: the list shows it then.' }).waitFor();
    // It has been done, as the list says at once.
    await row(page, 'two-room').filter({ hasText: 'beginning' }).waitFor();

    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await trouble.waitFor({ state: 'hidden' });
    await vi.waitFor(() => expect(trainings.asked).toContain('POST /trainings'), soon);
    await page.clock.fastForward(61_000);
    await trouble.waitFor();
    await row(page, 'push-t').waitFor();
    expect(await page.locator('#training-start').getAttribute('aria-busy')).toBe('false');
    expect(errors).toEqual([]);
  });

  it('says what a server without training says, and shows nothing else', async () => {
    trainings.absent = 'This server does not train; start it with --trainings and a folder.';
    const { page } = await opened();
    expect(await page.getByTestId('training-body').innerText()).toBe(trainings.absent);
    expect(await page.getByRole('button', { name: 'Train', exact: true }).count()).toBe(0);
    expect(await serious(page)).toEqual([]);
  });

  it('says why a training does not begin, whoever refuses it', async () => {
    const { page } = await opened();
    await page.getByLabel('Minutes').fill('100000');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByTestId('training-trouble').filter({ hasText: 'at most 720' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('training-minutes');
    expect(trainings.asked.filter((each) => each.startsWith('POST'))).toEqual([]);
    await page.getByLabel('Minutes').fill('1');
    trainings.refusal = 'Another training is at work; stop it, or wait until it has finished.';
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByTestId('training-trouble').filter({ hasText: trainings.refusal }).waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await row(page, 'push-t').waitFor();
    expect(await page.getByTestId('training-trouble').isVisible()).toBe(false);
  });
});
