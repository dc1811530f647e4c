/**
 * What `reverie export` writes for a world: files that plain ONNX Runtime loads, in any batch, with the numbers of our
 * own engine.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameNoise } from '../../models/diffusion/frameNoise.ts';
import { stepsKnownTo } from '../../models/diffusion/network/studentSteps.ts';
import { createRenderer } from '../../models/diffusion/renderer.ts';
import type { LatentModelConfig } from '../../models/latent/latentLoss.ts';
import { LearnedDynamics } from '../../models/latent/learnedDynamics.ts';
import { predictorSpecs } from '../../models/latent/predictor.ts';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { portableModel } from '../../models/tensor/portableModel.ts';
import { type AgentFiles, readAgentFiles, writeAgentFiles } from '../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { Output } from '../../server/cli/output.ts';
import { runProgram } from '../../server/cli/program.ts';
import { agentNetworks } from '../../server/export/agentNetworks.ts';
import { exportNetworks, MANIFEST_FILE, type Manifest } from '../../server/export/exportNetworks.ts';
import { ManualClock } from '../../shared/clock.ts';
import { DataError, EngineError, WeightsError } from '../../shared/errors.ts';
import { FRAME_BYTES, type Frame } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { randomFeeds } from './randomFeeds.ts';

tf.enableProdMode();
const world = { id: 'push-t', version: 1 };
const BATCH = 3;
const random = new Random(5);
const engine = createCpuEngine({ threads: 1 });

let scratch: string;
let out: string;
let manifest: Manifest;
let files: AgentFiles;
let dynamics: LearnedDynamics;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'reverie-export-'));
  out = join(scratch, 'networks');
  manifest = await exportNetworks({ world, agent: weightsDirectory(world.id), out });
  files = await readAgentFiles(weightsDirectory(world.id));
  dynamics = new LearnedDynamics(engine, files.latent);
});
afterAll(async () => {
  await engine.dispose();
  await rm(scratch, { recursive: true, force: true });
});

type Feeds = Readonly<Record<string, Tensor>>;

/** Runs a file in ONNX Runtime as any program would. */
async function run(file: string, feeds: Feeds, directory = out): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(join(directory, file), { intraOpNumThreads: 1 });
  const results = await session.run(feeds);
  await session.release();
  return results as Record<string, Tensor>;
}

const real = (data: Float32Array, ...shape: number[]) => new Tensor('float32', data, shape);

/** Frames between the backdrop and noise, which the encoder has something to see in. */
function frames(count: number): Frame[] {
  const backdrop = files.latent.tensors.backdrop?.data ?? [];
  return Array.from({ length: count }, (_, frame) => {
    const draws = random.fork(frame);
    return Uint8Array.from(backdrop, (value) => (draws.chance(0.05) ? draws.integer(256) : value));
  });
}

const framesTensor = (all: readonly Frame[]) =>
  new Tensor('uint8', Uint8Array.from(all.flatMap((frame) => [...frame])), [all.length, 64, 64, 3]);

/** The largest difference, relative to the largest magnitude or 1. */
function difference(actual: Tensor | undefined, expected: ArrayLike<number>): number {
  const values = actual?.data as Float32Array;
  expect(values).toHaveLength(expected.length);
  const magnitude = Math.max(1, ...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - (values[i] as number)))) / magnitude;
}

