/**
 * Taking the controls: what keys and drags mean, and in a real browser what they send.
 */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { directionOf, dragDirection } from '../../client/hands.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, stageCount } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { episodeOf } from './syntheticWorld.ts';

let server: FakeServer;
let page: Page;

const said = () => server.heard('drive').map(({ direction }) => direction);
const saying = (...directions: ReturnType<typeof said>) =>
  vi.waitFor(() => expect(said()).toEqual(directions), { timeout: PATIENCE_MS });
const rest = { x: 0, y: 0 };

describe('a direction', () => {
  it('adds up the keys that are held, and opposite ones cancel out', () => {
    expect(directionOf(new Set(['KeyW', 'KeyD']))).toEqual({ x: 1, y: -1 });
    expect(directionOf(new Set(['KeyA', 'KeyD', 'KeyS', 'KeyQ']))).toEqual({ x: 0, y: 1 });
    expect(directionOf(new Set())).toEqual(rest);
  });

  it('is as long as the drag, up to its bounds', () => {
    expect(dragDirection(30, -15, 300)).toEqual({ x: 0.5, y: -0.25 });
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer({ min: 1, max: 4000 }), (dx, dy, width) => {
        const { x, y } = dragDirection(dx, dy, width);
        expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the controls of the world', { timeout: 2 * PATIENCE_MS }, () => {
  pageUnderTest(async (parts) => {
    ({ server } = parts);
    ({ page } = await parts.open());
  });

  it('are taken, driven by keys held together, and given back', async () => {
    await page.getByRole('button', { name: 'Take the controls' }).click();
    await page.getByText('You have the controls:').waitFor();
    await page.keyboard.down('d');
    await page.getByText('You have the controls', { exact: true }).waitFor();
    await page.getByText('Nothing is imagined while you drive.').waitFor();
    await page.screenshot({ path: 'test/screenshots/hands-driving.png' });
    await page.keyboard.down('w');
    await page.keyboard.up('d');
    await page.keyboard.up('w');
    await page.keyboard.press('Escape');
    await saying(rest, { x: 1, y: 0 }, { x: 1, y: -1 }, { x: 0, y: -1 }, rest, null);
    await page.getByRole('button', { name: 'Take the controls' }).waitFor();
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Give back' }).waitFor();
    expect(server.heard('configure')).toEqual([]);
  });

  it('are of the dream too, which goes on while the truth stands still', async () => {
    const stage = page.getByTestId('stage');
    await page.getByRole('button', { name: 'Drive the dream' }).click();
    await page.keyboard.down('s');
    await page.getByText('You drive it; the truth stands still.').waitFor();
    const [truths, dreams] = [await stageCount(page, 'truth-frames'), await stageCount(page, 'dream-frames')];
    await vi.waitFor(async () => expect(await stageCount(page, 'dream-frames')).toBeGreaterThan(dreams + 2), {
      timeout: PATIENCE_MS,
    });
    await page.screenshot({ path: 'test/screenshots/hands-dream.png' });
    expect(await stageCount(page, 'truth-frames')).toBeLessThanOrEqual(truths + 1);
    expect(await stage.getAttribute('data-step')).not.toBe(null);
    await page.keyboard.press('m');
    await vi.waitFor(async () => expect(await stageCount(page, 'truth-frames')).toBeGreaterThan(truths + 1), {
      timeout: PATIENCE_MS,
    });
    expect(server.heard('drive').map(({ world }) => world)).toEqual(['dream', 'dream', 'dream']);
    expect(said()).toEqual([rest, { x: 0, y: 1 }, null]);
  });

  it('are hidden where actions are numbered choices, and show one axis where there is one', async () => {
    const button = page.getByRole('button', { name: 'Take the controls' });
    await button.click();
    server.say({ ...episodeOf({ world: 'push-t', seed: 7, rendererSteps: 1 }), axes: 1 });
    await page.getByText('You have the controls:').waitFor();
    await vi.waitFor(async () => expect(await page.locator('.second-axis').first().isVisible()).toBe(false));
    server.say({ ...episodeOf({ world: 'push-t', seed: 8, rendererSteps: 1 }), axes: 0 });
    await saying(rest, rest, rest, null);
    await page.keyboard.press('t');
    await page.keyboard.press('d');
    await page.getByText('You have the controls:').waitFor({ state: 'hidden' });
    expect(await page.locator('#drive').isVisible()).toBe(false);
    expect(await page.locator('#drive-key').isVisible()).toBe(false);
    expect(said()).toHaveLength(4);
  });

  it('follow a drag over the physics, and a new task is told where to', async () => {
    const view = page.locator('#view-physics');
    await page.getByRole('button', { name: 'Take the controls' }).click();
    const box = await view.boundingBox();
    if (box === null) throw new Error('the physics view has no place on the page');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - box.width, y);
    await saying(rest, { x: -1, y: 0 });
    await page.keyboard.press('n');
    await saying(rest, { x: -1, y: 0 }, { x: -1, y: 0 });
    await page.mouse.up();
    await saying(rest, { x: -1, y: 0 }, { x: -1, y: 0 }, rest);
  });
});
