/**
 * What the page takes from a frame message, and what it refuses.
 */
import { describe, expect, it } from 'vitest';
import { readFilm, readTick } from '../../client/readFrames.ts';
import type { FrameMessage, Stream } from '../../shared/protocol/frames.ts';

function picture(name: Stream['name'], index = 0, size = 64): Stream {
  return { name, index, width: size, height: size, data: new Uint8Array(size * size * 4).fill(index + 1) };
}

function poses(...data: readonly number[]): Stream {
  return { name: 'poses', index: 0, width: 3, height: data.length / 3, data: Float32Array.from(data) };
}

function message(kind: FrameMessage['kind'], ...streams: readonly Stream[]): FrameMessage {
  return { kind, seq: 1, envStep: 5, simTimeMs: 0, streams };
}

describe('readTick', () => {
  it('finds the pictures by name and leaves out what did not come', () => {
    const tick = readTick(message('tick', picture('truth'), poses(1, 2, 3)));
    expect(tick.envStep).toBe(5);
    expect(tick.truth).toHaveLength(64 * 64 * 4);
    expect(tick.dream).toBeUndefined();
    expect(tick.poses).toEqual(Float32Array.of(1, 2, 3));
  });

  it.each([
    ['a picture of another size', picture('dream', 0, 32)],
    ['a picture made of numbers', { ...picture('truth'), data: new Float32Array(64 * 64 * 4) }],
    ['a picture that lies about its size', { ...picture('truth'), data: new Uint8Array(12) }],
    ['poses that are not in threes', poses(1, 2)],
    ['poses that are not finite', poses(1, Number.NaN, 0)],
  ])('refuses %s', (_, stream) => {
    expect(() => readTick(message('tick', stream))).toThrow(RangeError);
  });
});

describe('readFilm', () => {
  it('puts the frames in the order of their indices, beside the goal', () => {
    const film = readFilm(message('plan', picture('imagined', 1), picture('goal', 9), picture('imagined', 0)));
    expect(film.frames.map((frame) => frame[0])).toEqual([1, 2]);
    expect(film.goal?.[0]).toBe(10);
  });

  it('refuses a film with a frame missing or twice', () => {
    expect(() => readFilm(message('plan', picture('imagined', 1)))).toThrow(RangeError);
    expect(() => readFilm(message('plan', picture('imagined', 0), picture('imagined', 0)))).toThrow(RangeError);
  });
});
