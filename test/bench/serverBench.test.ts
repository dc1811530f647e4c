/**
 * The server bench, small: what it promises of its rows, not how fast anything is.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { benchServer } from '../../server/bench/live/serverBench.ts';
import { readStamp, stamp, stampedWorld } from '../../server/bench/live/stampedWorld.ts';
import { FRAME_BYTES, toRgba } from '../../shared/frame.ts';

describe('the stamp', () => {
  it('comes out of the picture as it went into the frame', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (microseconds) => {
        const frame = new Uint8Array(FRAME_BYTES);
        stamp(frame, microseconds);
        expect(readStamp(toRgba(frame))).toBe(microseconds);
      }),
    );
  });

  it('is the time of drawing, and the rest of the frame is the world’s', async () => {
    const definition = await loadWorld('two-room');
    let now = 1000;
    const stamped = stampedWorld(definition, 30, () => now++).create();
    const plain = definition.create();
    for (const world of [stamped, plain]) world.reset(3);
    expect(readStamp(toRgba(stamped.frame()))).toBe(1000);
    expect(readStamp(toRgba(stamped.frame()))).toBe(1001);
    expect(stamped.frame().slice(6)).toEqual(plain.frame().slice(6));
  });
});

describe('benchServer', () => {
  it('measures every count of viewers, then the last beside a stalled and a flooding client, and loses nobody', async () => {
    const defects: unknown[] = [];
    const rows = await benchServer({
      definition: await loadWorld('two-room'),
      viewers: [1, 3],
      fps: 30,
      seconds: 1,
      warmUpSeconds: 0.2,
      clock: { now: () => performance.now() },
      onDefect: (error) => defects.push(error),
    });
    expect(rows.map(({ viewers, disturbance }) => [viewers, disturbance])).toEqual([
      [1, 'none'],
      [3, 'none'],
      [3, 'stalled'],
      [3, 'flooding'],
    ]);
    for (const { fps, frameAgeMs, lost, rssMb } of rows) {
      expect(fps).toBeGreaterThan(0);
      expect(frameAgeMs.p50).toBeGreaterThan(0);
      expect(frameAgeMs.p99).toBeGreaterThanOrEqual(frameAgeMs.p50);
      expect(lost).toBe(0);
      expect(rssMb).toBeGreaterThan(0);
    }
    expect(defects).toEqual([]);
  });
});
