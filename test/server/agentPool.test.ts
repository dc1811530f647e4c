import { describe, expect, test } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { fakeAgent } from './fakeAgent.ts';

/** A pool, and what became of its agents. */
function observedPool(failures = 0) {
  const log: string[] = [];
  let starts = 0;
  const pool = new AgentPool(async (world) => {
    starts++;
    const name = `${world} ${starts}`;
    if (starts <= failures) throw new Error(`${name} does not start`);
    log.push(`start ${name}`);
    return fakeAgent(world, { dispose: async () => void log.push(`dispose ${name}`) });
  });
  return { pool, log };
}

describe('a pool', () => {
  test('lends one agent to all sessions of a world, and disposes of it after the last', async () => {
    const { pool, log } = observedPool();
    const [first, second] = await Promise.all([pool.acquire('a'), pool.acquire('a')]);
    expect(first.agent).toBe(second.agent);
    first.release();
    first.release();
    expect(log).toEqual(['start a 1']);
    second.release();
    await pool.settled();
    expect(log).toEqual(['start a 1', 'dispose a 1']);
  });

  test('keeps worlds apart', async () => {
    const { pool } = observedPool();
    const [a, b] = await Promise.all([pool.acquire('a'), pool.acquire('b')]);
    expect([a.agent.world, b.agent.world]).toEqual(['a', 'b']);
  });

  test('starts a new agent for who comes after a discarded one, which stays for those that still hold it', async () => {
    const { pool, log } = observedPool();
    const [failed, bystander] = await Promise.all([pool.acquire('a'), pool.acquire('a')]);
    failed.discard();
    const next = await pool.acquire('a');
    expect(next.agent).not.toBe(failed.agent);
    expect(log).toEqual(['start a 1', 'start a 2']);
    bystander.release();
    await pool.settled();
    expect(log).toEqual(['start a 1', 'start a 2', 'dispose a 1']);
  });

  test('tries again after a start that failed', async () => {
    const { pool } = observedPool(1);
    await expect(pool.acquire('a')).rejects.toThrow('a 1 does not start');
    expect((await pool.acquire('a')).agent.world).toBe('a');
  });

  test('warms an agent for whoever comes first, and disposes of it after the last', async () => {
    const { pool, log } = observedPool();
    const warmed = await pool.warm('a');
    const lease = await pool.acquire('a');
    expect(lease.agent).toBe(warmed);
    lease.release();
    await pool.settled();
    expect(log).toEqual(['start a 1', 'dispose a 1']);
  });

  test('disposes of an agent that nobody came for, also where it still starts', async () => {
    const { pool, log } = observedPool();
    const warmed = pool.warm('a');
    await pool.settled();
    await warmed;
    expect(log).toEqual(['start a 1', 'dispose a 1']);
    await pool.acquire('a');
    expect(log.at(-1)).toBe('start a 2');
  });

  test('keeps what is borrowed while it waits for the others', async () => {
    const { pool, log } = observedPool();
    await Promise.all([pool.warm('a'), pool.acquire('b')]);
    await pool.settled();
    expect(log).toEqual(['start a 1', 'start b 2', 'dispose a 1']);
  });

  test('says why an agent could not be warmed, and tries again for the next', async () => {
    const { pool } = observedPool(2);
    await expect(pool.warm('a')).rejects.toThrow('a 1 does not start');
    const waiting = pool.warm('a');
    await pool.settled();
    await expect(waiting).rejects.toThrow('a 2 does not start');
    expect((await pool.acquire('a')).agent.world).toBe('a');
  });
});
