import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawScene } from '../../envs/drawScene.ts';
import pushT from '../../envs/worlds/push-t/pushT.ts';
import twoRoom from '../../envs/worlds/two-room/twoRoom.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { PolygonShape, Scene } from '../../shared/scene.ts';

const spec = { arena: { width: 128, height: 128 }, background: '#ffffff' };

function pixel(frame: Frame, x: number, y: number): number[] {
  const at = (y * FRAME_SIZE + x) * 3;
  return [...frame.slice(at, at + 3)];
}

function square(x: number, y: number, angle: number, color = '#000000'): PolygonShape {
  const vertices = [
    { x: -10, y: -10 },
    { x: 10, y: -10 },
    { x: 10, y: 10 },
    { x: -10, y: 10 },
  ];
  return { kind: 'polygon', name: 'square', color, fixed: false, pose: { x, y, angle }, vertices };
}

/** Sum of how dark the pixels are, in pixels: the area that a black shape covers. */
function inkOf(frame: Frame): number {
  let sum = 0;
  for (let i = 0; i < FRAME_BYTES; i += 3) sum += 255 - (frame[i] as number);
  return sum / 255;
}

describe('drawScene', () => {
  it('scales the arena to the frame: whole pixels keep their colour', () => {
    const frame = drawScene([square(40, 64, 0, '#102030')], spec);
    expect(frame).toHaveLength(FRAME_BYTES);
    expect(pixel(frame, 15, 27)).toEqual([0x10, 0x20, 0x30]);
    expect(pixel(frame, 24, 36)).toEqual([0x10, 0x20, 0x30]);
    expect(pixel(frame, 14, 27)).toEqual([255, 255, 255]);
    expect(pixel(frame, 25, 36)).toEqual([255, 255, 255]);
  });

  it('mixes colours at an edge by the area covered', () => {
    const frame = drawScene([square(41, 64, 0)], spec);
    for (const channel of [...pixel(frame, 15, 32), ...pixel(frame, 25, 32)])
      expect(Math.abs(channel - 127.5)).toBeLessThan(1);
  });

  it('covers the same area at every place and angle', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 108, noNaN: true }),
        fc.double({ min: 20, max: 108, noNaN: true }),
        fc.double({ min: -4, max: 4, noNaN: true }),
        (x, y, angle) => {
          expect(Math.abs(inkOf(drawScene([square(x, y, angle)], spec)) - 100)).toBeLessThan(0.2);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('draws a circle of the right area, and later shapes on top', () => {
    const circle = {
      kind: 'circle',
      name: 'c',
      color: '#ffffff',
      fixed: false,
      pose: { x: 64, y: 64, angle: 0 },
    } as const;
    const scene: Scene = [{ ...square(64, 64, 0) }, { ...circle, radius: 8 }];
    const frame = drawScene(scene, spec);
    expect(pixel(frame, 32, 32)).toEqual([255, 255, 255]);
    expect(Math.abs(inkOf(frame) - (100 - Math.PI * 16))).toBeLessThan(0.1);
  });

  it('keeps nothing of the picture before', () => {
    const clean = drawScene([square(64, 64, 0.3)], spec);
    drawScene([square(20, 90, 1)], spec);
    expect(drawScene([square(64, 64, 0.3)], spec)).toEqual(clean);
  });
});

describe('the frames of push-t', () => {
  const world = pushT.create();
  const at = (blockAngle: number) => {
    world.place({ pusherX: 100, pusherY: 400, blockX: 256, blockY: 256, blockAngle });
    return world.frame();
  };

  it('shows pusher, bar and stem in the colours of the spec, where they are', () => {
    const frame = at(0);
    expect(pixel(frame, 12, 49)).toEqual([0xd6, 0x00, 0x6c]);
    expect(pixel(frame, 28, 28)).toEqual([0x00, 0x96, 0xc7]);
    expect(pixel(frame, 31, 36)).toEqual([0xff, 0xb7, 0x03]);
    expect(pixel(frame, 0, 0)).toEqual([255, 255, 255]);
  });

  it('turns the T clockwise on the screen as its angle grows', () => {
    const frame = at(Math.PI / 2);
    expect(pixel(frame, 35, 28)).toEqual([0x00, 0x96, 0xc7]);
    expect(pixel(frame, 27, 31)).toEqual([0xff, 0xb7, 0x03]);
  });

  it('lets no background through the joint of bar and stem', () => {
    for (let angle = -3; angle < 3; angle += 0.1) {
      const frame = at(angle);
      const [x, y] = [256 + 10.7 * Math.sin(angle), 256 - 10.7 * Math.cos(angle)];
      expect(Math.min(...pixel(frame, Math.floor(x / 8), Math.floor(y / 8)))).toBeLessThan(200);
    }
  });

  it('has colours whose mixtures with the background can be told apart', () => {
    const differences = pushT.spec.objects.map(({ color }) =>
      [1, 3, 5].map((from) => 1 - Number.parseInt(color.slice(from, from + 2), 16) / 255),
    ) as [number[], number[], number[]];
    const [a, b, c] = differences.map((v) => v.map((value) => value / Math.hypot(...v))) as [
      number[],
      number[],
      number[],
    ];
    const at = (v: number[], i: number) => v[i % 3] as number;
    const volume = [0, 1, 2].reduce(
      (sum, i) => sum + at(a, i) * (at(b, i + 1) * at(c, i + 2) - at(b, i + 2) * at(c, i + 1)),
      0,
    );
    expect(Math.abs(volume)).toBeGreaterThan(0.5);
  });
});

describe('the frames of two-room', () => {
  it('shows the ball, the wall and the open door', () => {
    const world = twoRoom.create();
    world.place({ ballX: 50, ballY: 50 });
    const frame = world.frame();
    expect(pixel(frame, 14, 14)).toEqual([0xd6, 0x00, 0x6c]);
    expect(pixel(frame, 31, 10)).toEqual([0x3c, 0x44, 0x50]);
    expect(pixel(frame, 31, 32)).toEqual([255, 255, 255]);
  });
});
