/**
 * The page's buttons, keys and address, in a real browser, against a server that hears what they say.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { drawn, soon } from './drawn.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';
import { episodeOf } from './syntheticWorld.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
  server.standAt(SOME);
});

/** Where the clock stands unless a test lets it go on, so that two cores have time for what is tested. */
const SOME = 3;

/** Pauses, and sees that the page shows it. */
async function pause(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
}

describe('controls', { timeout: 2 * PATIENCE_MS }, () => {
  it('send what a person chose', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    await pause(page);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.getByRole('button', { name: 'Next task', exact: true }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await vi.waitFor(
      () => expect(server.heard('transport').map(({ command }) => command)).toEqual(['pause', 'step', 'next', 'play']),
      soon,
    );
    await page.getByRole('combobox', { name: 'World' }).selectOption('Two rooms');
    await page.getByRole('spinbutton', { name: 'Task seed' }).fill('42');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await page.locator('#renderer-steps').getByText('8', { exact: true }).click();
    await vi.waitFor(
      () =>
        expect(server.heard('configure').map(({ settings }) => settings)).toEqual([
          { world: 'two-room' },
          { seed: 42 },
          { rendererSteps: 8 },
        ]),
      soon,
    );
    await vi.waitFor(() => expect(new URL(page.url()).search).toBe('?world=two-room&seed=42&steps=8'), soon);
  });

  it('offer the step counts that the agent has, and no others', async () => {
    server.go();
    const { page } = await open({ query: '?steps=16' });
    const radio = (name: string) => page.getByRole('radio', { name, exact: true });
    await vi.waitFor(async () => expect(await radio('16').isChecked()).toBe(true), soon);
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ rendererSteps: 16 }), soon);
    await page.keyboard.press('1');
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ rendererSteps: 1 }), soon);
    await page.keyboard.press('6');
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ rendererSteps: 16 }), soon);
    await page.getByTestId('plan-renderer-steps').getByText('16').waitFor({ state: 'attached' });
    await page.setViewportSize({ width: 360, height: 800 });
    const seed = await page.getByRole('spinbutton', { name: 'Task seed' }).boundingBox();
    expect(seed?.width).toBeGreaterThan(60);
    const settings = { world: 'push-t', seed: 5, rendererSteps: 8 } as const;
    server.say({ ...episodeOf(settings), serial: 5, stepCounts: [1, 2, 4, 8] });
    server.say({ type: 'error', code: 'lacked-steps', message: 'The renderer of push-t has no 16 steps.' });
    await page.getByText('has no 16 steps').waitFor();
    await vi.waitFor(async () => expect(await radio('8').isChecked()).toBe(true), soon);
    expect(await radio('16').isVisible()).toBe(false);
    server.say({ ...episodeOf({ ...settings, rendererSteps: 1 }), serial: 6, stepCounts: [1] });
    await vi.waitFor(async () => expect(await page.locator('#renderer-steps label:visible').count()).toBe(2), soon);
  });

  it('have keys, which stay out of the way of typing', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    for (const key of ['4', '.', 'n']) await page.keyboard.press(key);
    await vi.waitFor(
      () => expect(server.heard('configure').map(({ settings }) => settings)).toEqual([{ rendererSteps: 4 }]),
      soon,
    );
    await vi.waitFor(
      () => expect(server.heard('transport').map(({ command }) => command)).toEqual(['pause', 'step', 'next']),
      soon,
    );
    await vi.waitFor(async () => expect(await page.getByRole('radio', { name: '4' }).isChecked()).toBe(true), soon);
    const seed = page.getByRole('spinbutton', { name: 'Task seed' });
    await seed.fill('');
    await page.keyboard.type('128');
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ seed: 128 }), soon);
    expect(server.heard('configure')).toHaveLength(2);
    // What is no seed is said to be none, and what was not chosen does not stay.
    await page.evaluate(() => {
      document.querySelector('#seed')?.addEventListener('invalid', () => document.body.classList.add('told'));
    });
    await seed.fill('1.5');
    await page.keyboard.press('Enter');
    await page.locator('body.told').waitFor();
    await seed.fill('77');
    await seed.press('Tab');
    expect(await seed.inputValue()).toBe('77');
    await page.getByRole('button', { name: 'Go', exact: true }).press('Tab');
    expect(await seed.inputValue()).toBe('128');
    expect(server.heard('configure')).toHaveLength(2);
  });

  it('keep their keys after a slider, a checkbox or a choice was used, all but those that this uses itself', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    const slider = page.getByRole('slider', { name: 'Moment of the session' });
    await slider.press('ArrowLeft');
    await page.getByTestId('timeline-where').filter({ hasText: 'back' }).waitFor();
    expect(await slider.inputValue()).toBe(String(SOME - 2));
    await page.keyboard.press('l');
    await page.getByTestId('timeline-where').filter({ hasText: 'Live' }).waitFor();
    const loop = page.getByRole('checkbox', { name: 'Loop this task' });
    await loop.press('Space');
    expect(await loop.isChecked()).toBe(true);
    await loop.press('ArrowLeft');
    await page.getByTestId('timeline-where').filter({ hasText: 'back' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('radio', { name: '60' }).press('.');
    await slider.press('Space');
    await vi.waitFor(
      () => expect(server.heard('transport').map(({ command }) => command)).toEqual(['next', 'pause', 'step', 'play']),
      soon,
    );
  });

  it('have keys that do what they do once while they are held, but for steps, and can be switched off', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    for (const key of ['n', 'n', 'n', '.', '.', '.']) await page.keyboard.down(key); // all but the first come of holding it
    const commands = ['next', 'pause', 'step', 'step', 'step'];
    const sent = () =>
      vi.waitFor(() => expect(server.heard('transport').map(({ command }) => command)).toEqual(commands), soon);
    await sent();
    for (const key of ['n', '.']) await page.keyboard.up(key);
    const keys = page.getByRole('checkbox', { name: 'Keys' });
    await keys.uncheck();
    server.standAt(3 * SOME);
    await page.reload();
    const play = page.getByRole('button', { name: 'Play', exact: true });
    await play.and(page.locator(':enabled')).waitFor();
    expect(await keys.isChecked()).toBe(false);
    for (const key of ['n', 't', 'g', '4', 'Space']) await page.keyboard.press(key);
    expect(await page.getByText('You carry').isVisible()).toBe(false);
    await play.click();
    await drawn(page, 'truth-frames');
    await page.keyboard.press('ArrowLeft');
    await page.getByTestId('timeline-where').filter({ hasText: 'back' }).waitFor();
    await keys.check();
    await page.keyboard.press('n');
    commands.push('play', 'next');
    await sent();
    expect([...server.heard('configure'), ...server.heard('drive')]).toEqual([]);
  });

  it('take their first settings from the address', async () => {
    const { page } = await open({ query: '?world=two-room&seed=9&steps=2' });
    await vi.waitFor(
      () => expect(server.heard('configure').at(0)?.settings).toEqual({ world: 'two-room', seed: 9, rendererSteps: 2 }),
      soon,
    );
    await vi.waitFor(async () => {
      expect(await page.getByRole('combobox', { name: 'World' }).inputValue()).toBe('two-room');
      expect(await page.getByRole('radio', { name: '2' }).isChecked()).toBe(true);
    }, soon);
  });

  it('leave the steps to the budget, until a person chooses again', async () => {
    server.go();
    const { page } = await open({ query: '?fps=60' });
    server.renderMs = 100;
    await page.locator('#renderer-steps').getByText('8', { exact: true }).click();
    await vi.waitFor(() => expect(server.heard('configure')).toHaveLength(1), soon);
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Next task', exact: true }).click();
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ rendererSteps: 1 }), soon);
    await page.locator('#auto-steps').getByText('Auto · 1').waitFor();
    await vi.waitFor(() => expect(new URL(page.url()).searchParams.get('auto')).toBe('on'), soon);
    await page.getByTestId('budget-verdict').getByText('even with one').waitFor();
    await page.getByRole('radio', { name: '60' }).press('ArrowLeft');
    await vi.waitFor(() => expect(new URL(page.url()).searchParams.has('fps')).toBe(false), soon);
    await page.keyboard.press('4');
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ rendererSteps: 4 }), soon);
    await vi.waitFor(() => expect(new URL(page.url()).searchParams.has('auto')).toBe(false), soon);
  });

  it('say so when the address asks for a world that there is not', async () => {
    const { page } = await open({ query: '?world=atlantis' });
    await page.getByRole('alert').getByText('atlantis').waitFor();
    expect(server.heard('configure')).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
  });
});
