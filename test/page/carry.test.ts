/**
 * The goal, or a body, in a person's hand: what the hand holds and where it goes, and in a real browser the two dragged,
 * turned, carried by keys and put back.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { arenaPoint, carriedPoses, graspAt, heldPose } from '../../client/grasp.ts';
import { turned } from '../../client/twist.ts';
import type { FakeServer } from './fakeServer.ts';
import { PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { BUDGET, episodeOf, sceneAt } from './syntheticWorld.ts';

const settings = { world: 'push-t', seed: 1, rendererSteps: 1 } as const;
const TEE = 4;
const { goal, arena, grips } = episodeOf(settings);
const from = goal[TEE]?.pose ?? expect.fail('the goal has no T');

describe('a grasp', () => {
  const asked = grips.filter((grip) => grip.asked);

  it('finds the shape under a pointer, also where the arena is not square', () => {
    const view = { left: 10, top: 20, width: 200 };
    expect(arenaPoint(view, arena, { clientX: 110, clientY: 20 })).toEqual({ x: 50, y: 0 });
    expect(arenaPoint(view, { width: 50, height: 100 }, { clientX: 10, clientY: 120 })).toEqual({ x: -25, y: 50 });
    expect(graspAt(goal, asked, arena, from)).toMatchObject({ shape: TEE, from });
    expect(graspAt(goal, asked, arena, { x: from.x + 45, y: from.y + 45 })).toBeUndefined();
    expect(graspAt(goal, [], arena, from)).toBeUndefined();
  });

  it('turns about the hand, and moves along the axes that there are', () => {
    const grasp = { shape: 0, grip: { shapes: [0, 1], x: true, y: true, turns: true, asked: true }, from, at: from };
    const held = heldPose({ ...grasp, at: { x: from.x + 10, y: from.y } }, { x: 50, y: 60 }, Math.PI);
    expect(held.x).toBeCloseTo(60, 9);
    expect(held.y).toBeCloseTo(60, 9);
    const rail = { ...grasp, grip: { ...grasp.grip, y: false, turns: false } };
    expect(heldPose(rail, { x: 50, y: 60 }, 1)).toEqual({ x: 50, y: from.y, angle: from.angle });
  });

  it('carries shapes that move as one without bending them', () => {
    const [shape, other] = [goal[TEE], goal[TEE + 1]];
    if (shape === undefined || other === undefined) return expect.fail('the goal is incomplete');
    const grip = { shapes: [0, 1], x: true, y: true, turns: true, asked: true };
    const poses = carriedPoses(
      [shape, other],
      { shape: 0, grip, from, at: from },
      { x: 7, y: 8, angle: from.angle + 1 },
    );
    const [a, b] = [poses.get(0), poses.get(1)];
    expect(a).toMatchObject({ x: 7, y: 8 });
    const apart = (p = from, q = from) => Math.hypot(p.x - q.x, p.y - q.y);
    expect(apart(a, b)).toBeCloseTo(apart(shape.pose, other.pose), 9);
    expect(b?.angle).toBe(other.pose.angle + 1);
  });
});

describe('a twist', () => {
  it('goes the short way round, also past straight left', () => {
    const cases = [
      [0, 1],
      [1, 0],
      [3, -3],
      [-3, 3],
      [Math.PI, -Math.PI],
    ] as const;
    const by = cases.map(([before, after]) => turned(before, after));
    expect(by.map((each) => Number(each.toFixed(6)))).toEqual([1, -1, 0.283185, -0.283185, 0]);
  });
});

describe('the goal on the stage', { timeout: 2 * PATIENCE_MS }, () => {
  let server: FakeServer;
  let page: Page;

  pageUnderTest(async (parts) => {
    ({ server } = parts);
    server.standAt(3);
    ({ page } = await parts.open());
    await standsAt(page, 3);
  });

  const asked = (count: number) =>
    vi.waitFor(() => expect(server.heard('arrange')).toHaveLength(count), { timeout: PATIENCE_MS });

  it('is dragged and turned, set where it is let go, and put back where it cannot be', async () => {
    const box = (await page.locator('#view-physics').boundingBox()) ?? expect.fail('the physics has no place');
    const at = (x: number, y: number) => [box.x + (x / 100) * box.width, box.y + (y / 100) * box.height] as const;
    await page.mouse.move(...at(from.x, from.y));
    await page.mouse.down();
    await page.mouse.move(...at(70, 30));
    await page.mouse.wheel(0, 300);
    await page.getByText('You carry the goal').waitFor();
    await page.screenshot({ path: 'test/screenshots/goal-carried.png' });
    await page.mouse.up();
    await asked(1);
    const pose = server.heard('arrange')[0]?.pose;
    expect(server.heard('arrange')[0]?.shape).toBe(TEE);
    expect(pose?.x).toBeCloseTo(70, 0);
    expect(pose?.y).toBeCloseTo(30, 0);
    expect(pose?.angle).toBeCloseTo(from.angle + Math.PI / 4, 1);
    await page.getByText('You carry the goal').waitFor({ state: 'hidden' });
    await page.getByText('Step 0 of', { exact: false }).waitFor(); // the task to the goal that was moved has begun
    await page.mouse.down();
    await page.mouse.move(box.x - 60, box.y + 40);
    await page.mouse.up();
    await page.getByText('The goal cannot be there').waitFor();
    await asked(2);
  });

  it('is left alone by a hand that takes hold of a body instead', async () => {
    const disc = sceneAt(3, settings.seed)[TEE + 1]?.pose ?? expect.fail('there is no disc');
    const carried = page.getByText('You carry the agent');
    // The page may still be finding its layout: the hand reaches again where it missed.
    const grasp = async () => {
      const box = (await page.locator('#view-physics').boundingBox()) ?? expect.fail('the physics has no place');
      const at = (x: number, y: number) => [box.x + (x / 100) * box.width, box.y + (y / 100) * box.height] as const;
      await page.mouse.up();
      await page.mouse.move(...at(disc.x, disc.y));
      await page.mouse.down();
      await page.mouse.move(...at(30, 85));
      await carried.waitFor({ timeout: 2000 });
    };
    await vi.waitFor(grasp, { timeout: PATIENCE_MS });
    await page.screenshot({ path: 'test/screenshots/body-carried.png' });
    await page.mouse.up();
    await asked(1);
    await carried.waitFor({ state: 'hidden' });
    await page.getByText('Step 0 of', { exact: false }).waitFor(); // the task that begins there lets go of everything
    for (const key of ['b', 'b', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await asked(2);
    expect(server.heard('arrange').map(({ what, shape }) => [what, shape])).toEqual([
      ['body', TEE + 1],
      ['body', TEE + 1],
    ]);
    expect(server.heard('arrange')[0]?.pose.x).toBeCloseTo(30, 0);
  });

  it('is carried by keys alone, and Esc puts it back without asking', async () => {
    await page.getByRole('button', { name: 'Move the goal' }).click();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'e']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await page.getByText('You carry the goal').waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    for (const key of ['ArrowRight', 'ArrowUp', 'q', 'Enter']) await page.keyboard.press(key);
    await asked(1);
    const pose = server.heard('arrange')[0]?.pose ?? expect.fail('nothing was asked');
    expect([pose.x - from.x, pose.y - from.y, pose.angle - from.angle].map((value) => value.toFixed(3))).toEqual([
      '2.500',
      '-2.500',
      (-Math.PI / 12).toFixed(3),
    ]);
    expect(sceneAt(BUDGET, settings.seed)[TEE]?.pose).toEqual(from);
  });

  it('is carried by keys also while a choice has the focus, which has its arrows again when the goal is put back', async () => {
    const carried = page.getByText('You carry the goal');
    const sixty = page.getByRole('radio', { name: '60' });
    await page.getByRole('radio', { name: '30' }).press('g');
    await carried.waitFor();
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await asked(1);
    const pose = server.heard('arrange')[0]?.pose ?? expect.fail('nothing was asked');
    expect(pose.x - from.x).toBeCloseTo(5, 3);
    expect(await sixty.isChecked()).toBe(false);
    await page.getByText('Step 0 of', { exact: false }).waitFor(); // the task to the goal that was moved has begun
    await page.keyboard.press('g');
    await carried.waitFor();
    await page.keyboard.press('Escape');
    await carried.waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowRight');
    expect(await sixty.isChecked()).toBe(true);
    await asked(1);
  });
});
