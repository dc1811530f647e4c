/** What two frames without error hold: poses, and how each changed since the frame before. */
import { expect, test } from 'vitest';
import type { Episode } from '../../server/data/episodes.ts';
import { fitLinear, judge } from '../../server/evaluation/linearProbe.ts';
import { exactSet } from '../../server/evaluation/velocityCeiling.ts';
import { Random } from '../../shared/random.ts';
import type { WorldSpec } from '../../shared/world.ts';

const spec = {
  quantities: {
    x: { unit: 'units', kind: 'position' },
    turn: { unit: 'rad', kind: 'angle' },
    spin: { unit: 'rad/step', kind: 'velocity' },
    mass: { unit: 'kg', kind: 'other' },
  },
} as unknown as WorldSpec;

function episode(states: readonly (readonly number[])[]): Episode {
  const steps = states.length - 1;
  const frames = new Uint8Array();
  return { seed: 0, steps, frames, states: Float64Array.from(states.flat()), actions: new Float32Array(steps) };
}

test('an angle turns the short way around, and nothing moved before the first frame of an episode', () => {
  const first = episode([
    [1, 3.1, 9, 5],
    [4, -3.1, 9, 5],
  ]);
  const second = episode([[7, 0, 9, 5]]);
  const { latents, states } = exactSet(spec, [first, second]);
  const expected = [
    [1, 0, Math.sin(3.1), Math.cos(3.1), 0],
    [4, 3, Math.sin(-3.1), Math.cos(-3.1), 2 * Math.PI - 6.2],
    [7, 0, 0, 1, 0],
  ];
  expect(latents).toHaveLength(3);
  latents.forEach((latent, row) => {
    expect(latent).toHaveLength(5); // neither velocities nor masses are seen
    latent.forEach((value, i) => void expect(value).toBeCloseTo(expected[row]?.[i] as number, 5));
  });
  expect([...states]).toEqual([1, 3.1, 9, 5, 4, -3.1, 9, 5, 7, 0, 9, 5]);
});

test('a velocity that stays is read whole, and one that jumps within the step is not', () => {
  const random = new Random(4);
  const draw = (jumps: boolean): Episode => {
    let [turn, spin] = [0, random.normal()];
    const states = Array.from({ length: 40 }, () => {
      turn += spin;
      if (jumps) spin = random.normal();
      return [0, Math.atan2(Math.sin(turn), Math.cos(turn)), spin, 1];
    });
    return episode(states);
  };
  const spinOf = (jumps: boolean): number => {
    const [fitted, judged] = [0, 1].map(() =>
      exactSet(
        spec,
        Array.from({ length: 20 }, () => draw(jumps)),
      ),
    ) as [ReturnType<typeof exactSet>, ReturnType<typeof exactSet>];
    return judge(fitLinear(spec, fitted), spec, judged).spin as number;
  };
  expect(spinOf(false)).toBeGreaterThan(0.9); // but for the first frames
  expect(Math.abs(spinOf(true))).toBeLessThan(0.1);
});
