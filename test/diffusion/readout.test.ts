import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawScene } from '../../envs/drawScene.ts';
import { createReadout } from '../../server/bench/readout.ts';
import { allPresent } from '../../server/bench/rendererScore.ts';
import { type Blob, visibleCentroids } from '../../server/bench/visibleCentroids.ts';
import type { Scene } from '../../shared/scene.ts';

const spec = {
  arena: { width: 128, height: 128 },
  background: '#ffffff',
  objects: [
    { name: 'ball', color: '#d6006c' },
    { name: 'bar', color: '#0096c7' },
  ],
};

const wall: Scene[number] = {
  kind: 'polygon',
  name: 'wall',
  color: '#808080',
  fixed: true,
  pose: { x: 64, y: 64, angle: 0 },
  vertices: [
    { x: -3, y: -64 },
    { x: 3, y: -64 },
    { x: 3, y: 64 },
    { x: -3, y: 64 },
  ],
};

function sceneAt(ballX: number, ballY: number, angle = 0.5): Scene {
  return [
    wall,
    {
      kind: 'polygon',
      name: 'bar',
      color: '#0096c7',
      fixed: false,
      pose: { x: 90, y: 30, angle },
      vertices: [
        { x: -16, y: -4 },
        { x: 16, y: -4 },
        { x: 16, y: 4 },
        { x: -16, y: 4 },
      ],
    },
    { kind: 'circle', name: 'ball', color: '#d6006c', fixed: false, pose: { x: ballX, y: ballY, angle: 0 }, radius: 5 },
  ];
}

const backdrop = drawScene([wall], spec);
const readout = createReadout(spec.objects, backdrop);

describe('the readout', () => {
  // The canvas rounds edges to a quarter of a pixel, which alone moves a small disc's centroid by up to 0.17.
  it('finds objects within 0.2 pixels and their areas within 15%, in front of a wall too', () => {
    const place = fc.double({ min: 8, max: 120, noNaN: true });
    fc.assert(
      fc.property(place, place, fc.double({ min: 0, max: 3, noNaN: true }), (x, y, angle) => {
        const scene = sceneAt(x, y, angle);
        const truths = visibleCentroids(scene, spec);
        readout(drawScene(scene, spec)).forEach((blob, i) => {
          const truth = truths[i] as Blob;
          // A sliver that shows from under the ball is all edge.
          if (!blob || truth.area < 12) return;
          expect(Math.hypot(blob.x - truth.x, blob.y - truth.y)).toBeLessThan(0.2);
          expect(Math.abs(blob.area / truth.area - 1)).toBeLessThan(0.15);
        });
      }),
      { numRuns: 40, examples: [[8, 74.24999618530273, 0]] },
    );
  });

  it('does not find what is not there', () => {
    expect(readout(backdrop)).toEqual([undefined, undefined]);
    expect(readout(drawScene(sceneAt(30, 30).slice(0, 2), spec))[0]).toBeUndefined();
  });

  it('sees a pale object as a small one', () => {
    const frame = drawScene(sceneAt(30, 90), spec);
    const pale = frame.map((level, i) => Math.round((level + (backdrop[i] as number)) / 2));
    const [whole, half] = [readout(frame)[0], readout(pale)[0]];
    expect((half as Blob).area / (whole as Blob).area).toBeCloseTo(0.5, 1);
  });

  it('refuses colours that it cannot tell apart', () => {
    expect(() => createReadout([...spec.objects, { name: 'twin', color: '#d6006c' }], backdrop)).toThrow(/mixtures/);
    expect(() => createReadout(Array(4).fill(spec.objects[0]), backdrop)).toThrow(/one to three colours, not 4/);
  });
});

describe('visible centroids', () => {
  it('are the centre and area of an unhidden disc', () => {
    const [ball] = visibleCentroids(sceneAt(31.3, 90.7), spec);
    expect(ball?.x).toBeCloseTo(31.3 / 2, 1);
    expect(ball?.y).toBeCloseTo(90.7 / 2, 1);
    expect(ball?.area).toBeCloseTo(Math.PI * 2.5 ** 2, 0);
  });

  it('leave out what another shape hides', () => {
    const [, free] = visibleCentroids(sceneAt(20, 100, 0), spec);
    const [, hidden] = visibleCentroids(sceneAt(104, 30, 0), spec);
    expect(hidden?.area).toBeLessThan((free as Blob).area - 10);
    expect(hidden?.x).toBeLessThan((free as Blob).x - 1);
  });
});

describe('presence', () => {
  const blob = { x: 10, y: 10, area: 20 };
  it.each([
    ['found', [blob], true],
    ['missing', [undefined], false],
    ['too far', [{ ...blob, x: 17 }], false],
    ['too small', [{ ...blob, area: 9 }], false],
    ['doubled', [{ ...blob, area: 40 }], false],
  ])('of an object %s', (_, seen, expected) => {
    expect(allPresent(seen, [blob])).toBe(expected);
  });

  it('asks for nothing that the true frame does not show', () => {
    expect(allPresent([undefined], [undefined])).toBe(true);
  });
});
