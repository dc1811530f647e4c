/** The evaluation of futures from end to end, with a small network that is trained for a moment. */
import { expect, test } from 'vitest';
import { loadWorld } from '../../../envs/registry.ts';
import { createRenderer } from '../../../models/diffusion/renderer.ts';
import type { RendererWeights } from '../../../models/diffusion/rendererWeights.ts';
import { createCpuEngine } from '../../../models/tensor/cpuEngine.ts';
import type { Engine } from '../../../models/tensor/program.ts';
import type { LoadedRenderer } from '../../../server/agent/loadedRenderer.ts';
import { evaluateFutures } from '../../../server/evaluation/futures/evaluateFutures.ts';
import { FRAME_BYTES, type Frame } from '../../../shared/frame.ts';
import { randomNetwork } from '../../diffusion/randomNetwork.ts';

const config = { latentSize: 6, points: 3, channels: [8, 16], embedding: 16 } as const;

const weights: RendererWeights = {
  config,
  backdrop: new Uint8Array(FRAME_BYTES).fill(255),
  networks: { regression: randomNetwork(config, 1), base: randomNetwork(config, 2), student: randomNetwork(config, 3) },
};

function agentOf(engine: Engine): LoadedRenderer {
  const encode = async (frames: readonly Frame[]) => ({
    rows: frames.length,
    columns: config.latentSize,
    data: new Float32Array(frames.length * config.latentSize),
  });
  return {
    engine,
    weights,
    renderer: createRenderer(engine, weights),
    encode,
    imagine: async (_: Frame, __: Float32Array, candidates: number) =>
      encode(Array.from({ length: candidates }, () => weights.backdrop)),
  } as unknown as LoadedRenderer;
}

test('trains three networks, judges every painter, and finds the truth legible and near itself', async () => {
  const engine = createCpuEngine({ threads: 1 });
  let now = 0;
  const stages = new Set<string>();
  const { world, rows, samples } = await evaluateFutures({
    definition: await loadWorld('two-room'),
    agent: agentOf(engine),
    horizon: 4,
    pairs: 16,
    minutes: 1,
    moments: 1,
    futures: 8,
    seed: 3,
    clock: { now: () => (now += 4000) },
    onProgress: (stage) => stages.add(stage),
  });
  await engine.dispose();
  expect(world).toBe('two-room');
  expect([...stages]).toEqual(['regression', 'base', 'student']);
  const painters = rows.map(({ painter, steps }) => `${painter} ${steps}`);
  expect(painters).toEqual(samples.map(({ painter }) => painter));
  expect(painters).toEqual([
    'truth 0',
    'imagined 4',
    'regression 1',
    ...[1, 2, 4, 8].map((steps) => `mcm ${steps}`),
    ...[4, 16].map((steps) => `ddim ${steps}`),
  ]);
  expect(rows[0]).toMatchObject({ painter: 'truth', legible: 1, judged: 1 });
  expect(rows[0]?.spreadRatio).toBeGreaterThan(0.5);
  expect(rows[0]?.calibration).toBeLessThan(0.25);
  // Networks of random weights paint no ball.
  expect(rows.at(-1)).toMatchObject({ legible: 0, energyPx: null });
}, 240_000);

test('judges likewise the place of what a cover hides, painted by the agent as it is too', async () => {
  const engine = createCpuEngine({ threads: 1 });
  let now = 0;
  const report = await evaluateFutures({
    definition: await loadWorld('two-room'),
    agent: agentOf(engine),
    open: 'place',
    horizon: 4,
    pairs: 16,
    minutes: 1,
    moments: 1,
    futures: 8,
    seed: 3,
    clock: { now: () => (now += 4000) },
  });
  await engine.dispose();
  expect(report).toMatchObject({ world: 'two-room', open: 'place' });
  expect(report).not.toHaveProperty('horizon');
  expect(report.rows.map(({ painter }) => painter).slice(0, 3)).toEqual(['truth', 'agent', 'regression']);
  expect(report.rows[0]).toMatchObject({ legible: 1, judged: 1 });
  expect(report.rows.at(-1)).toMatchObject({ legible: 0, energyPx: null });
}, 240_000);
