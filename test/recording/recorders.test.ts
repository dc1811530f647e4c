/** Episodes that are recorded while something else goes on: an evaluation, a live session. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { randomController, scriptedController } from '../../server/evaluation/blindControllers.ts';
import { drawTasks, evaluateRow } from '../../server/evaluation/evaluate.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import type { Recording } from '../../server/recording/recording.ts';
import { readRecording } from '../../server/recording/recordingFile.ts';
import { RecordingFolder } from '../../server/recording/recordingFolder.ts';
import { replayRecording } from '../../server/recording/replayRecording.ts';
import { recordRow } from '../../server/recording/rowRecordings.ts';
import { ManualClock } from '../../shared/clock.ts';
import { DataError } from '../../shared/errors.ts';
import type { Task } from '../../shared/world.ts';
import { fakeAgent } from '../server/fakeAgent.ts';
import { fakeWorld } from '../server/fakeWorld.ts';
import { TestPage } from '../server/testPage.ts';
import { driftWorld } from './driftWorld.ts';
import { createdAt } from './recordScript.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-recordings-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const failed = (error: unknown): never => expect.fail(String(error));

/** All recordings in the folder, by name. */
async function recordings(): Promise<Map<string, Recording>> {
  const names = (await readdir(directory)).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readRecording(join(directory, name))] as const)),
  );
}

describe('an evaluation', () => {
  const definition = driftWorld();
  const tasks = drawTasks(definition.create(), 12, 1);

  test('records one file an episode, named after row and task, each of which replays', async () => {
    const folder = await RecordingFolder.open(directory, failed);
    const common = { folder, clock: new ManualClock(), source: 'drift', tasks };
    const script = recordRow({ ...common, row: 'scripted', actor: { kind: 'script', seed: 1 } });
    const random = recordRow({ ...common, row: 'random', actor: { kind: 'random', seed: 1 } });
    await evaluateRow(definition, tasks, scriptedController(1), undefined, script);
    await evaluateRow(definition, tasks, randomController(1), undefined, random);
    await folder.settled();
    const kept = await recordings();
    expect([...kept.keys()]).toEqual(
      ['random', 'scripted'].flatMap((row) =>
        tasks.map((task, i) => `drift-${row}-${String(i + 1).padStart(2, '0')}-task${task.seed}.recording`),
      ),
    );
    expect(folder.written).toBe(24);
    for (const [name, recording] of kept) {
      expect(recording.header.task).toEqual(tasks.find(({ seed }) => name.includes(`task${seed}.`)));
      expect(recording.header.actor.kind).toBe(name.includes('random') ? 'random' : 'script');
      expect(replayRecording(recording, definition.create()).ok).toBe(true);
    }
  });

  test('has the same result as without', async () => {
    const folder = await RecordingFolder.open(directory, failed);
    const options = { folder, clock: new ManualClock(), source: 'drift', tasks, row: 'random' };
    const record = recordRow({ ...options, actor: { kind: 'random', seed: 1 } });
    const recorded = await evaluateRow(definition, tasks, randomController(1), undefined, record);
    expect(recorded).toEqual(await evaluateRow(definition, tasks, randomController(1)));
    await folder.settled();
  });

  test('whose world breaks down keeps the steps until then', async () => {
    const broken = fakeWorld({ breaksAt: 4 });
    const folder = await RecordingFolder.open(directory, failed);
    const lineTasks = [broken.create().task(1)];
    const options = { folder, clock: new ManualClock(), source: 'line', tasks: lineTasks, row: 'scripted' };
    const record = recordRow({ ...options, actor: { kind: 'script' } });
    const row = evaluateRow(broken, lineTasks, scriptedController(1), undefined, record);
    await expect(row).rejects.toThrow('the line is cut');
    await folder.settled();
    expect([...(await recordings()).values()].map(({ steps }) => steps.length)).toEqual([3]);
  });
});

describe('a folder', () => {
  const facts = { source: 'drift', variation: {}, start: { kind: 'reset' as const, seed: 0 }, createdAt };

  test('keeps no episode without a step, and each that ends only once', async () => {
    const folder = await RecordingFolder.open(join(directory, 'new', 'folder'), failed);
    const world = driftWorld().create();
    world.reset(0);
    const [empty, short] = ['empty', 'short'].map((name) =>
      folder.begin(name, world, { ...facts, actor: { kind: 'human' } }),
    );
    short?.step([0.5], world.step([0.5]));
    for (const recording of [empty, short, short]) recording?.end();
    await folder.settled();
    expect(await readdir(folder.directory)).toEqual(['short.recording']);
    expect(folder.written).toBe(1);
  });

  test('that cannot be written to is refused before anything is played', async () => {
    await writeFile(join(directory, 'file'), '');
    const opening = RecordingFolder.open(join(directory, 'file', 'folder'), failed);
    await expect(opening).rejects.toThrow(DataError);
    await expect(opening).rejects.toThrow(/recordings cannot be written to .*choose another directory/);
  });

  test('in which a file cannot be written tells of it, and keeps the others', async () => {
    const told: unknown[] = [];
    const folder = await RecordingFolder.open(directory, (error) => told.push(error));
    const world = driftWorld().create();
    // A folder is in the place of the first file, so that it cannot be renamed there.
    await RecordingFolder.open(join(directory, 'lost.recording', 'in-the-way'), failed);
    for (const name of ['lost', 'kept']) {
      world.reset(0);
      const recording = folder.begin(name, world, { ...facts, actor: { kind: 'human' } });
      recording.step([1], world.step([1]));
      recording.end();
    }
    await folder.settled();
    expect(told.map(String)).toEqual([expect.stringMatching(/cannot write ".*lost\.recording"/)]);
    expect(folder.written).toBe(1);
  });
});

