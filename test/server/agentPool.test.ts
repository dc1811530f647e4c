import { describe, expect, test } from 'vitest';
import type { Agent } from '../../server/agent/agent.ts';
import { type AgentLease, AgentPool } from '../../server/agent/agentPool.ts';
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

/** A first use that asks for nothing. */
const idle = async (): Promise<void> => {};

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

  test('lends nobody an agent that has died meanwhile, and keeps it for those that still hold it', async () => {
    const log: string[] = [];
    let end = (): void => {};
    const die = async () => {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    };
    const pool = new AgentPool(async (world) => {
      const gone = new Promise<void>((resolve) => {
        end = resolve;
      });
      return fakeAgent(world, { gone, dispose: async () => void log.push('dispose') });
    });
    let dead: Agent | undefined;
    await pool.warm('a', async (agent) => {
      dead = agent;
    });
    await die();
    const first = await pool.acquire('a');
    expect(first.agent).not.toBe(dead);
    await die();
    const second = await pool.acquire('a');
    expect(second.agent).not.toBe(first.agent);
    first.release();
    expect((await pool.acquire('a')).agent).toBe(second.agent);
    expect(log).toEqual(['dispose']);
  });

  test('warms an agent for whoever comes first, and disposes of it after the last', async () => {
    const { pool, log } = observedPool();
    const used: Agent[] = [];
    await pool.warm('a', async (agent) => void used.push(agent));
    const lease = await pool.acquire('a');
    expect(used).toEqual([lease.agent]);
    lease.release();
    await pool.settled();
    expect(log).toEqual(['start a 1', 'dispose a 1']);
  });

  test('disposes of an agent that nobody came for, also where it still starts', async () => {
    const { pool, log } = observedPool();
    const warmed = pool.warm('a', idle);
    await pool.settled();
    await warmed;
    expect(log).toEqual(['start a 1', 'dispose a 1']);
    await pool.acquire('a');
    expect(log.at(-1)).toBe('start a 2');
  });

  test('keeps what is borrowed while it waits for the others', async () => {
    const { pool, log } = observedPool();
    await Promise.all([pool.warm('a', idle), pool.acquire('b')]);
    await pool.settled();
    expect(log).toEqual(['start a 1', 'start b 2', 'dispose a 1']);
  });

  test('says why an agent could not be warmed, and tries again for the next', async () => {
    const { pool } = observedPool(2);
    await expect(pool.warm('a', idle)).rejects.toThrow('a 1 does not start');
    const waiting = pool.warm('a', idle);
    await pool.settled();
    await expect(waiting).rejects.toThrow('a 2 does not start');
    expect((await pool.acquire('a')).agent.world).toBe('a');
  });

  test.each([false, true])(
    'warms no agent whose first use failed for later borrowers (borrowed: %s)',
    async (borrowed) => {
      const { pool, log } = observedPool();
      let lease: AgentLease | undefined;
      const warmed = pool.warm('a', async () => {
        if (borrowed) lease = await pool.acquire('a');
        throw new Error('it has died');
      });
      await expect(warmed).rejects.toThrow('it has died');
      await pool.settled();
      const first = borrowed ? ['start a 1'] : ['start a 1', 'dispose a 1'];
      expect(log).toEqual(first);
      await pool.acquire('a');
      lease?.release();
      await pool.settled();
      expect(log).toEqual([...first, 'start a 2', ...(borrowed ? ['dispose a 1'] : [])]);
    },
  );
});
