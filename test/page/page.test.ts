/**
 * The page in a real browser, against a server that says what each test wants.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, stageCount, standsAt } from './openPage.ts';
import { pageUnderTest, type UnderTest } from './pageUnderTest.ts';
import { screen } from './screen.ts';
import { BUDGET, episodeOf, HORIZON } from './syntheticWorld.ts';

let server: FakeServer;
let open: UnderTest['open'];

pageUnderTest((parts) => {
  ({ server, open } = parts);
  server.standAt(SOME);
});

const soon = { timeout: PATIENCE_MS, interval: 50 };
/** A step in the middle of the second plan. */
const STEP = HORIZON + 5;
/** Where the clock stands unless a test lets it go on, so that two cores have time for what is tested. */
const SOME = 3;

/** Waits until the page has drawn more than `count` pictures of a kind. */
async function drawn(page: Page, name: 'truth-frames' | 'dream-frames', count = 0): Promise<void> {
  await vi.waitFor(async () => expect(await stageCount(page, name)).toBeGreaterThan(count), soon);
}

/** Pauses, and sees that the page shows it. */
async function pause(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
}

describe('pictures', { timeout: 2 * PATIENCE_MS }, () => {
  it('come of both kinds, change, and leave no error on the console', async () => {
    server.go();
    const { page, errors } = await open();
    await drawn(page, 'truth-frames', 3);
    await drawn(page, 'dream-frames', 3);
    const stage = page.getByTestId('stage');
    const before = [await stage.getAttribute('data-truth-sum'), await stage.getAttribute('data-dream-sum')];
    await drawn(page, 'truth-frames', (await stageCount(page, 'truth-frames')) + 3);
    const after = [await stage.getAttribute('data-truth-sum'), await stage.getAttribute('data-dream-sum')];
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(after[0]).not.toBe(after[1]);
    expect(errors).toEqual([]);
  });

  it('show every pixel of the frames in its own colour and place', async () => {
    server.standAt(STEP);
    const { page } = await open();
    await standsAt(page, STEP);
    for (const [id, kind] of [
      ['view-seen', 'truth'],
      ['view-dream', 'dream'],
    ] as const) {
      const at = await screen(page.locator(`#${id}`));
      const frame = server.latest?.[kind] ?? new Uint8Array();
      for (let y = 3; y < FRAME_SIZE - 3; y += 6) {
        for (let x = 3; x < FRAME_SIZE - 3; x += 6) {
          const offset = (y * FRAME_SIZE + x) * 4;
          const shown = at((x + 0.5) / FRAME_SIZE, (y + 0.5) / FRAME_SIZE);
          for (const channel of [0, 1, 2])
            expect(Math.abs((shown[channel] ?? 0) - (frame[offset + channel] ?? 0))).toBeLessThanOrEqual(2);
        }
      }
    }
  });

  it('show the physics where the frame shows it', async () => {
    server.standAt(STEP);
    const { page } = await open();
    await standsAt(page, STEP);
    const physics = await screen(page.locator('#view-physics'));
    const frame = server.latest?.truth ?? new Uint8Array();
    let solid = 0;
    for (let y = 4; y < FRAME_SIZE - 4; y++) {
      for (let x = 4; x < FRAME_SIZE - 4; x++) {
        const color = [0, 1, 2].map((channel) => frame[(y * FRAME_SIZE + x) * 4 + channel] ?? 0);
        if (!['194,70,58', '59,111,182'].includes(color.join())) continue;
        solid++;
        expect(physics((x + 0.5) / FRAME_SIZE, (y + 0.5) / FRAME_SIZE)).toEqual(color);
      }
    }
    expect(solid).toBeGreaterThan(100);
  });

  it('are acknowledged when they have been drawn', async () => {
    server.go();
    const { page } = await open();
    await drawn(page, 'truth-frames', 5);
    const acks = server.heard('ack');
    expect(acks.length).toBeGreaterThan(5);
    expect(acks.map(({ seq }) => seq)).toEqual(acks.map((_, i) => i));
    expect(acks.every(({ drawMs }) => drawMs !== undefined && drawMs >= 0)).toBe(true);
  });

  it('of a whole plan make a film with the present step marked', async () => {
    server.standAt(STEP);
    const { page } = await open();
    await standsAt(page, STEP);
    const film = page.getByTestId('film').getByRole('listitem');
    expect(await film.count()).toBe(HORIZON + 1);
    expect(await page.getByTestId('progress-line').textContent()).toBe(`Step ${STEP} of ${BUDGET}`);
    expect(await page.locator('#film [aria-current="step"]').textContent()).toBe(String(STEP));
    expect(await film.last().textContent()).toBe('goal');
  });
});

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
    await page.getByRole('spinbutton', { name: 'Task seed' }).fill('');
    await page.keyboard.type('128');
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(server.heard('configure').at(-1)?.settings).toEqual({ seed: 128 }), soon);
    expect(server.heard('configure')).toHaveLength(2);
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