describe('a live server', () => {
  const worlds = new Map(
    [
      fakeWorld({ stepSeconds: 0.002 }),
      fakeWorld({ id: 'endless', goal: 9999, budget: 9999, stepSeconds: 0.002 }),
      fakeWorld({ id: 'broken', breaksAt: 3, stepSeconds: 0.002 }),
    ].map((definition) => [definition.spec.id, definition]),
  );
  let server: LiveServer;
  let page: TestPage;
  let live: LiveRecordings;

  async function watch(world: string, weights?: string): Promise<void> {
    const clock = { now: () => performance.now() };
    const sources = new Map([['endless', './endless.ts']]);
    live = await LiveRecordings.open({ directory, clock, sources, onFailure: failed });
    server = await startLiveServer(
      {
        worlds,
        agents: new AgentPool(async (id) => {
          if (weights !== undefined) await live.noteAgent(id, weights);
          return fakeAgent(id);
        }),
        page: new Map(),
        settings: { world, seed: 3, rendererSteps: 1 },
        clock,
        record: (played, task) => live.begin(played, task),
        onDefect: (error) => expect.fail(String(error)),
      },
      { ...defaultLiveServerConfig, host: '127.0.0.1', port: 0, token: 'a-secret' },
    );
    page = new TestPage({ port: server.port, token: 'a-secret' });
    await page.greet();
  }

  async function stop(): Promise<Recording[]> {
    page.socket.terminate();
    await server.close();
    await live.settled();
    const kept = [...(await recordings()).values()];
    for (const recording of kept) {
      const definition = worlds.get(recording.header.world.id);
      expect(definition && replayRecording(recording, definition.create()).ok).toBe(true);
    }
    return kept;
  }

  test('records an episode as soon as it ends', async () => {
    await watch('line');
    await page.message('outcome');
    await expect.poll(async () => (await readdir(directory)).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [recording] = await stop();
    expect(recording?.steps.map(({ action }) => action)).toEqual(Array(6).fill([1]));
    const task: Task | undefined = worlds.get('line')?.create().task(3);
    expect(recording?.header).toMatchObject({
      world: { id: 'line', source: 'line' },
      task,
      start: { kind: 'place', state: task?.start },
      actor: { kind: 'agent', seed: 3 },
    });
  });

  test("records an episode that a person drove a part of as a person's", async () => {
    await watch('endless');
    await page.until(() => page.ticks().length > 2, 'ticks of the agent');
    page.ask({ type: 'drive', direction: { x: -1, y: 0 }, world: 'truth' });
    await page.message('heard');
    page.forget();
    await page.until(() => page.ticks().length > 4, 'driven ticks');
    const [recording] = await stop();
    expect(recording?.header.actor).toEqual({ kind: 'human' });
    expect(new Set(recording?.steps.map(({ action }) => action[0]))).toEqual(new Set([1, -1]));
  });

  test('keeps the episode in progress when it is closed', async () => {
    await watch('endless');
    await page.until(() => page.ticks().length > 5, 'ticks');
    const seen = page.ticks().at(-1)?.envStep ?? 0;
    expect(await readdir(directory)).toEqual([]);
    const [recording, ...others] = await stop();
    expect(seen).toBeGreaterThan(3);
    expect(recording?.steps.length).toBeGreaterThanOrEqual(seen);
    expect(recording?.header.world).toEqual({ id: 'endless', version: 1, source: './endless.ts' });
    expect(others).toEqual([]);
  });

  test('keeps the episode that a viewer leaves for the next, and one whose world breaks down', async () => {
    await watch('endless');
    await page.until(() => page.ticks().length > 5, 'ticks');
    page.ask({ type: 'transport', command: 'next' });
    await page.message('episode', ({ settings }) => settings.seed === 4);
    page.ask({ type: 'configure', settings: { world: 'broken' } });
    await page.message('error', ({ code }) => code === 'world');
    const kept = await stop();
    const broken = kept.find(({ header }) => header.world.id === 'broken');
    expect(broken?.steps).toHaveLength(2);
    expect(kept.some(({ header }) => header.world.id === 'endless' && header.task?.seed === 3)).toBe(true);
  });

  test('says which weights an agent had', async () => {
    const weights = await mkdtemp(join(tmpdir(), 'reverie-agent-'));
    try {
      await writeFile(join(weights, 'card.json'), '{}');
      await watch('line', weights);
      await page.message('outcome');
      const [recording] = await stop();
      // The SHA-256 of `{}`.
      expect(recording?.header.actor.weights).toEqual({ directory: weights, card: '44136fa355b3678a' });
    } finally {
      await rm(weights, { recursive: true });
    }
  });
});
