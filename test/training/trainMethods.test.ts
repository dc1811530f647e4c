/** Teaching an agent further methods of painting: what it had stays, what it learns is there, the rest is refused. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { type DenoiserConfig, denoiserSpecs } from '../../models/diffusion/network/denoiser.ts';
import type { RendererWeights } from '../../models/diffusion/rendererWeights.ts';
import { poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { readAgentFiles, writeAgentFiles } from '../../server/agent/agentFiles.ts';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';
import { readTensorFile } from '../../server/files/tensorFile.ts';
import { trainMethods } from '../../server/training/trainMethods.ts';
import { ManualClock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';

const world = 'two-room';
const engine = createCpuEngine({ threads: 1 });
let directory: string;

/** The shipped agent with a small renderer that has learned nothing, as if from two short episodes. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-methods-'));
  await cp(weightsDirectory(world), directory, { recursive: true });
  const files = await readAgentFiles(directory);
  const data = { ...files.card.data, episodes: 2, stepsPerEpisode: 6 };
  const latentSize = poseSizeOf(files.latent.config.encoder);
  const config: DenoiserConfig = { latentSize, points: 2, channels: [8, 8], embedding: 8 };
  const network = initialise(denoiserSpecs(config), new Random(2));
  const renderer: RendererWeights = {
    config,
    backdrop: new Uint8Array(FRAME_BYTES).fill(255),
    networks: { regression: network, base: network, student: network },
  };
  const { methods: _, training: __, ...card } = files.card;
  await writeAgentFiles(directory, { ...files, renderer, card: { ...card, data, renderer: config, rendererSeed: 7 } });
});
afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true, force: true });
});

/** Trains for so many steps: a step lasts a minute of this clock. */
async function teach(methods: readonly RenderMethod[], minutes: number, stopAt = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock();
  const stop = new AbortController();
  let steps = 0;
  return trainMethods({
    definition: await loadWorld(world),
    engine,
    directory,
    methods,
    minutes,
    clock,
    interrupted: stop.signal,
    command: 'a command',
    onProgress(stage) {
      if (stage === 'collect') return;
      clock.advance(60_000);
      if (++steps === stopAt) stop.abort();
    },
  });
}