describe('exported networks', () => {
  it('are listed in the manifest, whose shapes are the files’ own', async () => {
    expect(JSON.parse(await readFile(join(out, MANIFEST_FILE), 'utf8'))).toEqual(manifest);
    expect((await readdir(out)).toSorted()).toEqual(
      [...manifest.networks.map(({ file }) => file), MANIFEST_FILE].toSorted(),
    );
    expect(manifest).toMatchObject({ format: 'reverie-networks', world });
    for (const { file, inputs, outputs } of manifest.networks) {
      const session = await InferenceSession.create(join(out, file), { graphOptimizationLevel: 'disabled' });
      const own = (infos: InferenceSession['inputMetadata']) =>
        infos.map((info) => (info.isTensor ? { name: info.name, dtype: info.type, shape: info.shape } : info));
      expect(own(session.inputMetadata)).toEqual(inputs.map(({ unit, ...rest }) => rest));
      expect(own(session.outputMetadata)).toEqual(outputs.map(({ unit, ...rest }) => rest));
      expect([...inputs, ...outputs].every(({ unit }) => unit !== '')).toBe(true);
      await session.release();
    }
  });

  it('give the numbers of the functions that they were made from', async () => {
    for (const { name, fn, signature, bytes } of agentNetworks(files)) {
      const program = await engine.compile(fn, signature(BATCH));
      const feeds = randomFeeds(program.inputs, random.fork(name));
      feeds.frames?.data.set(frames(BATCH).flatMap((frame) => [...frame]));
      const expected = await program.run(feeds);
      const tensors = Object.entries(feeds).map(([input, { data, dtype, shape }]): [string, Tensor] => [
        input,
        bytes.includes(input) ? new Tensor('uint8', Uint8Array.from(data), shape) : new Tensor(dtype, data, shape),
      ]);
      const results = await run(`${name}.onnx`, Object.fromEntries(tensors));
      expect(Object.keys(results)).toEqual(Object.keys(expected));
      for (const [output, { data }] of Object.entries(expected).filter(([output]) => !bytes.includes(output)))
        expect(difference(results[output], data), `${output} of ${name}`).toBeLessThan(1e-6);
      await program.dispose();
    }
  });

  it.each([1, BATCH])('encode %i raw frames as our engine does', async (count) => {
    const seen = frames(count);
    const { latents } = await run('encoder.onnx', { frames: framesTensor(seen) });
    expect(difference(latents, (await dynamics.encode(seen)).data)).toBeLessThan(1e-6);
  });

  it.each([1, BATCH])('predict from %i latents and actions as our engine does', async (count) => {
    const start = random.normals(dynamics.latentSize);
    const actions = Float32Array.from({ length: 2 * count }, () => random.uniform(-1, 1));
    const rows = new Float32Array(count * start.length);
    for (let row = 0; row < count; row++) rows.set(start, row * start.length);
    const { next } = await run('predictor.onnx', {
      latents: real(rows, count, start.length),
      actions: real(actions, count, 2),
    });
    const rollout = await dynamics.rollout(start, actions, count, 1);
    expect(difference(next, rollout.latents)).toBeLessThan(1e-6);
  });

  it('measure the temporal distance as our engine does', async () => {
    const size = dynamics.latentSize;
    const [from, goal] = [random.normals(BATCH * size), random.normals(size)];
    const to = Float32Array.from({ length: BATCH * size }, (_, i) => goal[i % size] as number);
    const { distance } = await run('distance.onnx', { from: real(from, BATCH, size), to: real(to, BATCH, size) });
    const rollout = { candidates: BATCH, horizon: 1, latentSize: size, latents: from };
    const costs = await dynamics.temporalDistance(goal, { mean: 1, last: 0 }).cost(rollout);
    expect(difference(distance, costs)).toBeLessThan(1e-6);
  });

  it('paint the frames of our renderer, whatever the batch', async () => {
    if (!files.renderer) throw new Error('the shipped agent has a renderer');
    const renderer = createRenderer(engine, files.renderer);
    const latents = random.normals(BATCH * dynamics.latentSize);
    const noise = frameNoise(9);
    const repeated = Float32Array.from({ length: BATCH * FRAME_BYTES }, (_, i) => noise[i % FRAME_BYTES] as number);
    const feeds = { latents: real(latents, BATCH, dynamics.latentSize) };
    const rows = { rows: BATCH, columns: dynamics.latentSize, data: latents };
    for (const steps of stepsKnownTo(files.renderer.networks.student)) {
      const painted = await run(`renderer-${steps}.onnx`, { ...feeds, noise: real(repeated, BATCH, 16, 16, 48) });
      const expected = await renderer.render(rows, { steps, seed: 9 });
      expectSameFrames(painted.frames, expected);
    }
    const { frames: means } = await run('regression.onnx', feeds);
    expectSameFrames(means, await renderer.render(rows, { steps: 1, seed: 9, method: 'regression' }));
  });

  it('denoise as the base model, which the sampler then makes a frame of', async () => {
    if (!files.renderer) throw new Error('the shipped agent has a renderer');
    const latents = random.normals(dynamics.latentSize);
    const { clean } = await run('denoiser.onnx', {
      latents: real(latents, 1, dynamics.latentSize),
      noisy: real(frameNoise(9), 1, 16, 16, 48),
      times: real(Float32Array.of(1), 1),
    });
    const renderer = createRenderer(engine, files.renderer);
    const [frame] = await renderer.render(
      { rows: 1, columns: latents.length, data: latents },
      { steps: 1, seed: 9, method: 'ddim' },
    );
    const { backdrop } = files.renderer;
    // One step of DDIM from pure noise ends at the clean picture itself; its pixels lie in patches here.
    const levels = [0, 1, 2].map((channel) => 127.5 * (clean?.data[channel] as number) + (backdrop[channel] as number));
    levels.forEach((level, channel) => {
      expect(Math.abs(Math.min(255, Math.max(0, level)) - (frame?.[channel] as number))).toBeLessThan(0.51);
    });
  });
});

/** Equal but for numbers that lie within rounding of the middle between two grey levels. */
function expectSameFrames(actual: Tensor | undefined, expected: readonly Frame[]): void {
  const levels = actual?.data as Uint8Array;
  expect(levels).toBeInstanceOf(Uint8Array);
  expect(levels).toHaveLength(expected.length * FRAME_BYTES);
  const differences = expected.flatMap((frame, row) =>
    Array.from(frame, (level, i) => Math.abs(level - (levels[row * FRAME_BYTES + i] as number))),
  );
  expect(differences.filter((difference) => difference > 1)).toEqual([]);
  expect(differences.filter((difference) => difference > 0).length).toBeLessThan(differences.length / 1000);
}

