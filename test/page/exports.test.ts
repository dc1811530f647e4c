/**
 * Saving what a panel shows, in a real browser: the files that its buttons give, and what is said of them.
 */
import { loadImage } from '@napi-rs/canvas';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lengthOf, SCALE } from '../../client/export/gifFilm.ts';
import { FRAME_SIZE } from '../../shared/frame.ts';
import { readGif } from '../recording/readGif.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { readCsv } from './readCsv.ts';
import { type SavedFile, savedFile } from './savedFile.ts';
import { episodeOf, HORIZON } from './syntheticWorld.ts';

/** A step at which the second plan has been seen to its end. */
const STEP = 2 * HORIZON + 2;

let page: Page;
let server: FakeServer;
let errors: string[];

pageUnderTest(async (parts) => {
  ({ server } = parts);
  server.standAt(STEP);
  ({ page, errors } = await parts.open());
  await standsAt(page, STEP);
});

afterEach(() => expect(errors).toEqual([]));

/** The file that the button of this name saves, which the page says when it has. */
async function saved(button: string): Promise<SavedFile> {
  const file = await savedFile(page, button);
  await page.getByTestId('export-status').getByText(`Saved ${file.name}.`).waitFor();
  return file;
}

async function savedTable(title: string): Promise<{ name: string; columns: string[]; rows: string[][] }> {
  const { name, content } = await saved(`Save “${title}” as CSV`);
  const [columns = [], ...rows] = readCsv(content.toString());
  return { name, columns, rows };
}

