/**
 * A world whose scene cannot be drawn in full: what is wrong with each shape, and in a real browser a page that leaves
 * it out, says so once, and goes on.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Episode } from '../../server/live/episode.ts';
import type { Shape } from '../../shared/scene.ts';
import { isLost, whyUndrawable } from '../../shared/undrawable.ts';
import { fakeWorld } from '../server/fakeWorld.ts';
import type { FakeServer } from './fakeServer.ts';
import { type Opened, PATIENCE_MS, standsAt } from './openPage.ts';
import { pageUnderTest } from './pageUnderTest.ts';
import { BUDGET, episodeOf, sceneAt } from './syntheticWorld.ts';

const base = { name: 'wall', color: '#808080', fixed: true, pose: { x: 1, y: 2, angle: 3 } } as const;
const polygon = (...vertices: { x: number; y: number }[]): Shape => ({ ...base, kind: 'polygon', vertices });
const circle = (radius: number): Shape => ({ ...base, kind: 'circle', radius });
const line = [0, 1, 2].map((at) => ({ x: 1e6 + at / 3, y: at / 7 }));

describe('a shape', () => {
  it.each([
    ['no vertices', polygon(), /has 0 vertices/],
    ['one vertex', polygon({ x: 0, y: 0 }), /has 1 vertex$/],
    ['its vertices on a line', polygon(...line), /enclose no area/],
    ['the same vertex three times', polygon(...Array(3).fill({ x: 5, y: 5 })), /enclose no area/],
    ['no radius', circle(0), /has the radius 0/],
    ['a radius below 0', circle(-1), /has the radius -1/],
    ['a radius that is no number', circle(Number.NaN), /has the numbers 1, 2, 3, NaN/],
    ['a pose that is nowhere', { ...circle(1), pose: { x: Infinity, y: 0, angle: 0 } }, /has the numbers Infinity/],
  ])('with %s cannot be drawn, and why is said', (_, shape, why) => {
    expect(whyUndrawable(shape)?.seen).toMatch(why);
  });

  it('of any triangle that has an area, or any circle, can be drawn', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 500 }), (x, y, size) => {
        expect(whyUndrawable(polygon({ x, y }, { x: x + size, y }, { x, y: y + size }))).toBeUndefined();
        expect(whyUndrawable(circle(size / 100))).toBeUndefined();
      }),
    );
    expect(sceneAt(3, 1).map(whyUndrawable)).toEqual(sceneAt(3, 1).map(() => undefined));
  });

  it('that is lost in numbers ends an episode before it begins, since no message could tell of it', () => {
    const world = fakeWorld();
    const lost = { ...circle(1), name: 'ghost', pose: { x: Number.NaN, y: 0, angle: 0 } };
    expect(isLost(lost)).toBe(true);
    const create = () => ({ ...world.create(), scene: () => [lost] });
    expect(() => new Episode({ ...world, create }, 1)).toThrow(/'line' has 'ghost' nowhere/);
  });
});

describe('the page', { timeout: 2 * PATIENCE_MS }, () => {
  let server: FakeServer;
  let opened: Opened;

  pageUnderTest(async (parts) => {
    ({ server } = parts);
    server.standAt(3);
    opened = await parts.open();
    await standsAt(opened.page, 3);
  });

  it('leaves it out, says so once, and shows all else', async () => {
    const { page, errors } = opened;
    const episode = episodeOf({ world: 'push-t', seed: 1, rendererSteps: 1 });
    const bent = [...episode.scene.slice(0, 3), polygon(), ...episode.scene.slice(4)];
    const goal = [
      ...episode.goal.slice(0, 4),
      { ...polygon(...line), name: 'tee', fixed: false },
      ...episode.goal.slice(5),
    ];
    const message = { ...episode, scene: bent.map(plain), goal: goal.map(plain) };
    server.say({ ...message, serial: 2 });
    const banner = page.getByTestId('banner');
    await banner
      .filter({ hasText: /Part of the world cannot be drawn.*“wall” has 0 vertices.*“tee” has vertices/s })
      .waitFor();
    server.standAt(BUDGET - 1);
    await standsAt(page, BUDGET - 1);
    await page.screenshot({ path: 'test/screenshots/undrawn-shapes.png' });
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    server.say({ ...message, serial: 3 });
    await page.getByTestId('timeline-where').filter({ hasText: 'task 2' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByTestId('status').filter({ hasText: 'Paused' }).waitFor();
    expect(await banner.isVisible()).toBe(false);
    expect(errors).toEqual([]);
  });
});

/** The shape as a message has it. */
function plain(shape: Shape) {
  return shape.kind === 'circle' ? { ...shape } : { ...shape, vertices: [...shape.vertices] };
}