describe('an agent', () => {
  test('learns methods beside what it has, and goes on where it was interrupted', async () => {
    const before = await readFile(join(directory, 'renderer.safetensors'));
    const card = (await readAgentFiles(directory)).card;
    await expect(teach(['mct', 'ect'], 4, 3)).rejects.toThrow(
      'interrupted in its stage "ect"; run the same command again to go on',
    );
    expect((await readAgentFiles(directory)).card).toEqual(card);
    const { metadata } = await readTensorFile(join(directory, 'methods-training.safetensors'));
    expect(JSON.parse(metadata.run ?? '{}'), 'the seed of the renderer, not of the last stage').toMatchObject({
      seed: 7,
    });
    await expect(teach(['mct'], 4)).rejects.toThrow(/another training run; finish that one with its own command/);
    const taught = await teach(['mct', 'ect'], 4);
    expect(taught).toEqual({ ...card, methods: taught.methods, training: taught.training });
    expect(Object.keys(taught.methods ?? {})).toEqual(['mct', 'ect']);
    expect(taught.methods?.ect).toMatchObject({ command: 'a command', minutes: 4 });
    expect(taught.training).toEqual({
      mct: { minutes: 2, steps: 2, calls: 2 * 16 * 2 },
      ect: { minutes: 2, steps: 2, calls: 2 * 16 * 2 },
    });
    expect(await readFile(join(directory, 'renderer.safetensors'))).toEqual(before);
    const { networks } = (await readAgentFiles(directory)).renderer ?? {};
    expect(networks?.mct).not.toEqual(networks?.ect);
  });

  test('paints by what it has learned, and says what it has not', async () => {
    const agent = await loadLatentAgent({ directory, method: 'mct', threads: 1 });
    const latents = { rows: 1, columns: agent.latentSize, data: new Float32Array(agent.latentSize) };
    const by = async (steps: number) => (await agent.render(latents, { steps, seed: 3 }))[0];
    expect(await by(16)).not.toEqual(await by(8));
    expect(await by(20)).toEqual(await by(16));
    await agent.dispose();
    await expect(loadLatentAgent({ directory, method: 'progressive' })).rejects.toThrow(/not learned .*"progressive"/);
  });

  test('is not taught what it knows', async () => {
    const known = teach(['ect', 'regression'], 1);
    await expect(known).rejects.toThrow(UsageError);
    await expect(known).rejects.toThrow(/learned ect, regression already; remove renderer-ect\.safetensors/);
  });

  test('has its student taught anew, and nothing else changed', async () => {
    const before = await readAgentFiles(directory);
    const taught = await teach(['mcm', 'ect'], 3);
    expect(taught.training?.student).toEqual({ minutes: 3, steps: 3, calls: 3 * 16 * 3 });
    expect(taught.methods).toMatchObject({ ...before.card.methods, mcm: { command: 'a command', minutes: 3 } });
    const { student: old, ...others } = before.renderer?.networks ?? {};
    const { student, ...kept } = (await readAgentFiles(directory)).renderer?.networks ?? {};
    expect(kept).toEqual(others);
    expect(student).not.toEqual(old);
  });

  test('without a renderer has nothing to start from', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'reverie-bare-'));
    const { card, latent } = await readAgentFiles(directory);
    const { renderer: _, methods: __, ...rest } = card;
    await writeAgentFiles(bare, { card: rest, latent, renderer: undefined });
    const said = await refusal(['--stage', 'renderer', '--method', 'cd', '--out', bare]);
    expect(said).toMatch(/no base model yet, from which cd would start; train its renderer first/);
    await rm(bare, { recursive: true });
  });
});

describe('the command', () => {
  test.each([
    ['an unknown method', ['--stage', 'renderer', '--method', 'gan'], /out of mcm, ddim, .*progressive/],
    ['another stage', ['--stage', 'latent', '--method', 'cd'], /add --stage renderer/],
    [
      'a network other than the base has',
      ['--stage', 'renderer', '--method', 'cd', '--backbone', 'dit'],
      /leave out --backbone dit/,
    ],
    [
      'conditions other than the base has',
      ['--stage', 'renderer', '--method', 'cd', '--context', '2', '--guidable'],
      /leave out --context 2 --guidable/,
    ],
    [
      'what a method takes from the card or does by itself',
      ['--stage', 'renderer', '--method', 'cd', '--seed', '3', '--resume', '--no-proposal'],
      /--method learns by the seed on .*; leave out --seed, --resume, --no-proposal/,
    ],
    [
      'conditions of a renderer for another stage',
      ['--stage', 'latent', '--guidable'],
      /trains no renderer.*--guidable/,
    ],
    [
      'no proposal of a stage that learns none',
      ['--stage', 'renderer', '--no-proposal'],
      /learns no proposal; leave out --no-proposal/,
    ],
    ['too many frames before', ['--stage', 'renderer', '--context', '5'], /from 1 to 4/],
    ['no agent', ['--stage', 'renderer', '--method', 'cd', '--out', 'nowhere'], /no agent in "nowhere"/],
    [
      'practice without an agent',
      ['--stage', 'practice', '--out', 'nowhere'],
      /no agent in "nowhere" that --stage practice could go on with/,
    ],
  ])('refuses %s', async (_, options, message) => {
    expect(await refusal(options)).toMatch(message);
  });
});

/** What the command prints when it is refused. */
async function refusal(options: readonly string[]): Promise<string> {
  let [stdout, stderr] = ['', ''];
  const clock = new ManualClock();
  const output = new Output({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  const context = { output, clock, interruption: () => new AbortController().signal };
  const status = await runProgram(['train', '--world', world, ...options], context);
  expect(status).toBeGreaterThan(0);
  expect(stdout).toBe('');
  return stderr;
}
