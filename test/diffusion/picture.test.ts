import { describe, expect, it } from 'vitest';
import { toFrame, writePicture } from '../../models/diffusion/picture.ts';
import { backdropOf } from '../../models/pictures/backdrop.ts';
import { Rarity } from '../../models/pictures/rarity.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { discData, discFrame } from './discScene.ts';

describe('pictures', () => {
  const data = discData(60, 3);
  const backdrop = backdropOf(data);

  it('take for backdrop what most frames show', () => {
    expect(new Set(backdrop)).toEqual(new Set([0xf0]));
  });

  it('are zero where nothing differs from the backdrop, and give the frame back exactly', () => {
    const picture = new Float32Array(2 * FRAME_BYTES);
    writePicture(data, 7, backdrop, picture, FRAME_BYTES);
    const frame = data.frames.subarray(7 * FRAME_BYTES, 8 * FRAME_BYTES);
    expect(toFrame(picture, FRAME_BYTES, backdrop)).toEqual(frame);
    const same = picture.subarray(FRAME_BYTES).filter((_, i) => frame[i] === backdrop[i]);
    expect(same.every((value) => value === 0)).toBe(true);
    expect(same.length).toBeGreaterThan(FRAME_BYTES / 2);
  });

  it('round-trip any bytes against any backdrop', () => {
    const random = new Random(4);
    const bytes = () => Uint8Array.from({ length: FRAME_BYTES }, () => random.integer(256));
    const [frame, behind] = [bytes(), bytes()];
    const picture = new Float32Array(FRAME_BYTES);
    writePicture({ count: 1, frames: frame }, 0, behind, picture, 0);
    expect(toFrame(picture, 0, behind)).toEqual(frame);
  });

  it('clip what no frame can show', () => {
    const frame = toFrame(new Float32Array(FRAME_BYTES).fill(9), 0, backdrop);
    expect(new Set(frame)).toEqual(new Set([255]));
  });
});

describe('rarity', () => {
  const data = { count: 1, frames: discFrame(32, 32) };
  const countPixels = (red: number) => data.frames.filter((level, i) => i % 3 === 0 && level >> 4 === red >> 4).length;
  const weights = (strength: number) => {
    const target = new Float32Array(64 * 64);
    new Rarity(data).write(data, 0, strength, target, 0);
    return target;
  };

  it('weighs a colour by the root of how much rarer it is than the commonest', () => {
    const inside = countPixels(0x20);
    const outside = countPixels(0xf0);
    expect(weights(1)[0]).toBe(1);
    expect(weights(1)[32 * 64 + 32]).toBeCloseTo(Math.sqrt(outside / inside), 5);
  });

  it('counts all pixels alike at strength 0', () => {
    expect(new Set(weights(0))).toEqual(new Set([1]));
  });
});
