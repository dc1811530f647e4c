/**
 * Benches of an agent's renderer give its engine back, also when what they measure breaks down: the command then ends with
 * the reason, and nothing is left that keeps the process.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runCommand } from '../runCommand.ts';

const engines = vi.hoisted(() => ({ opened: 0, disposed: 0 }));

vi.mock('../../server/agent/loadedRenderer.ts', async (original) => {
  const { loadRenderer } = await original<typeof import('../../server/agent/loadedRenderer.ts')>();
  return {
    async loadRenderer(...asked: Parameters<typeof loadRenderer>) {
      const loaded = await loadRenderer(...asked);
      engines.opened++;
      const dispose = async () => {
        engines.disposed++;
        await loaded.dispose();
      };
      return { ...loaded, dispose };
    },
  };
});

const broken = vi.hoisted(() => async () => {
  throw new Error('the painter broke down');
});
vi.mock('../../server/bench/rendererBench.ts', () => ({ benchRenderer: broken }));
vi.mock('../../server/bench/rolloutNoiseBench.ts', () => ({ benchRolloutNoise: broken }));
vi.mock('../../server/bench/frameSurpriseBench.ts', () => ({ benchFrameSurprise: broken }));
vi.mock('../../server/bench/editBench.ts', () => ({ benchEdits: broken }));
vi.mock('../../server/evaluation/futures/evaluateFutures.ts', () => ({ evaluateFutures: broken }));

afterEach(() => Object.assign(engines, { opened: 0, disposed: 0 }));

describe('an engine is given back', () => {
  test.each(['renderer', 'noise', 'surprise', 'edits', 'futures'])('when bench %s breaks down', async (bench) => {
    const { status, stderr } = await runCommand('bench', bench, '--world', 'two-room');
    expect(status).toBe(1);
    expect(stderr).toMatch('the painter broke down');
    expect(engines).toEqual({ opened: 1, disposed: 1 });
  });

  test('when bench renderer refuses what the agent was not trained for', async () => {
    const { status } = await runCommand('bench', 'renderer', '--world', 'two-room', '--guidance', '2');
    expect(status).toBe(2);
    expect(engines).toEqual({ opened: 1, disposed: 1 });
  });
});