describe('an agent with choices for actions, and without a renderer', () => {
  it('takes the number of a choice', async () => {
    const config: LatentModelConfig = { ...files.latent.config, actions: { kind: 'discrete', count: 5 } };
    const predictor = initialise(predictorSpecs(config.predictor, config, 5), new Random(2));
    const latent = { config, tensors: { ...files.latent.tensors, ...predictor } };
    const { renderer: _, ...card } = files.card;
    const agent = join(scratch, 'choices');
    await writeAgentFiles(agent, { card: { ...card, latent: config }, latent, renderer: undefined });
    const directory = join(scratch, 'choices-out');
    const { networks } = await exportNetworks({ world, agent, out: directory });
    expect(networks.map(({ file }) => file)).toEqual([
      'encoder.onnx',
      'predictor.onnx',
      'distance.onnx',
      'things.onnx',
    ]);
    const start = random.normals(dynamics.latentSize);
    const { next } = await run(
      'predictor.onnx',
      { latents: real(start, 1, dynamics.latentSize), actions: new Tensor('int32', Int32Array.of(3), [1]) },
      directory,
    );
    const rollout = await new LearnedDynamics(engine, latent).rollout(start, Float32Array.of(3), 1, 1);
    expect(difference(next, rollout.latents)).toBeLessThan(1e-6);
  });
});

describe('portableModel', () => {
  const options = { name: 'test', description: 'a test', bytes: [], metadata: {} };
  const signature = (batch: number) => ({ x: { shape: [batch, 4] } });

  it('refuses a function that depends on the batch size, naming the operation', () => {
    expect(() =>
      portableModel(({ x }) => ({ y: tf.tile(x as tf.Tensor, [x?.shape[0] ?? 1, 1]) }), signature, options),
    ).toThrow(/Tile \(Tile\) depends on the batch size/);
    const divided = () =>
      portableModel(({ x }) => ({ y: tf.div(x as tf.Tensor, x?.shape[0] ?? 1) }), signature, options);
    expect(divided).toThrow(EngineError);
    const summed = () => portableModel(({ x }) => ({ y: tf.zeros([2 * (x?.shape[0] ?? 1)]) }), signature, options);
    expect(summed).toThrow(EngineError);
  });
});

describe('what cannot be exported is refused', () => {
  it('without an agent, with the agent of another world or version, and where nothing can be written', async () => {
    const agent = weightsDirectory(world.id);
    const nowhere = exportNetworks({ world, agent: join(scratch, 'nowhere'), out });
    await expect(nowhere).rejects.toThrow(WeightsError);
    await expect(nowhere).rejects.toThrow(/there is no agent in ".*nowhere"/);
    await expect(exportNetworks({ world: { id: 'puck', version: 1 }, agent, out })).rejects.toThrow(
      /was trained in push-t, not puck/,
    );
    await expect(exportNetworks({ world: { ...world, version: 2 }, agent, out })).rejects.toThrow(WeightsError);
    await writeFile(join(scratch, 'file'), '');
    await expect(exportNetworks({ world, agent, out: join(scratch, 'file') })).rejects.toThrow(DataError);
  });
});

describe('the command', () => {
  async function reverie(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const written = { stdout: '', stderr: '' };
    const sink = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) });
    const output = new Output({ stdout: sink('stdout'), stderr: sink('stderr') });
    const context = { output, clock: new ManualClock(), interruption: () => new AbortController().signal };
    const status = await runProgram(args, context);
    return { status, ...written };
  }

  it('prints one document', async () => {
    const directory = join(scratch, 'command');
    const { status, stdout } = await reverie('--json', 'export', '--world', 'push-t', '--out', directory);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ world: 'push-t', directory, networks: manifest.networks });
    expect(await readdir(directory)).toContain('encoder.onnx');
  });

  it.each([
    [['--out', 'x'], 2, /Name a recording .* or a world whose networks/],
    [['--world', 'nowhere', '--out', 'x'], 2, /'nowhere' is neither a world/],
    [['--world', 'puck', '--agent', '/nowhere', '--out', 'x'], 1, /there is no agent in "\/nowhere"/],
    [['--world', 'push-t', '--format', 'gif', '--out', 'x'], 2, /--format, --scale and --fps are for recordings/],
    [['a.recording', '--agent', 'x', '--out', 'x.gif'], 2, /--agent is for networks/],
  ])('refuses %j', async (args, expected, message) => {
    const { status, stdout, stderr } = await reverie('export', ...args);
    expect(status).toBe(expected);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
