/**
 * The page under a finger, at phone width in a real browser: driving by the pad and by a drag, a body and the goal
 * carried and turned, and the page still scrolled by a finger anywhere else.
 */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import type { FakeServer } from './fakeServer.ts';
import { type Finger, fingersOn } from './finger.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { episodeOf, sceneAt } from './syntheticWorld.ts';

const STEP = 3;
const SETTINGS = { world: 'push-t', seed: 1, rendererSteps: 1 } as const;
const [TEE, DISC] = [4, 5];
/** Pixels from one finger to the other, along each axis. */
const AWAY = 80;
const rest = { x: 0, y: 0 };

let server: FakeServer;
let page: Page;
let finger: Finger;
let second: Finger;

const said = () => server.heard('drive').map(({ direction }) => direction);
const saying = (...directions: ReturnType<typeof said>) =>
  vi.waitFor(() => expect(said()).toEqual(directions), { timeout: PATIENCE_MS });

/** A place on an element of the page, by shares of its width and height, once it is in view. */
async function placeOn(target: Locator, x: number, y: number): Promise<readonly [number, number]> {
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox()) ?? expect.fail('the element has no place on the page');
  return [box.x + x * box.width, box.y + y * box.height];
}

describe('a finger', { timeout: 2 * PATIENCE_MS }, () => {
  pageUnderTest(async (parts) => {
    ({ server } = parts);
    server.standAt(STEP);
    ({ page } = await parts.open({ viewport: { width: 390, height: 800 }, hasTouch: true }));
    await standsAt(page, STEP);
    [finger, second] = await fingersOn(page);
  });

  it('drives by the pad, which is at hand wherever the page has been scrolled to', async () => {
    await page.getByRole('button', { name: 'Take the controls' }).tap();
    const pad = page.getByTestId('drive-pad');
    await pad.waitFor();
    await page.locator('#view-physics').scrollIntoViewIfNeeded();
    const [x, y] = await placeOn(pad.getByRole('button', { name: 'right' }), 0.5, 0.5);
    expect(y).toBeLessThan(800);
    await finger.down(x, y);
    await saying(rest, { x: 1, y: 0 });
    await page.screenshot({ path: 'test/screenshots/touch-pad.png' });
    await finger.up();
    await saying(rest, { x: 1, y: 0 }, rest);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const [foot, top] = await Promise.all([page.locator('footer').boundingBox(), pad.boundingBox()]);
    if (foot === null || top === null) return expect.fail('the footer or the pad has no place on the page');
    expect(foot.y + foot.height).toBeLessThanOrEqual(top.y);
    await page.getByRole('button', { name: 'Show me around' }).tap();
    const card = (await page.getByTestId('tour').boundingBox()) ?? expect.fail('the tour has no place on the page');
    expect(card.y + card.height).toBeLessThanOrEqual(top.y);
  });

  it.each(['truth', 'dream'] as const)(
    'drives the %s by a drag over it, and the page stays where it is',
    async (world) => {
      await page.getByRole('button', { name: world === 'truth' ? 'Take the controls' : 'Drive the dream' }).tap();
      await page.getByTestId('drive-pad').waitFor();
      const view = page.locator(world === 'truth' ? '#view-physics' : '#view-dream');
      const [x, y] = await placeOn(view, 0.5, 0.5);
      const scrolled = await page.evaluate(() => scrollY);
      await finger.down(x, y);
      await finger.move(x, y - 200);
      await vi.waitFor(() => expect(said().at(-1)).toEqual({ x: 0, y: -1 }), { timeout: PATIENCE_MS });
      await finger.up();
      await vi.waitFor(() => expect(said().at(-1)).toEqual(rest), { timeout: PATIENCE_MS });
      expect(server.heard('drive').every((message) => message.world === world)).toBe(true);
      expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    },
  );

  it.each([
    { what: 'body', shape: DISC, from: sceneAt(STEP, SETTINGS.seed)[DISC]?.pose },
    { what: 'goal', shape: TEE, from: episodeOf(SETTINGS).goal[TEE]?.pose },
  ] as const)('carries the $what, which is set where it is lifted', async ({ what, shape, from = rest }) => {
    const view = page.locator('#view-physics');
    await finger.down(...(await placeOn(view, from.x / 100, from.y / 100)));
    await finger.move(...(await placeOn(view, 0.3, 0.85)));
    await page.getByText(`You carry the ${what === 'goal' ? 'goal' : 'agent'}`).waitFor();
    await finger.up();
    await vi.waitFor(() => expect(server.heard('arrange')).toMatchObject([{ what, shape }]), { timeout: PATIENCE_MS });
    const pose = server.heard('arrange')[0]?.pose;
    expect(pose?.x).toBeCloseTo(30, 0);
    expect(pose?.y).toBeCloseTo(85, 0);
  });

  it.each([
    { what: 'body', from: sceneAt(STEP, SETTINGS.seed)[TEE]?.pose },
    { what: 'goal', from: episodeOf(SETTINGS).goal[TEE]?.pose },
  ] as const)('turns the $what that another carries, wherever on the page it is', async ({ what, from }) => {
    if (from === undefined) return expect.fail(`the ${what} has no T`);
    const view = page.locator('#view-physics');
    const [x, y] = await placeOn(view, from.x / 100, from.y / 100);
    const scrolled = await page.evaluate(() => scrollY);
    await finger.down(x, y);
    const hint = await page.getByText('turn it with a second finger').boundingBox();
    expect(hint?.y).toBeLessThan(800);
    const [toX, toY] = await placeOn(view, 0.5, 0.5);
    await finger.move(toX, toY);
    // A quarter clockwise below the view, in two goes, and an eighth back.
    await second.down(toX + AWAY, toY + AWAY);
    await second.move(toX - AWAY, toY + AWAY);
    await page.screenshot({ path: `test/screenshots/touch-turned-${what}.png` });
    await second.up();
    await second.down(toX, toY + AWAY);
    await second.move(toX + AWAY, toY + AWAY);
    await second.up();
    expect(server.heard('arrange')).toEqual([]);
    await finger.up();
    await vi.waitFor(() => expect(server.heard('arrange')).toMatchObject([{ what, shape: TEE }]), {
      timeout: PATIENCE_MS,
    });
    const pose = server.heard('arrange')[0]?.pose ?? from;
    expect(pose.angle).toBeCloseTo(from.angle + Math.PI / 4, 1);
    expect([pose.x, pose.y].map(Math.round)).toEqual([50, 50]);
    expect(await page.evaluate(() => [scrollY, visualViewport?.scale])).toEqual([scrolled, 1]);
  });

  it('scrolls the page from where there is nothing to hold', async () => {
    const view = page.locator('#view-physics');
    const [x, y] = await placeOn(view, 0.06, 0.94);
    const scrolled = await page.evaluate(() => scrollY);
    await finger.down(x, y);
    await finger.move(x, y - 250);
    await finger.up();
    await vi.waitFor(async () => expect(await page.evaluate(() => scrollY)).toBeGreaterThan(scrolled), {
      timeout: PATIENCE_MS,
    });
    expect(server.heard('arrange')).toEqual([]);
  });
});
