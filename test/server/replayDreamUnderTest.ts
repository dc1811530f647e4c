/**
 * A server that replays recordings of a make-believe world beside a make-believe agent's dream of them: what is on its
 * shelf, who watches, and what should be dreamt. It is started anew for every test, and may have no defect.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { LiveRecordings } from '../../server/recording/liveRecordings.ts';
import { encodeRecording } from '../../server/recording/recordingCodec.ts';
import type { Actor } from '../../server/recording/recordingHeader.ts';
import { RecordingShelf } from '../../server/recording/recordingShelf.ts';
import type { RendererSteps } from '../../shared/protocol/control.ts';
import type { FrameMessage } from '../../shared/protocol/frames.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { page, token } from './liveServerUnderTest.ts';
import { actionOf, recordedLine } from './recordedLine.ts';
import { TestPage } from './testPage.ts';

/** Steps of every recording. Not a whole number of stretches: of the last one two steps are left. */
export const LENGTH = 2 * FAKE_HORIZON + 2;
const RETENTION_MS = 50;
const world = fakeWorld({ id: 'slow', goal: 99, budget: 99, stepSeconds: 0.02 });
const worlds = new Map([[world.spec.id, world]]);
const clock = { now: () => performance.now() };

export interface ReplayDreamUnderTest {
  /** What the next agent is loaded as. */
  load: () => Agent | Promise<Agent>;
  /** Names of the agents that were given back. */
  readonly disposed: string[];
  readonly server: () => LiveServer;
  readonly recordings: () => LiveRecordings;
  readonly directory: () => string;
  /** Puts a recording on the shelf, perhaps with a step that no replay goes through; its id. */
  recorded(weights?: Actor['weights'], altered?: number): Promise<string>;
  watch(recording: string, session?: string): Promise<TestPage>;
  /** The replay, standing at its first step with the agent loaded. */
  standing(recording: string): Promise<TestPage>;
}

/** Has a server started before every test of the file, and closed after it. */
export function replayDreamUnderTest(): ReplayDreamUnderTest {
  let directory: string;
  let server: LiveServer;
  let recordings: LiveRecordings;
  let shelf: RecordingShelf;
  const pages: TestPage[] = [];
  const defects: unknown[] = [];

  const under: ReplayDreamUnderTest = {
    load: ownAgent,
    disposed: [],
    server: () => server,
    recordings: () => recordings,
    directory: () => directory,
    recorded: (weights, altered) => {
      const recording = recordedLine(world, LENGTH, weights);
      const steps = recording.steps.map((step, i) =>
        i + 1 === altered ? { ...step, hash: '0123456789abcdef' } : step,
      );
      return shelf.keep(encodeRecording({ ...recording, steps }));
    },
    watch: async (recording, session) => {
      const opened = new TestPage({ port: server.port, token });
      pages.push(opened);
      await opened.greet(undefined, session, session === undefined ? recording : undefined);
      await opened.message('episode');
      return opened;
    },
    standing: async (recording) => {
      const viewer = await under.watch(recording);
      viewer.ask({ type: 'transport', command: 'pause' });
      await viewer.message('phase', ({ phase }) => phase === 'paused');
      await viewer.message('replay', ({ dream }) => dream?.state === 'shown');
      return viewer;
    },
  };

  function ownAgent(): Agent {
    return fakeAgent('slow', { dispose: async () => void under.disposed.push('slow') });
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dreams-'));
    const onFailure = (error: unknown) => defects.push(error);
    recordings = await LiveRecordings.open({ directory, clock, sources: new Map(), onFailure });
    shelf = new RecordingShelf({ directory, worlds });
    under.load = ownAgent;
    server = await startLiveServer(
      {
        worlds,
        agents: new AgentPool(async () => under.load()),
        page,
        settings: { world: 'slow', seed: 3, rendererSteps: 2 },
        clock,
        recordings,
        shelf,
        onDefect: onFailure,
      },
      { ...defaultLiveServerConfig, retentionMs: RETENTION_MS, host: '127.0.0.1', port: 0, token },
    );
  });

  afterEach(async () => {
    for (const { socket } of pages.splice(0)) socket.terminate();
    await server.close();
    await rm(directory, { recursive: true });
    under.disposed.length = 0;
    expect(defects.splice(0)).toEqual([]);
  });

  return under;
}

/** First two bytes of a dream: what was imagined, and the renderer steps. */
export function dreamOf({ streams }: FrameMessage): readonly number[] | undefined {
  const dream = streams.find(({ name }) => name === 'dream')?.data;
  return dream && [...dream.subarray(0, 2)];
}

/** What the make-believe agent imagines of a step, from the frame at the beginning of its stretch. */
export function foreseen(step: number, steps: RendererSteps = 2): readonly number[] {
  const start = FAKE_HORIZON * Math.floor((step - 1) / FAKE_HORIZON);
  const seen = start === 0 ? 255 : 0; // the dot is in the corner at the start alone
  return [(seen + 10 * (step - start) * actionOf(step - 1)) % 256, steps];
}

/** Goes to a step and waits for the dream of it. */
export async function dreamAt(viewer: TestPage, step: number): Promise<readonly number[] | undefined> {
  viewer.frames.length = 0;
  viewer.ask({ type: 'replay', seek: step });
  const there = () => viewer.ticks().find((tick) => tick.envStep === step && dreamOf(tick) !== undefined);
  await viewer.until(() => there() !== undefined, `the dream of step ${step}`);
  return dreamOf(there() as FrameMessage);
}

/** Every step that the viewer was shown, once. */
export function stepsOf(viewer: TestPage): number[] {
  return [...new Set(viewer.ticks().map(({ envStep }) => envStep))];
}
