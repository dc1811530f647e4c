import { once } from 'node:events';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { packError, unpackError } from '../../server/agent/agentMessages.ts';
import { startProcessAgent } from '../../server/agent/processAgent.ts';
import { EngineError, ServerError, WeightsError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { startProcess } from '../../shared/startProcess.ts';
import { FAKE_HORIZON, FAKE_LESSONS, fakeAgent } from './fakeAgent.ts';

// Each test starts a program or a thread, which a busy machine may take seconds for.
vi.setConfig({ testTimeout: 60_000 });

const module = new URL('./fakeAgent.ts', import.meta.url);
const start = (directory: string) => startProcessAgent({ directory, module });
const frame = new Uint8Array(FRAME_BYTES).fill(9);

describe('an agent in a process', () => {
  let agent: Agent | undefined;
  const started = async () => {
    agent ??= await start('line');
    return agent;
  };
  afterAll(() => agent?.dispose());

  test('is what it is in this process', async () => {
    const { world, latentSize, horizon, stepCounts } = await started();
    expect({ world, latentSize, horizon }).toEqual({ world: 'line', latentSize: 2, horizon: FAKE_HORIZON });
    expect(stepCounts).toEqual([1, 2, 4, 8]);
  });

  test('answers as it does in this process', async () => {
    const remote = await started();
    const local = fakeAgent();
    const request = { frame, previous: frame, goal: frame, seed: 5, warmStart: new Float32Array(3) };
    const plan = await remote.plan(request);
    expect(plan.costs[1]?.mean).toBe(5 + 3 + 9);
    expect(plan).toEqual(await local.plan(request));
    const observed = { ...request, candidates: 4 };
    expect((await remote.plan(observed)).candidates?.[0]?.actions[0]).toBe(0.5);
    expect(await remote.plan(observed)).toEqual(await local.plan(observed));
    expect(await remote.encode([frame, frame])).toEqual(await local.encode([frame, frame]));
    const [latent, actions] = [Float32Array.of(1, 2), Float32Array.of(1, 0.5)];
    expect(await remote.imagine(latent, actions)).toEqual(await local.imagine(latent, actions));
    for (let i = 0; i < FAKE_LESSONS; i++) expect(await remote.learnToRead()).toEqual(await local.learnToRead());
    const read = { ...request, read: true };
    expect((await remote.plan(read)).reading?.foreseen).toEqual([FAKE_HORIZON - 1]);
    expect(await remote.plan(read)).toEqual(await local.plan(read));
    const fill = {
      frame,
      hidden: new Uint8Array(FRAME_BYTES / 3).fill(1, 0, 9),
      guide: 'whole',
      steps: 2,
      seed: 40,
    } as const;
    expect(await remote.fill(fill)).toEqual(await local.fill(fill));
    const options = { steps: 2, seed: 1 };
    expect(await remote.render(plan.latents, options)).toEqual(await local.render(plan.latents, options));
  });

  test('leaves the arrays that it was given to their owner, and sends no more than they hold', async () => {
    const remote = await started();
    const shared = new Uint8Array(3 * FRAME_BYTES).fill(1);
    const middle = shared.subarray(FRAME_BYTES, 2 * FRAME_BYTES);
    await remote.plan({ frame: middle, goal: frame, seed: 0 });
    expect(middle.length).toBe(FRAME_BYTES);
    expect(frame[0]).toBe(9);
  });

  test('answers calls that wait at the same time', async () => {
    const remote = await started();
    const seeds = [1, 2, 3, 4];
    const plans = await Promise.all(seeds.map((seed) => remote.plan({ frame, goal: frame, seed })));
    expect(plans.map(({ costs }) => costs[1]?.mean)).toEqual(seeds);
  });
});

describe('trouble', () => {
  test('in loading is thrown as it was', async () => {
    const error = await start('damaged').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WeightsError);
    expect(error).toHaveProperty('message', "'card.json' is damaged; train the agent again");
  });

  test('in a call is thrown as it was, and the agent goes on', async () => {
    const agent = await start('fails-planning');
    await expect(agent.plan({ frame, goal: frame, seed: 0 })).rejects.toThrow(WeightsError);
    expect((await agent.encode([frame])).rows).toBe(1);
    await agent.dispose();
  });

  test('that ends the process fails the call and every later one', async () => {
    await expect(start('dies-loading')).rejects.toThrow(ServerError);
    const agent = await start('dies-planning');
    await expect(agent.plan({ frame, goal: frame, seed: 0 })).rejects.toThrow(/process has ended: exit status 4/);
    await expect(agent.encode([frame])).rejects.toThrow(ServerError);
    await agent.dispose();
  });

  test('in native code harms nobody else', async () => {
    const [agent, other] = await Promise.all([start('crashes-planning'), start('line')]);
    await expect(agent.plan({ frame, goal: frame, seed: 0 })).rejects.toThrow(/process has ended: SIGSEGV/);
    expect((await other.encode([frame])).rows).toBe(1);
    await other.dispose();
  });

  test('a module that is not there is named', async () => {
    const missing = startProcessAgent({ directory: 'line', module: new URL('./nowhere.ts', import.meta.url) });
    await expect(missing).rejects.toThrow(/nowhere\.ts/);
  });

  test('an agent that was disposed of refuses calls', async () => {
    const agent = await start('line');
    await agent.dispose();
    await expect(agent.encode([frame])).rejects.toThrow(ServerError);
    await agent.dispose();
  });
});

test('a process is gone when its agent has been disposed of', async () => {
  const { latentSize: pid, dispose } = await start('tells-its-process');
  expect(lives(pid)).toBe(true);
  await dispose();
  expect(lives(pid)).toBe(false);
});

test('a process that does not answer is gone too when its agent has been disposed of', async () => {
  const { latentSize: pid, dispose } = await start('tells-its-process');
  process.kill(pid, 'SIGSTOP');
  await dispose();
  expect(lives(pid)).toBe(false);
});

test('an agent is gone when its process has ended', async () => {
  const { latentSize: pid, gone, encode } = await start('tells-its-process');
  process.kill(pid, 'SIGKILL');
  expect(gone).toBeDefined();
  await gone;
  await expect(encode([frame])).rejects.toThrow(/process has ended: SIGKILL/);
});

test('a process ends with the one that started it, even when that is killed', async () => {
  const owner = startProcess(new URL('./agentOwner.ts', import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [pid] = await once(owner, 'message');
  expect(lives(pid)).toBe(true);
  owner.kill('SIGKILL');
  await vi.waitFor(() => expect(lives(pid)).toBe(false), { timeout: 20_000 });
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('errors keep class, message and stack across processes', () => {
  for (const error of [new EngineError('a'), new WeightsError('b'), new Error('c')]) {
    const unpacked = unpackError(structuredClone(packError(error)));
    expect(unpacked.constructor).toBe(error.constructor);
    expect([unpacked.name, unpacked.message, unpacked.stack]).toEqual([error.name, error.message, error.stack]);
  }
  expect(unpackError(packError('thrown text')).message).toBe('thrown text');
  expect(unpackError({ name: 'ReverieError', message: 'abstract' }).constructor).toBe(Error);
});