describe('trouble', { timeout: 2 * PATIENCE_MS }, () => {
  it('a lost connection comes back to the same session', async () => {
    server.go();
    const { page } = await open();
    await drawn(page, 'truth-frames');
    server.drop();
    await vi.waitFor(
      () => expect(server.heard('hello').map(({ resume }) => resume)).toEqual([undefined, 'resume-1']),
      soon,
    );
    await drawn(page, 'dream-frames', await stageCount(page, 'dream-frames'));
    await page.getByTestId('status').getByText('Live').waitFor();
  });

  it('a server that is gone is reported with what to do, until it is back', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    server.admit(false);
    server.drop();
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    server.admit(true);
    await page.getByTestId('status').getByText('Live').waitFor();
    expect(await page.getByRole('alert').isVisible()).toBe(false);
  });

  it('a server of another version is refused with a reason and not asked again', async () => {
    server.version = 99;
    const { page } = await open();
    await page.getByRole('alert').getByText('the server version 99').waitFor();
    await page.waitForTimeout(1000);
    expect(server.heard('hello')).toHaveLength(1);
    expect(await page.getByRole('button', { name: 'Reload' }).isVisible()).toBe(true);
  });

  it('an error of the session is shown as the server words it', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    server.say({ type: 'error', code: 'no-weights', message: 'Train an agent for push-t first.' });
    const banner = page.getByRole('alert');
    await banner.getByText('Train an agent for push-t first.').waitFor();
    await banner.getByText('This world has no trained agent yet').waitFor();
  });

  it('garbage is dropped and counted, and the pictures go on', async () => {
    server.go();
    const { page, errors } = await open();
    await drawn(page, 'truth-frames');
    for (const garbage of ['{', '{"type":"episode"}', new Uint8Array(5), new Uint8Array(64)]) server.raw(garbage);
    await page.getByTestId('garbage').getByText('4 unreadable messages').waitFor();
    await drawn(page, 'dream-frames', await stageCount(page, 'dream-frames'));
    expect(errors).toEqual([]);
  });
});

describe('layout', { timeout: 2 * PATIENCE_MS }, () => {
  it('fits windows of all widths, the figures square and of one size', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    for (const width of [1440, 820, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await vi.waitFor(async () => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        const boxes = await Promise.all((await page.locator('.view').all()).map((view) => view.boundingBox()));
        expect(boxes).toHaveLength(4);
        for (const box of boxes) {
          expect(box?.width).toBeCloseTo(boxes[0]?.width ?? 0, 0);
          expect(box?.height).toBeCloseTo(box?.width ?? 0, 0);
        }
      }, soon);
    }
  });

  it('shows where the keyboard is', async () => {
    const { page } = await open();
    await drawn(page, 'truth-frames');
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const outlined = await page.evaluate(() => {
        const focused = document.activeElement;
        if (!(focused instanceof HTMLElement) || focused === document.body) return true;
        const ringed =
          focused instanceof HTMLInputElement && focused.type === 'radio' ? focused.nextElementSibling : focused;
        return ringed !== null && getComputedStyle(ringed).outlineStyle !== 'none';
      });
      expect(outlined).toBe(true);
    }
  });
});
