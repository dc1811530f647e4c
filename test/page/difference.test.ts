/**
 * The difference of two pictures, as a number and as a heat map.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differ, HEAT_COLORS } from '../../client/stage/difference.ts';

const PIXELS = 16;

function plain(level: number): Uint8Array {
  return Uint8Array.from({ length: PIXELS * 4 }, (_, i) => (i % 4 === 3 ? 255 : level));
}

function hex(bytes: Uint8Array, pixel: number): string {
  return `#${[...bytes.slice(pixel * 4, pixel * 4 + 3)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

const anyPicture = fc.uint8Array({ minLength: PIXELS * 4, maxLength: PIXELS * 4 });

describe('differ', () => {
  it('is 0 and draws the first colour where the pictures are the same', () => {
    const heat = new Uint8Array(PIXELS * 4);
    expect(differ(plain(90), plain(90), heat)).toBe(0);
    expect(hex(heat, 7)).toBe(HEAT_COLORS[0]);
  });

  it('is 1 for black against white, and draws the last colour from half of that on', () => {
    const heat = new Uint8Array(PIXELS * 4);
    expect(differ(plain(0), plain(255), heat)).toBe(1);
    expect(hex(heat, 0)).toBe(HEAT_COLORS.at(-1));
    expect(differ(plain(0), plain(128), heat)).toBeCloseTo(128 / 255, 12);
    expect(hex(heat, 0)).toBe(HEAT_COLORS.at(-1));
  });

  it('is the mean over all pixels and channels', () => {
    const dream = plain(0);
    dream[4] = 255;
    expect(differ(plain(0), dream, new Uint8Array(PIXELS * 4))).toBeCloseTo(1 / (PIXELS * 3), 12);
  });

  it('takes no side, ignores opacity, and draws opaque pixels', () => {
    fc.assert(
      fc.property(anyPicture, anyPicture, (a, b) => {
        const [one, other] = [new Uint8Array(PIXELS * 4), new Uint8Array(PIXELS * 4)];
        expect(differ(a, b, one)).toBe(differ(b, a, other));
        expect(one).toEqual(other);
        for (let i = 3; i < one.length; i += 4) expect(one[i]).toBe(255);
        const clear = b.map((byte, i) => (i % 4 === 3 ? 0 : byte));
        expect(differ(a, clear, new Uint8Array(PIXELS * 4))).toBe(differ(a, b, one));
      }),
    );
  });
});
