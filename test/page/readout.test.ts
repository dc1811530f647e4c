/** What a chart's cursor reads off a line, and where keys take it. */
import { describe, expect, it } from 'vitest';
import { placeReached, placeRead } from '../../client/panels/readout.ts';

describe('what is read off a line', () => {
  const xs = [0, 1, 2, 3, 4, 5, 6];
  const read = (ys: readonly (number | null | undefined)[], i: number, x = i) => placeRead(xs, ys, i, x);

  it('is the value that stands there, or the nearest of the line where only others have one', () => {
    const line = [10, undefined, undefined, undefined, 14, undefined, 16];
    expect([0, 1, 3, 4, 6].map((i) => read(line, i))).toEqual([0, 0, 4, 4, 6]);
    expect(read(line, 2, 1.9)).toBe(0);
    expect(read(line, 2, 2.1)).toBe(4);
  });

  it('is nothing in a gap, before the line begins and after it has ended', () => {
    const line = [undefined, 11, null, null, undefined, 15, undefined];
    expect([0, 1, 2, 3, 4, 5, 6].map((i) => read(line, i))).toEqual([null, 1, null, null, null, 5, null]);
    expect(read([], 3)).toBeNull();
  });
});

describe('the keys of a chart', () => {
  it('go by a value, to the ends and no further, and come in from the side', () => {
    expect(placeReached('ArrowRight', 2, 5)).toBe(3);
    expect(placeReached('ArrowRight', 4, 5)).toBe(4);
    expect(placeReached('ArrowLeft', 0, 5)).toBe(0);
    expect(placeReached('ArrowRight', undefined, 5)).toBe(0);
    expect(placeReached('ArrowLeft', undefined, 5)).toBe(4);
    expect([placeReached('Home', 3, 5), placeReached('End', 3, 5)]).toEqual([0, 4]);
    expect(placeReached('x', 3, 5)).toBeUndefined();
    expect(placeReached('End', undefined, 0)).toBeUndefined();
  });
});
