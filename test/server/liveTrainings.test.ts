/** Trainings of a live server over real HTTP, and everything hostile that can be sent instead. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, type LiveServer, startLiveServer } from '../../server/live/liveServer.ts';
import { TrainingRuns } from '../../server/training/runs/trainingRuns.ts';
import {
  MOST_MINUTES,
  trainingAcceptedSchema,
  trainingListSchema,
  trainingMetricsSchema,
  trainingRefusedSchema,
} from '../../shared/protocol/trainings.ts';
import { fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';
import { page, token } from './liveServerUnderTest.ts';

const PATIENCE = { timeout: 30_000, interval: 20 };

let directory: string;
let server: LiveServer;
const defects: unknown[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trainings-'));
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
  expect(defects.splice(0)).toEqual([]);
});

async function start(training: boolean): Promise<void> {
  const trainings = new TrainingRuns({
    directory,
    worlds: new Map([['patient', 'patient']]),
    engine: 'cpu',
    entry: new URL('../training/fakeRun.ts', import.meta.url),
    today: () => new Date(),
  });
  server = await startLiveServer(
    {
      worlds: new Map([['line', fakeWorld()]]),
      agents: new AgentPool(async (id) => fakeAgent(id)),
      page,
      settings: { world: 'line', seed: 3, rendererSteps: 1 },
      clock: { now: () => performance.now() },
      ...(training && { trainings }),
      onDefect: (error) => defects.push(error),
    },
    { ...defaultLiveServerConfig, host: '127.0.0.1', port: 0, token },
  );
}

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

function ask(path: string, method = 'GET', body?: string, headers: Record<string, string> = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const at = (path = '', query = '') => `/trainings${path}?token=${token}${query}`;
const wanted = { world: 'patient', minutes: 5, seed: 7 };
const begin = (body: unknown) => ask(at(), 'POST', JSON.stringify(body));
const listed = async () => trainingListSchema.parse((await ask(at())).body).trainings;
const reason = ({ body }: Answered) => trainingRefusedSchema.parse(body).message;

describe('trainings of a live server', () => {
  test('are begun, watched, stopped and resumed', async () => {
    await start(true);
    expect(await listed()).toEqual([]);
    const begun = await begin(wanted);
    expect(begun.status).toBe(201);
    const { id } = trainingAcceptedSchema.parse(begun.body);
    await vi.waitFor(
      async () => expect(await listed()).toMatchObject([{ ...wanted, status: 'running', at: { stage: 'latent' } }]),
      PATIENCE,
    );
    const metrics = trainingMetricsSchema.parse((await ask(at(`/${id}/metrics`))).body);
    expect(metrics.lines).toEqual([{ stage: 'latent', step: 1, seconds: 1, terms: { loss: 0.5 } }]);
    const later = trainingMetricsSchema.parse((await ask(at(`/${id}/metrics`, `&from=${metrics.next}`))).body);
    expect(later).toEqual({ lines: [], next: metrics.next, more: false });
    expect((await ask(at(`/${id}/stop`), 'POST')).status).toBe(202);
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ status: 'stopped' }]), PATIENCE);
    expect((await ask(at(`/${id}/resume`), 'POST')).status).toBe(202);
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ status: 'running' }]), PATIENCE);
  });

  test('end with the server, saved', async () => {
    await start(true);
    await begin(wanted);
    await vi.waitFor(async () => expect(await listed()).toMatchObject([{ at: { stage: 'latent' } }]), PATIENCE);
    await server.close();
    await start(true);
    expect(await listed()).toMatchObject([{ status: 'stopped' }]);
  });

  test('a second one is refused with a reason', async () => {
    await start(true);
    await begin(wanted);
    const refused = await begin(wanted);
    expect(refused.status).toBe(422);
    expect(reason(refused)).toContain('at work already');
  });

  test.each([
    ['a world that is not there', { ...wanted, world: 'nowhere' }, 'nowhere'],
    ['no minutes', { world: 'patient', seed: 7 }, 'minutes'],
    ['too many minutes', { ...wanted, minutes: MOST_MINUTES + 1 }, 'minutes'],
    ['a seed that is none', { ...wanted, seed: 1.5 }, 'seed'],
    ['a list', [wanted], 'the whole'],
  ])('%s is refused with a reason', async (_, body, part) => {
    await start(true);
    const refused = await begin(body);
    expect(refused.status).toBe(422);
    expect(reason(refused)).toContain(part);
    expect(await listed()).toEqual([]);
  });

  test('what is no request is refused', async () => {
    await start(true);
    expect(await ask(at(), 'POST', '{"world":')).toMatchObject({ status: 422 });
    expect(await ask(at(), 'POST', 'x'.repeat(5000))).toMatchObject({ status: 413 });
    expect(await ask(at(), 'DELETE')).toMatchObject({ status: 405 });
    expect(await ask(at('/..%2F..'), 'GET')).toMatchObject({ status: 404 });
    expect(await ask(at('/..%2F../stop'), 'POST')).toMatchObject({ status: 422 });
    expect(await ask(at('/%/metrics'))).toMatchObject({ status: 422 });
    expect(await ask(at('/nothing/metrics'))).toMatchObject({ status: 422 });
    expect(await ask(at('/nothing/metrics', '&from=-1'))).toMatchObject({ status: 422 });
    expect(await ask(at('/nothing/stop'))).toMatchObject({ status: 405 });
    expect(await ask(at('/nothing/stop/now'), 'POST')).toMatchObject({ status: 404 });
    expect(await listed()).toEqual([]);
  });

  test('nobody else may ask', async () => {
    await start(true);
    const body = JSON.stringify(wanted);
    expect(await ask('/trainings', 'POST', body)).toMatchObject({ status: 401 });
    expect(await ask('/trainings?token=guess', 'POST', body)).toMatchObject({ status: 401 });
    expect(await ask(at(), 'POST', body, { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(at(), 'POST', body, { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await listed()).toEqual([]);
  });

  test('a server that trains nothing says so', async () => {
    await start(false);
    const answered = await ask(at());
    expect(answered.status).toBe(404);
    expect(reason(answered)).toContain('--no-training');
  });
});
