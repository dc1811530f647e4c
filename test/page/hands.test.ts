/**
 * Taking the controls: what keys and drags mean, and in a real browser what they send.
 */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { directionOf, directionOfKey, dragDirection, driveKeys } from '../../client/driveKeys.ts';
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
    expect(directionOf(['up', 'right'])).toEqual({ x: 1, y: -1 });
    expect(directionOf(['left', 'right', 'down'])).toEqual({ x: 0, y: 1 });
    expect(directionOf([])).toEqual(rest);
  });

  it('has the keys that do something in the world, and no others', () => {
    const lander = { rest: 'engine off', up: 'engine', left: 'turn left', right: 'turn right' };
    expect(driveKeys(lander)).toEqual([
      { name: 'up', keys: ['W', '↑'], label: 'engine' },
      { name: 'left', keys: ['A', '←'], label: 'turn left' },
      { name: 'right', keys: ['D', '→'], label: 'turn right' },
    ]);
    const asked = ['KeyW', 'ArrowUp', 'KeyA', 'KeyS', 'ArrowDown', 'KeyQ'];
    expect(asked.map((code) => directionOfKey(code, lander))).toEqual([
      'up',
      'up',
      'left',
      undefined,
      undefined,
      undefined,
    ]);
    expect(driveKeys(undefined)).toEqual([]);
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
    // What has the focus waits for its arrows until they are given back.
    await page.getByRole('radio', { name: '30' }).focus();
    await page.keyboard.down('ArrowRight');
    await page.getByText('You have the controls', { exact: true }).waitFor();
    await page.getByText('Nothing is imagined while you drive.').waitFor();
    await page.screenshot({ path: 'test/screenshots/hands-driving.png' });
    await page.keyboard.down('w');
    await page.keyboard.up('ArrowRight');
    await page.keyboard.up('w');
    await page.keyboard.press('Escape');
    await saying(rest, { x: 1, y: 0 }, { x: 1, y: -1 }, { x: 0, y: -1 }, rest, null);
    expect(await page.getByRole('radio', { name: '60' }).isChecked()).toBe(false);
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

  it('are those of the world: its words in hint and footer, keys that do nothing left alone, none where it has none', async () => {
    const { controls: _usual, ...bare } = episodeOf({ world: 'push-t', seed: 7, rendererSteps: 1 });
    const controls = { rest: 'engine off', up: 'engine', left: 'turn left', right: 'turn right' };
    server.standAt(3);
    await page
      .getByTestId('drive-keys')
      .filter({ hasText: /S ↓ down/ })
      .waitFor();
    server.say({ ...bare, controls });
    await page
      .getByTestId('drive-keys')
      .filter({ hasText: /W ↑ engine.*A ← turn left.*D → turn right/ })
      .waitFor();
    await page.getByRole('button', { name: 'Take the controls' }).click();
    await page.getByText('Nothing pressed: engine off.').waitFor();
    await page.keyboard.press('s');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await saying(rest, { x: 0, y: -1 }, rest);
    const engine = page.getByTestId('drive-pad').getByRole('button', { name: 'engine' });
    await engine.focus();
    await page.keyboard.down(' ');
    await page.locator('[data-direction="up"][data-lit="true"]').waitFor();
    await page.screenshot({ path: 'test/screenshots/hands-lander.png' });
    await page.keyboard.down('a');
    await page.keyboard.up(' ');
    await page.keyboard.up('a');
    await saying(rest, { x: 0, y: -1 }, rest, { x: 0, y: -1 }, { x: -1, y: -1 }, { x: -1, y: 0 }, rest);
    // Without a meaning in the world they have none at all: A is not Auto, and the arrows do not look back.
    server.say({ ...bare, controls: { up: 'up' }, serial: 8 });
    await page
      .getByTestId('drive-keys')
      .filter({ hasText: /^W ↑ up $/ })
      .waitFor();
    for (const key of ['a', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
    expect(await page.locator('body').getAttribute('data-past')).not.toBe('true');
    expect(new URL(page.url()).searchParams.has('auto')).toBe(false);
    server.say({ ...bare, serial: 9 });
    await saying(
      rest,
      { x: 0, y: -1 },
      rest,
      { x: 0, y: -1 },
      { x: -1, y: -1 },
      { x: -1, y: 0 },
      rest,
      rest,
      rest,
      null,
    );
    const before = said().length;
    await page.keyboard.press('t');
    await page.keyboard.press('d');
    await page.getByText('You have the controls:').waitFor({ state: 'hidden' });
    expect(await page.locator('#drive').isVisible()).toBe(false);
    expect(await page.locator('#drive-key').isVisible()).toBe(false);
    expect(said()).toHaveLength(before);
    expect(server.heard('transport')).toEqual([]);
  });

  it('follow a drag over the physics, and a new task is told where to', async () => {
    server.standAt(3);
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
