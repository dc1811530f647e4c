/** The probe reads what is there and nothing else. */
import { describe, expect, test } from 'vitest';
import type { Dynamics } from '../../models/planning/contracts.ts';
import type { Episode } from '../../server/data/episodes.ts';
import { linearProbe } from '../../server/evaluation/linearProbe.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import type { WorldSpec } from '../../shared/world.ts';

const spec = {
  quantities: { x: { unit: 'units', kind: 'position' }, turn: { unit: 'rad', kind: 'angle' } },
} as unknown as WorldSpec;

/** Episodes whose frames carry the state in their first bytes, so that an encoder of the test's own can read it. */
function episodes(count: number, steps: number): Episode[] {
  const random = new Random(1);
  return Array.from({ length: count }, (_, seed) => {
    const frames = new Uint8Array((steps + 1) * FRAME_BYTES);
    const states = new Float64Array((steps + 1) * 2);
    for (let t = 0; t <= steps; t++) {
      const [x, turn] = [random.integer(256), random.integer(256)];
      frames.set([x, turn], t * FRAME_BYTES);
      states.set([x, (turn / 256) * 2 * Math.PI], t * 2);
    }
    return { seed, steps, frames, states, actions: new Float32Array(steps) };
  });
}

/** Encodes the first two bytes of a frame. */
function encoder(encode: (x: number, turn: number) => number[]): Pick<Dynamics, 'encode'> {
  return {
    encode: async (frames) => {
      const rows = frames.map((frame) => encode(frame[0] as number, ((frame[1] as number) / 256) * 2 * Math.PI));
      return { rows: rows.length, columns: rows[0]?.length ?? 0, data: Float32Array.from(rows.flat()) };
    },
  };
}

describe('a linear probe', () => {
  const data = episodes(20, 20);

  test('reads what is linear in the latent, angles by sine and cosine', async () => {
    const dynamics = encoder((x, turn) => [x / 100 - Math.sin(turn), Math.sin(turn), 2 * Math.cos(turn) + 1]);
    const result = await linearProbe(dynamics, spec, data);
    expect(Object.keys(result)).toEqual(['x', 'turn.sin', 'turn.cos']);
    for (const value of Object.values(result)) expect(value).toBeGreaterThan(0.999);
  });

  test('finds nothing where there is nothing', async () => {
    const random = new Random(2);
    const result = await linearProbe(
      encoder(() => [random.normal(), random.normal()]),
      spec,
      data,
    );
    for (const value of Object.values(result)) expect(Math.abs(value)).toBeLessThan(0.1);
  });

  test('does not mistake an angle for its sine', async () => {
    const result = await linearProbe(
      encoder((_, turn) => [Math.sin(turn)]),
      spec,
      data,
    );
    expect(result['turn.sin']).toBeGreaterThan(0.999);
    expect(result['turn.cos']).toBeLessThan(0.1);
  });
});