/** Size of the PNG picture. */
async function savedPicture(title: string): Promise<{ name: string; width: number; height: number }> {
  const { name, content } = await saved(`Save “${title}” as PNG`);
  expect(content.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');
  const { width, height } = await loadImage(content);
  return { name, width, height };
}

describe('the panels', { timeout: 4 * PATIENCE_MS }, () => {
  it('of the task save the numbers that they show, and their pictures', async () => {
    const error = await savedTable('How wrong the dream was');
    expect(error.name).toBe('reverie-push-t-seed-1-error-by-step.csv');
    expect(error.columns).toEqual(['step of the episode', 'this task', 'the task before']);
    // Steps that the page was too slow to draw are not in the chart.
    const summary = await page.getByTestId('error-chart').getAttribute('aria-label');
    expect(summary).toMatch(`Over ${error.rows.length} steps`);
    const steps = error.rows.map(([step]) => Number(step));
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(STEP);
    const last = Number(error.rows.at(-1)?.[1]);
    expect(await page.getByTestId('difference-mean').textContent()).toBe(`${(100 * last).toFixed(1)}%`);

    const search = await savedTable('How the plan was found');
    expect(search.rows).toHaveLength(8);
    expect(Number(search.rows[0]?.[1])).toBe(4.6);
    const cost = await savedTable('What a frame costs');
    expect(cost.rows.map(([part]) => part)).toEqual(['simulate', 'plan', 'paint', 'send', 'draw', 'total', 'budget']);
    expect(Number(cost.rows[1]?.[1])).toBe(184 / HORIZON);

    for (const title of ['How wrong the dream was', 'How the plan was found', 'What a frame costs']) {
      const { width, height } = await savedPicture(title);
      expect(width).toBeGreaterThan(300);
      expect(height).toBeGreaterThan(80);
    }
  });

  it('of the session save what they show', async () => {
    await page.getByRole('tab', { name: 'This session' }).click();
    await page.getByTestId('horizon-verdict').getByText(`${HORIZON} steps ahead`).waitFor();
    const horizon = await savedTable('How far ahead it sees');
    expect(horizon.name).toBe('reverie-push-t-seed-1-error-by-horizon.csv');
    expect(horizon.rows.map(([ahead]) => Number(ahead))).toEqual(Array.from({ length: HORIZON }, (_, i) => i + 1));
    const [dream, still] = (horizon.rows.at(-1) ?? [])
      .slice(1, 3)
      .map((value) => `${(100 * Number(value)).toFixed(1)}%`);
    expect(await page.getByTestId('horizon-verdict').textContent()).toMatch(
      `off by ${dream}, a still picture by ${still}`,
    );
    const plans = await savedTable('What plans promise');
    expect(plans.rows.map(([step]) => Number(step))).toEqual([0, HORIZON, 2 * HORIZON]);
    const surprise = await savedTable('How unexpected it was');
    expect(surprise.rows).toHaveLength(STEP);
    expect(new Set(surprise.rows.map(([, , threshold]) => threshold))).toEqual(new Set(['3']));
    const { name, content } = await saved('Save “How far ahead it sees” as PNG');
    expect(name).toBe('reverie-push-t-seed-1-error-by-horizon.png');
    expect((await loadImage(content)).height).toBeGreaterThan(200);
  });

  it('of what is read save every quantity', async () => {
    await page.getByRole('tab', { name: 'What it knows' }).click();
    server.teach(32);
    server.standAt(4 * HORIZON - 6);
    await page.getByTestId('reading-at').getByText('As the latest was made').waitFor();
    const { rows } = await savedTable('What can be read from its latents');
    expect(rows.map(([, , quantity, unit]) => `${quantity} ${unit}`)).toEqual([
      'blockX units',
      'blockAngle rad',
      'postX units',
    ]);
    expect(rows[2]?.slice(4)).toEqual(['50', '50.5', '', '']);
  });
});

describe('films', { timeout: 4 * PATIENCE_MS }, () => {
  it('of the timeline show truth, dream and difference up to the moment on the stage', async () => {
    const { name, content } = await saved('Save the 10 seconds up to the moment shown as GIF');
    expect(name).toBe('reverie-push-t-seed-1-timeline.gif');
    const film = readGif(content);
    expect([film.width, film.height, film.loops]).toEqual([lengthOf(3) * SCALE, FRAME_SIZE * SCALE, 0]);
    expect(film.pictures).toHaveLength(STEP);
    expect(film.pictures.every(({ milliseconds }) => milliseconds === 100)).toBe(true);
    // The truth is on the left, as it was sent, in colours that 256 for the whole moment come near.
    const truth = server.latest?.truth ?? new Uint8Array();
    const last = film.pictures.at(-1)?.pixels ?? new Uint8Array();
    for (let y = 2; y < FRAME_SIZE; y += 5)
      for (let x = 2; x < FRAME_SIZE; x += 5) {
        const to = 3 * (y * SCALE * film.width + x * SCALE);
        for (let c = 0; c < 3; c++)
          expect(Math.abs((last[to + c] ?? 0) - (truth[4 * (y * FRAME_SIZE + x) + c] ?? 0))).toBeLessThanOrEqual(16);
      }
    await page.getByRole('button', { name: 'Next task' }).click();
    await page.locator(`#timeline-position[max="${2 * STEP - 1}"]`).waitFor({ state: 'attached' });
    await page.getByRole('slider', { name: 'Moment of the session' }).fill('4');
    const back = await saved('Save the 10 seconds up to the moment shown as GIF');
    expect(back.name).toBe(name);
    expect(readGif(back.content).pictures).toHaveLength(5);
    const { rows } = await savedTable('Look back');
    expect(rows.map(([, seed]) => seed)).toEqual([...Array(STEP).fill('1'), ...Array(STEP).fill('2')]);
    expect((await savedPicture('Look back')).name).toBe('reverie-push-t-seed-1-timeline.png');
  });

  it('of the plan show what was imagined', async () => {
    const { name, content } = await saved('Save the imagined plan as GIF');
    expect(name).toBe('reverie-push-t-seed-1-plan.gif');
    const film = readGif(content);
    expect([film.width, film.pictures.length]).toEqual([FRAME_SIZE * SCALE, HORIZON]);
    const { width } = await savedPicture('The plan as a film');
    expect(width).toBeGreaterThan((HORIZON + 1) * FRAME_SIZE);
  });

  it('that the browser cannot make are missed with a reason, and the button works again', async () => {
    await page.evaluate(() => {
      const { toBlob } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.toBlob = (done) => {
        HTMLCanvasElement.prototype.toBlob = toBlob;
        done(null);
      };
    });
    await page.getByRole('button', { name: 'Save “The plan as a film” as PNG' }).click();
    await page.getByRole('alert').getByText('The file was not saved').waitFor();
    await savedPicture('The plan as a film');
  });

  it('of nothing are refused with what to wait for', async () => {
    server.say({ ...episodeOf({ world: 'push-t', seed: 5, rendererSteps: 1 }), serial: 9 });
    await vi.waitFor(async () => expect(await page.locator('#film li').count()).toBe(0), { timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Save the imagined plan as GIF' }).click();
    await page.getByRole('alert').getByText('There is nothing to save yet').waitFor();
  });
});
