import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleCandidates } from '../../server/agent/candidateSample.ts';
import { candidatePaths } from '../../server/live/candidatePaths.ts';
import { WorldError } from '../../shared/errors.ts';
import { fakeWorld } from './fakeWorld.ts';

/** Every action of candidate `i` is `i`. */
function iteration(candidates: number, elites: readonly number[], horizon = 2) {
  const actions = Float32Array.from({ length: candidates * horizon }, (_, i) => Math.floor(i / horizon));
  return { index: 0, actions, costs: new Float32Array(candidates), elites };
}

function pathsFrom(x: number, rows: readonly (readonly number[])[], options = {}, shape = 'dot') {
  const definition = fakeWorld(options);
  const [world, copy] = [definition.create(), definition.create()];
  world.place({ x });
  const horizon = rows[0]?.length ?? 0;
  const sample = { count: rows.length, elites: 0, actions: Float32Array.from(rows.flat()) };
  const paths = candidatePaths({ copy, from: world.snapshot(), sample, horizon, shape });
  return { xs: Array.from(paths).filter((_, i) => i % 2 === 0), world };
}

test('a sample holds the best elites first, then others from all over the iteration', () => {
  const { count, elites, actions } = sampleCandidates(iteration(10, [7, 3, 5]), 4);
  expect({ count, elites, actions: [...actions] }).toEqual({ count: 4, elites: 2, actions: [7, 7, 3, 3, 0, 0, 4, 4] });
});

test('a sample is never larger than its limit and never holds a candidate twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (all, limit, some) => {
      const elites = Array.from({ length: (some % all) + 1 }, (_, i) => all - 1 - i);
      const { count, elites: best, actions } = sampleCandidates(iteration(all, elites, 1), limit);
      expect(count).toBeLessThanOrEqual(limit);
      expect(new Set(actions).size).toBe(count);
      expect([...actions.subarray(0, best)]).toEqual(elites.slice(0, best));
    }),
  );
});

test('a sample outlives the iteration, whose arrays the solver writes over', () => {
  const one = iteration(4, [1]);
  const { actions } = sampleCandidates(one, 2);
  one.actions.fill(-1);
  expect([...actions]).toEqual([1, 1, 0, 0]);
});

test('paths begin where the world is and go where each candidate leads', () => {
  const { xs, world } = pathsFrom(3, [
    [1, 1],
    [-1, 0.5],
  ]);
  expect(xs).toEqual([3, 4, 5, 3, 2, 2.5]);
  expect(world.state()).toEqual({ x: 3 });
});

test('an action outside the space counts as its nearest inside, as it does when it is taken', () => {
  expect(pathsFrom(0, [[9, -9]]).xs).toEqual([0, 1, 0]);
});

test('a path stays where its episode ended', () => {
  expect(pathsFrom(0, [[1, 1, 1]], { budget: 2 }).xs).toEqual([0, 1, 2, 2]);
});

test('a shape that is not in the scene is named, with those that are', () => {
  expect(() => pathsFrom(0, [[1]], {}, 'cube')).toThrow(WorldError);
  expect(() => pathsFrom(0, [[1]], {}, 'cube')).toThrow("no shape 'cube'; follow one of wall, dot");
});
