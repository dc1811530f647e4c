/** What the evaluation of futures promises: true ones of one moment, distances that know what they know, blur seen as blur. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadWorld } from '../../../envs/registry.ts';
import { createReadout, type Readout } from '../../../server/bench/readout.ts';
import { compactReadout } from '../../../server/evaluation/futures/compactReadout.ts';
import { sampleCovered } from '../../../server/evaluation/futures/coveredMoments.ts';
import { scoreFutures } from '../../../server/evaluation/futures/futureScore.ts';
import { calibrationError, energyDistance, ranks, spread } from '../../../server/evaluation/futures/sampleDistance.ts';
import { sampleFutures } from '../../../server/evaluation/futures/trueFutures.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { mean } from '../../../shared/mean.ts';
import { Random } from '../../../shared/random.ts';

describe('futures of a moment', () => {
  const sample = async (seed: number) =>
    sampleFutures({
      world: (await loadWorld('two-room')).create(),
      horizon: 6,
      moments: 3,
      futuresEach: 4,
      seed,
    });

  it('are as many as asked for, different from each other, and the seed’s', async () => {
    const moments = await sample(5);
    expect(moments.map(({ futures }) => futures.length)).toEqual([4, 4, 4]);
    for (const { futures } of moments) {
      expect(new Set(futures.map(({ frame }) => Buffer.from(frame).toString('base64'))).size).toBeGreaterThan(1);
    }
    expect(await sample(5)).toEqual(moments);
    expect(await sample(6)).not.toEqual(moments);
  });

  it('begin at that very moment: the action says all the rest', async () => {
    const [moment] = await sample(5);
    const world = (await loadWorld('two-room')).create();
    const [first, ...others] = sampleFutures({ world, horizon: 6, moments: 3, futuresEach: 1, seed: 5 });
    // The first action drawn is the same, however many follow.
    expect(first?.futures[0]).toEqual(moment?.futures[0]);
    expect(others).toHaveLength(2);
  });
});

describe('what a cover hides', () => {
  const sample = async (world: string, seed: number) =>
    sampleCovered({ world: (await loadWorld(world)).create(), truthsEach: 5, seed });

  it('is all that moves: truths of one cover look alike but behind it, and differ there', async () => {
    const moments = await sample('two-room', 3);
    expect(moments).toHaveLength(4);
    for (const { seen, truths } of moments) {
      expect(truths).toHaveLength(5);
      const hidden = seen.map((byte, at) => Number(byte === [150, 110, 150][at % 3]));
      const outside = (frame: Frame) => frame.filter((_byte, at) => !hidden[at]);
      for (const truth of truths) expect(outside(truth)).toEqual(outside(seen));
      expect(new Set(truths.map((truth) => Buffer.from(truth).toString('base64'))).size).toBeGreaterThan(1);
      expect(Math.abs(hidden.reduce((sum, each) => sum + each, 0) / FRAME_BYTES - 0.5)).toBeLessThan(0.02);
    }
    expect(await sample('two-room', 3)).toEqual(moments);
  });

  it('is nothing where something is always in both halves', async () => {
    const world = (await loadWorld('two-room')).create();
    const everywhere = new Uint8Array(FRAME_BYTES).fill(1);
    world.frame = () => everywhere;
    expect(() => sampleCovered({ world, truthsEach: 1, seed: 3 })).toThrow(/never within one half/);
  });
});

describe('the distance of samples', () => {
  const cloud = (seed: number, count: number, shift = 0, scale = 1) => {
    const random = new Random(seed);
    return Array.from({ length: count }, () => [shift + scale * random.normal(), scale * random.normal()]);
  };

  it('is small for one distribution, and grows with a shift and with a missing spread', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const truth = cloud(seed, 150);
        const [same, shifted, narrow] = [cloud(seed + 1, 150), cloud(seed + 2, 150, 2), cloud(seed + 3, 150, 0, 0.1)];
        const floor = energyDistance(same, truth);
        return energyDistance(shifted, truth) > floor + 0.5 && energyDistance(narrow, truth) > floor;
      }),
      { numRuns: 10 },
    );
  });

  it('of points is their distance, but for the root of two', () => {
    const [a, b] = [
      [
        [0, 0],
        [0, 0],
      ],
      [
        [3, 4],
        [3, 4],
      ],
    ];
    expect(energyDistance(a, b)).toBeCloseTo(Math.sqrt(2 * 5), 12);
    expect(energyDistance(a, a)).toBe(0);
    expect(spread(a)).toBe(0);
  });

  it('counts the spread of a distribution alike in samples of any size', () => {
    const squares = (count: number) => mean(Array.from({ length: 400 }, (_, i) => spread(cloud(i, count)) ** 2));
    for (const count of [2, 3, 50]) expect(squares(count), String(count)).toBeCloseTo(2, 0);
  });

  it('is calibrated for samples of the truth, a quarter off for a forecast of one point', () => {
    const values = (seed: number, count: number) => [...new Random(seed).normals(count)];
    const truth = values(1, 400);
    expect(calibrationError(ranks(values(2, 400), truth))).toBeLessThan(0.05);
    expect(calibrationError(ranks([0, 0, 0], truth))).toBeCloseTo(0.25, 1);
    expect(calibrationError(ranks([9, 9], truth))).toBeCloseTo(0.5, 2);
    expect(ranks([1, 2, 2, 3], [2])).toEqual([0.5]);
  });
});

test('a blur is illegible, and a painter of one place legible but without spread', () => {
  // A frame's first three numbers say where its object is and how large; the readout is told.
  const readout: Readout = ([x = 0, y = 0, area = 0]) => [area === 0 ? undefined : { x, y, area }];
  const frame = (x: number, y: number, area: number): Frame => Uint8Array.from([x, y, area]);
  const random = new Random(3);
  const truth = Array.from({ length: 30 }, () => frame(random.integer(60), random.integer(60), 20));
  const score = (painted: readonly Frame[]) => scoreFutures([{ painted, truth }], readout);
  expect(score(truth)).toMatchObject({ legible: 1, energyPx: 0, spreadRatio: 1, judged: 1 });
  expect(score(truth.map(([x = 0, y = 0]) => frame(x, y, 90)))).toEqual({
    legible: 0,
    energyPx: null,
    spreadRatio: null,
    calibration: null,
    judged: 0,
  });
  const fixed = score(truth.map(() => frame(30, 30, 20)));
  expect(fixed).toMatchObject({ legible: 1, spreadRatio: 0 });
  expect(fixed.energyPx).toBeGreaterThan(2);
  expect(fixed.calibration).toBeGreaterThan(0.2);
  const few = scoreFutures([{ painted: truth, truth: truth.slice(0, 1) }], readout);
  expect(few, 'one truth has no spread to be compared with').toMatchObject({ spreadRatio: null, judged: 0 });
});

test('an object that is painted twice is not found', () => {
  const backdrop = new Uint8Array(FRAME_BYTES).fill(255);
  const squares = (strength: number, ...lefts: number[]): Frame => {
    const frame = Uint8Array.from(backdrop);
    for (const left of lefts)
      for (let y = 30; y < 36; y++)
        for (let x = left; x < left + 6; x++) {
          const at = (y * FRAME_SIZE + x) * 3;
          frame[at] = frame[at + 1] = 255 * (1 - strength);
        }
    return frame;
  };
  const plain = createReadout([{ name: 'square', color: '#0000ff' }], backdrop);
  const compact = compactReadout(plain, backdrop);
  expect(compact(squares(1, 20))).toEqual(plain(squares(1, 20)));
  // Two pale ones have the area of one, in the middle between them.
  expect(plain(squares(0.5, 10, 50))[0]?.area).toBeCloseTo(36, 0);
  expect(compact(squares(0.5, 10, 50))).toEqual([undefined]);
});
