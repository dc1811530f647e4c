/**
 * Spaces as Minari writes them (`minari/serialization.py`, release 0.5.3), a JSON text inside the metadata's JSON. The
 * one departure: bounds that are the same everywhere are one number, since the frame's would fill a hundred kilobytes.
 */
import { z } from 'zod';
import { FRAME_CHANNELS, FRAME_SIZE } from '../../shared/frame.ts';
import type { Space } from '../../shared/space.ts';

/** The action space; a discrete action is one integer from 0. */
export function actionSpaceJson(space: Space): string {
  return space.kind === 'discrete'
    ? JSON.stringify({ type: 'Discrete', dtype: 'int64', start: 0, n: space.count })
    : JSON.stringify({
        type: 'Box',
        dtype: 'float32',
        shape: [space.low.length],
        low: space.low,
        high: space.high,
      });
}

/** What an agent sees: the frame. */
export function observationSpaceJson(): string {
  const shape = [FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS];
  return JSON.stringify({ type: 'Box', dtype: 'uint8', shape, low: 0, high: 255 });
}

const discrete = z.object({ type: z.literal('Discrete'), n: z.int().positive() });
const box = z.object({ type: z.literal('Box'), low: z.array(z.number()).nonempty(), high: z.array(z.number()) });

/** The action space again; `undefined` when the text is none. */
export function parseActionSpace(text: string): Space | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const asDiscrete = discrete.safeParse(value);
  if (asDiscrete.success) return { kind: 'discrete', count: asDiscrete.data.n };
  const asBox = box.safeParse(value);
  if (!asBox.success || asBox.data.low.length !== asBox.data.high.length) return undefined;
  return { kind: 'box', low: asBox.data.low, high: asBox.data.high };
}
