/** Proposals twice as long: the second half of each is what the agent would do where its first half ends. */
import { expect, test } from 'vitest';
import { furtherProposals } from '../../models/latent/furtherProposals.ts';
import { box, pointMass, SCALE } from '../planning/pointMass.ts';

const goal = Float32Array.from([1, 1]);
const latent = Float32Array.from([0.5, 0]);

/** Proposes two steps, along and back, three ways: which says from where and to what. */
const dynamics = {
  ...pointMass(),
  space: box,
  propose: async (from: Float32Array, to: Float32Array) =>
    [1, 2, 3].map((way) => Float32Array.from([from[0] as number, way, to[0] as number, -way])),
};

test('go on from where the first part leads, two ways each', async () => {
  const proposals = [Float32Array.from([1, 0, 1, 0]), Float32Array.from([-1, 0, 0, 1])];
  const longer = await furtherProposals(dynamics, { latent, goal, proposals });
  const ends = [0.5 + 2 * SCALE, 0.5 - SCALE];
  expect(longer.map((way) => [...way])).toEqual(
    proposals.flatMap((proposal, i) =>
      [1, 2].map((way) => [...proposal, ...Float32Array.from([ends[i] as number, way, 1, -way])]),
    ),
  );
});

test('are none where nothing is proposed', async () => {
  expect(await furtherProposals(dynamics, { latent, goal, proposals: [] })).toEqual([]);
});
