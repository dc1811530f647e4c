/**
 * An agent without a network: it always goes full speed ahead, and imagines frames that say which plan step and
 * renderer setting they are from. Loaded by path it stands in for the real agent's module; the directory that it is
 * given chooses how it misbehaves.
 */

import type { Agent } from '../../server/agent/agent.ts';
import { WeightsError } from '../../shared/errors.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame } from '../../shared/frame.ts';

export const FAKE_HORIZON = 4;
export const FAKE_LESSONS = 3;

/** First bytes of every imagined frame: plan step, then renderer steps. */
export function fakeAgent(world = 'line', overrides: Partial<Agent> = {}): Agent {
  let lessons = 0;
  return {
    world,
    latentSize: 2,
    horizon: FAKE_HORIZON,
    stepCounts: [1, 2, 4, 8],
    async plan({ seed, previous, warmStart, candidates, frame, read }) {
      return {
        horizon: FAKE_HORIZON,
        actions: new Float32Array(FAKE_HORIZON).fill(1),
        latents: {
          rows: FAKE_HORIZON,
          columns: 2,
          data: Float32Array.from({ length: 2 * FAKE_HORIZON }, (_, i) => Math.floor(i / 2)),
        },
        costs: [
          { best: 2, mean: 3 },
          { best: 1, mean: (seed % 7) + (warmStart?.length ?? 0) + (previous?.[0] ?? 0) },
        ],
        ...(read && lessons >= FAKE_LESSONS && { reading: { seen: [columnOf(frame)], foreseen: [FAKE_HORIZON - 1] } }),
        ...(candidates && {
          candidates: [{ count: 1, elites: 1, actions: new Float32Array(FAKE_HORIZON).fill(candidates / 8) }],
        }),
      };
    },
    async encode(frames) {
      return {
        rows: frames.length,
        columns: 2,
        data: Float32Array.from(frames.flatMap((frame) => [frame[0] ?? 0, 1])),
      };
    },
    async imagine(latent, actions) {
      // Like the line: the first number of the latent goes where the actions push it.
      const from = latent[0] ?? 0;
      const data = Float32Array.from([...actions].flatMap((push, i) => [from + 10 * (i + 1) * push, 1]));
      return { rows: actions.length, columns: 2, data };
    },
    async render({ rows, columns, data }, { steps }) {
      // All frames in one buffer, as an engine gives them out.
      const bytes = new Uint8Array(rows * FRAME_BYTES);
      return Array.from({ length: rows }, (_, i) => {
        const frame = bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
        frame[0] = data[i * columns] as number;
        frame[1] = steps;
        return frame;
      });
    },
    async fill({ frame, hidden, seed, steps }) {
      return Uint8Array.from(frame, (byte, at) => (hidden[Math.floor(at / 3)] === 1 ? (seed + steps) % 256 : byte));
    },
    async learnToRead() {
      lessons = Math.min(FAKE_LESSONS, lessons + 1);
      const quantities = [{ name: 'x', unit: 'units', kind: 'position' as const, r2: 0.5 }];
      return { done: lessons, total: FAKE_LESSONS, ...(lessons === FAKE_LESSONS && { quantities }) };
    },
    async dispose() {},
    ...overrides,
  };
}

/** Where the dot of `fakeWorld` is. */
function columnOf(frame: Frame): number {
  return frame.subarray(0, 3 * FRAME_SIZE).indexOf(255) / 3;
}

/** The entry that `agentEntry.ts` looks for. */
export async function loadLatentAgent({ directory }: { readonly directory: string }): Promise<Agent> {
  switch (directory) {
    case 'damaged':
      throw new WeightsError("'card.json' is damaged; train the agent again");
    case 'dies-loading':
      return process.exit(3);
    case 'dies-planning':
      return fakeAgent('line', { plan: () => process.exit(4) });
    case 'fails-planning':
      return fakeAgent('line', { plan: () => Promise.reject(new WeightsError('the weights are of another world')) });
    case 'crashes-planning':
      return fakeAgent('line', { plan: () => new Promise(() => process.kill(process.pid, 'SIGSEGV')) });
    case 'tells-its-process':
      return fakeAgent('line', { latentSize: process.pid });
    default:
      return fakeAgent(directory);
  }
}
