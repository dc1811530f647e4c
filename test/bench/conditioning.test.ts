/** The bench of conditioning: one row for each way to paint, of the shipped agent taught further, which stays as it is. */
import { afterAll, expect, it } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { readAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { benchConditioning } from '../../server/bench/conditioning.ts';

const engine = createCpuEngine({ threads: 1 });
afterAll(() => engine.dispose());

it('scores guidance and frames before against the same model told its latent alone', async () => {
  const world = 'two-room';
  const before = await readAgentFiles(weightsDirectory(world));
  const trained: string[] = [];
  const rows = await benchConditioning({
    definition: await loadWorld(world),
    engine,
    directory: weightsDirectory(world),
    context: 2,
    weights: [1, 3],
    steps: 2,
    paintSteps: 1,
    episodes: 2,
    frames: 40,
    seed: 1,
    interrupted: new AbortController().signal,
    onProgress: (label) => trained.push(label),
  });
  expect(rows.map(({ trained, painted }) => `${trained}: ${painted}`)).toEqual([
    'latent: as it is',
    'guidable: weight 1',
    'guidable: weight 3',
    'context: told none',
    'context: told the true ones',
    'context: told its own',
    'context: told its own, with noise',
  ]);
  expect(trained.filter((label) => label !== 'collect')).toEqual(
    ['latent', 'guidable', 'context'].flatMap((label) => [label, label]),
  );
  for (const { readoutErrorPx, fd, driftDb } of rows) {
    expect(readoutErrorPx).toBeGreaterThan(0);
    expect(fd).toBeGreaterThan(0);
    expect(Number.isFinite(driftDb)).toBe(true);
  }
  // A model that has hardly learned anything of them paints as it did, and is thrown off by what it knows nothing of.
  const [control, plain, guided, untold] = rows as [(typeof rows)[0], ...typeof rows];
  expect(Math.abs((plain?.psnr ?? 0) - control.psnr)).toBeLessThan(0.5);
  expect(Math.abs((untold?.psnr ?? 0) - control.psnr)).toBeLessThan(0.5);
  expect(guided?.fd).toBeGreaterThan(control.fd);
  expect(await readAgentFiles(weightsDirectory(world))).toEqual(before);
}, 240_000);
