/**
 * From a direction to an action: by the usual map, and by a world's own.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import { controlLabels, drivenAction, isDrivable } from '../../server/live/drivenAction.ts';
import { DrivenDream } from '../../server/live/drivenDream.ts';
import { Episode } from '../../server/live/episode.ts';
import { DIRECTIONS } from '../../shared/controls.ts';
import { contains } from '../../shared/space.ts';
import { fakeAgent } from './fakeAgent.ts';

const share = fc.double({ min: -1, max: 1, noNaN: true });
const box = fc.record({ low: fc.integer({ min: -50, max: 50 }), size: fc.integer({ min: 1, max: 50 }) });
const boxes = fc.array(box, { minLength: 1, maxLength: 4 }).map((axes) => {
  const low = axes.map((each) => each.low);
  return { kind: 'box' as const, low, high: axes.map((each) => each.low + each.size) };
});

describe('the usual map', () => {
  test('makes any direction an action of any box: its ends are the bounds, and rest is the middle', () => {
    fc.assert(
      fc.property(boxes, share, share, (action, x, y) => {
        const { low, high } = action;
        expect(contains(action, drivenAction({ action }, { x, y }))).toBe(true);
        expect(drivenAction({ action }, { x: 0, y: 0 })).toEqual(low.map((each, i) => (each + (high[i] ?? 0)) / 2));
        expect(drivenAction({ action }, { x: 1, y: -1 }).slice(0, 2)).toEqual([high[0], low[1]].slice(0, low.length));
      }),
    );
  });

  test('drives one number by left and right, and numbered choices not at all', () => {
    expect(controlLabels({ action: { kind: 'box', low: [0], high: [1] } })).toEqual({ left: 'left', right: 'right' });
    const choices = { action: { kind: 'discrete', count: 3 } } as const;
    expect([isDrivable(choices), controlLabels(choices)]).toEqual([false, undefined]);
    expect(drivenAction(choices, { x: 1, y: 1 })).toEqual([0]);
  });
});

describe('a map of the world’s own', () => {
  test('drives the lander as its keys say: up is the engine, sideways turns, and nothing pressed is off', async () => {
    const { spec } = await loadWorld('lander');
    expect(drivenAction(spec, { x: 0, y: 0 })).toEqual([-1, 0]);
    expect(drivenAction(spec, { x: 0, y: -1 })).toEqual([1, 0]);
    expect(drivenAction(spec, { x: 0, y: -0.5 })).toEqual([0, 0]);
    expect(drivenAction(spec, { x: -1, y: 0 })).toEqual([-1, -1]);
    expect(drivenAction(spec, { x: 1, y: -1 })).toEqual([1, 1]);
    expect(drivenAction(spec, { x: 0, y: 1 })).toEqual([-1, 0]);
    expect(controlLabels(spec)).toEqual({ rest: 'engine off', up: 'engine', left: 'turn left', right: 'turn right' });
  });

  test('drives the dream of the lander as it drives the lander', async () => {
    const lander = await loadWorld('lander');
    const imagined: number[][] = [];
    const agent = fakeAgent('lander', {
      imagine: async (_, actions) => {
        imagined.push([...actions]);
        return { rows: 1, columns: 2, data: new Float32Array(2) };
      },
    });
    const episode = new Episode(lander, 3);
    const dream = new DrivenDream(agent, episode, { world: 'lander', seed: 3, rendererSteps: 1 });
    for (const direction of [rest, { x: 0, y: -1 }, { x: -1, y: -1 }]) await dream.step(direction);
    expect(imagined).toEqual([
      [-1, 0],
      [1, 0],
      [1, -1],
    ]);
  });

  test('never leaves the space, whatever its directions are', () => {
    const mapped = boxes.chain((action) => {
      const taken = fc.tuple(...action.low.map((low, i) => fc.integer({ min: low, max: action.high[i] as number })));
      const controls = fc.record({
        rest: fc.record({ action: taken }),
        ...Object.fromEntries(DIRECTIONS.map((name) => [name, fc.record({ label: fc.constant(name), action: taken })])),
      });
      return fc.record({ action: fc.constant(action), controls });
    });
    fc.assert(
      fc.property(mapped, share, share, (spec, x, y) => {
        expect(contains(spec.action, drivenAction(spec, { x, y }))).toBe(true);
        expect(drivenAction(spec, { x: 0, y: 0 })).toEqual(spec.controls.rest.action);
      }),
    );
  });

  test('lets numbered choices be driven: the direction that is pressed most has its choice', () => {
    const spec = {
      action: { kind: 'discrete', count: 3 },
      controls: {
        rest: { action: [0] },
        left: { label: 'push left', action: [1] },
        right: { label: 'push right', action: [2] },
      },
    } as const;
    expect(isDrivable(spec)).toBe(true);
    const asked = [rest, { x: -1, y: 0 }, { x: 0.7, y: 0.9 }, { x: 0.3, y: 0 }, { x: 0, y: -1 }];
    expect(asked.map((direction) => drivenAction(spec, direction))).toEqual([[0], [1], [2], [0], [0]]);
  });

  test('is an action of the space in every world that comes with Reverie', async () => {
    for (const id of worldIds()) {
      const { spec } = await loadWorld(id);
      for (const direction of [rest, { x: -1, y: -1 }, { x: 1, y: 1 }])
        expect(contains(spec.action, drivenAction(spec, direction)), id).toBe(true);
    }
  });
});

const rest = { x: 0, y: 0 };
