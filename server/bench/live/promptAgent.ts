/**
 * An agent that answers at once, so that a bench of the server measures the server: random actions, and for every step
 * of its plan the same grey frame. It learns nothing and knows nothing.
 */
import { FRAME_BYTES } from '../../../shared/frame.ts';
import { RENDERER_STEPS } from '../../../shared/protocol/control.ts';
import { Random } from '../../../shared/random.ts';
import { dimensionsOf, type Space, sample } from '../../../shared/space.ts';
import type { Agent } from '../../agent/agent.ts';

const HORIZON = 30;
const GREY = 128;

export function promptAgent(world: string, space: Space): Agent {
  const frame = new Uint8Array(FRAME_BYTES).fill(GREY);
  return {
    world,
    latentSize: 1,
    horizon: HORIZON,
    stepCounts: RENDERER_STEPS,
    async plan({ seed }) {
      const random = new Random(seed);
      const actions = new Float32Array(HORIZON * dimensionsOf(space));
      for (let step = 0; step < HORIZON; step++) actions.set(sample(space, random), step * dimensionsOf(space));
      const latents = { rows: HORIZON, columns: 1, data: new Float32Array(HORIZON) };
      return { horizon: HORIZON, actions, latents, costs: [] };
    },
    encode: async (frames) => ({ rows: frames.length, columns: 1, data: new Float32Array(frames.length) }),
    imagine: async (_, actions) => ({ rows: actions.length, columns: 1, data: new Float32Array(actions.length) }),
    render: async ({ rows }) => Array.from({ length: rows }, () => frame),
    fill: async ({ frame }) => frame,
    learnToRead: async () => ({ done: 0, total: 0, quantities: [] }),
    async dispose() {},
  };
}
