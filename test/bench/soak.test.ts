/** A soak that cannot be judged: it says so before it begins, or, where it is interrupted, by its report. */
import { expect, test } from 'vitest';
import { type SoakReport, soak } from '../../server/bench/live/soak.ts';
import { runCommand } from '../runCommand.ts';
import { fakeAgent } from '../server/fakeAgent.ts';
import { fakeWorld } from '../server/fakeWorld.ts';

test('one that is too short is refused before anything is started', async () => {
  const { status, stdout, stderr } = await runCommand('bench', 'soak', '--minutes', '0.5', '--every', '5');
  expect(stderr).toContain('0.5 minutes with a sample every 5 s make 6 samples');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('one that is interrupted early reports what it saw, and that nothing is judged', async () => {
  const report: SoakReport = await soak({
    worlds: [fakeWorld()],
    startAgent: async (world) => fakeAgent(world),
    viewers: 1,
    minutes: 1,
    sampleSeconds: 1,
    seed: 0,
    clock: { now: () => performance.now() },
    until: AbortSignal.abort(),
    onDefect: (error) => expect.fail(String(error)),
  });
  expect(report).toMatchObject({ samples: 0, defects: 0, ok: false });
  expect(new Set(Object.values(report.quantities))).toEqual(new Set([null]));
});
