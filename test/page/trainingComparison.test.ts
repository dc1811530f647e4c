/** Runs beside each other on the page, in a real browser: their losses compared, read and saved. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it, vi } from 'vitest';
import type { MetricsLine } from '../../shared/protocol/metrics.ts';
import { seriousFindings } from './accessibility.ts';
import type { FakeTrainings } from './fakeTrainings.ts';
import { PATIENCE_MS } from './openPage.ts';
import { readCsv } from './readCsv.ts';
import { type SavedFile, savedFile } from './savedFile.ts';
import { chartSays, losses, row, soon, type TrainingUnderTest, trainingUnderTest } from './trainingUnderTest.ts';

let trainings: FakeTrainings;
let open: TrainingUnderTest['open'];

trainingUnderTest((parts) => {
  ({ trainings, open } = parts);
});

/** With a term that is always 0. */
function unused(lines: readonly MetricsLine[]): MetricsLine[] {
  return lines.map((line) => ({ ...line, terms: { ...line.terms, unused: 0 } }));
}

/** Pixels at the right of a picture where nothing is drawn. */
const EDGE = 12;

/** Colours along the right edge of a picture: more than one where something runs over it. */
async function edgeColors({ content }: SavedFile): Promise<number[]> {
  const image = await loadImage(content);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return [...new Set(new Uint32Array(context.getImageData(image.width - EDGE, 0, EDGE, image.height).data.buffer))];
}

describe('trainings compared on the page', { timeout: 4 * PATIENCE_MS }, () => {
  it('compares runs, chooses stage and loss, and saves all of it', async () => {
    trainings.add({ id: 'older', world: 'push-t', status: 'failed', message: 'The disk is full; free some space.' });
    trainings.log('older', [...losses('latent', 100, 4), ...unused(losses('distance', 20, 1))]);
    trainings.add({ id: 'newer', world: 'two-room', seed: 7, at: { stage: 'latent', progress: 0.5 } });
    trainings.log('newer', losses('latent', 1500, 2));
    const { page, errors } = await open();
    await chartSays(page, /two-room, seed 7, .*: from 2 to 0\.0263 after 1500 s\.$/);
    expect((await savedFile(page, 'Save “Losses of the trainings” as CSV')).name).toBe(
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
    const chart = page.getByRole('application', { name: /^prediction in the stage latent/ });
    await chart.press('Home');
    expect(await read()).toEqual(['After 0.5 s', '2', '4']);
    await chart.press('ArrowRight');
    expect((await read())[0]).toMatch(/^After \d+(\.5)? s$/);
    await chart.press('End');
    expect(await read()).toEqual(['After 1499.5 s', '0.0263', '–']);
    await chart.locator('.u-over').hover({ position: { x: 3, y: 20 } });
    await vi.waitFor(async () => expect((await read())[2]).toMatch(/^[0-4](\.\d+)?$/), soon);
    await page.screenshot({ path: 'test/screenshots/training-cursor.png' });
    expect(await seriousFindings(page)).toEqual([]);
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

    const table = await savedFile(page, 'Save “Losses of the trainings” as CSV');
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
    const picture = await savedFile(page, 'Save “Losses of the trainings” as PNG');
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
    const { page, errors } = await open({ viewport: { width: 360, height: 800 }, colorScheme: 'dark' });
    for (const seed of [98, 99, 100])
      await page.getByRole('checkbox', { name: `Compare push-t, seed ${seed}` }).check();
    await vi.waitFor(
      async () => expect(await page.getByTestId('training-legend').getByRole('listitem').count()).toBe(4),
      soon,
    );
    const fifth = page.getByRole('checkbox', { name: 'Compare push-t, seed 97' });
    expect(await fifth.isDisabled()).toBe(true);
    await page.getByText('leave one out to draw another').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    const beside = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(beside).toBe(0);
    await page.getByTestId('training').screenshot({ path: 'test/screenshots/training-narrow.png' });
    expect(await edgeColors(await savedFile(page, 'Save “Losses of the trainings” as PNG'))).toHaveLength(1);
    await page.getByRole('checkbox', { name: 'Compare push-t, seed 99' }).uncheck();
    await fifth.check();
    await chartSays(page, 'push-t, seed 97');
    expect(errors).toEqual([]);
  });
});
