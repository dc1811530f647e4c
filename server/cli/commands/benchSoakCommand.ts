/** `reverie bench soak`: a real server under restless viewers, and whether anything grows without end. */
import type { Command } from 'commander';
import type { Growth } from '../../bench/live/growth.ts';
import type { SoakReport } from '../../bench/live/soak.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, numberAbove, seed } from '../options.ts';
import { table } from '../output.ts';

interface SoakOptions {
  readonly worlds: readonly string[];
  readonly viewers: number;
  readonly minutes: number;
  readonly every: number;
  readonly seed: number;
}

export function addBenchSoakCommand(bench: Command, context: CommandContext): void {
  bench
    .command('soak')
    .description('memory, threads, agents and sockets of a server under viewers that come, go, stall and plan')
    .option('--worlds <ids>', 'worlds that viewers choose from, separated by commas', ids, ['two-room', 'push-t'])
    .option('--viewers <count>', 'viewers at a time', integer(1, 100), 4)
    .option('--minutes <duration>', 'how long', numberAbove(0), 30)
    .option('--every <seconds>', 'between two samples', numberAbove(0), 5)
    .option('--seed <seed>', 'determines what viewers do', seed, 0)
    .addHelpText('after', '\nEnds with status 1 when something grew faster than is allowed, or a session met a defect.')
    .action((options: SoakOptions) => soakOf(options, context));
}

const ids = (text: string): string[] => [...new Set(text.split(',').map((id) => id.trim()))];

async function soakOf(
  options: SoakOptions,
  { output, clock, interruption, setExitCode }: CommandContext,
): Promise<void> {
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { startProcessAgent } = await import('../../agent/processAgent.ts');
  const { soak } = await import('../../bench/live/soak.ts');
  const { minutes, viewers, every, seed: chosenSeed } = options;
  const progress = output.progress('soak', 60 * minutes);
  const report = await soak({
    worlds: await Promise.all(options.worlds.map(loadWorld)),
    startAgent: (world) => startProcessAgent({ directory: weightsDirectory(world) }),
    viewers,
    minutes,
    sampleSeconds: every,
    seed: chosenSeed,
    clock,
    until: interruption(),
    onSample: ({ hours, serverMb, rssMb, agents, threads }) =>
      progress.update(
        3600 * hours,
        `${serverMb.toFixed(0)} of ${rssMb.toFixed(0)} MB, ${agents} agents, ${threads} threads`,
      ),
    onDefect: (error) => output.note(`A session failed: ${error instanceof Error ? error.stack : String(error)}`),
  });
  output.report(report, ({ quantities, tally, defects }) =>
    [
      table([
        ['quantity', 'at the end', 'an hour', 'allowed', 'scatter', 'grows'],
        ...Object.entries(quantities).map(([name, growth]) => [name, ...cellsOf(growth)]),
      ]),
      `${tally.visits} visits, ${tally.requests} requests, ${tally.frames} frame messages, ${tally.errors} errors told, ${defects} defects`,
      ...tally.errorTexts.map((text) => `  told: ${text}`),
      verdict(report),
    ].join('\n'),
  );
  if (!report.ok) setExitCode(1);
}

function cellsOf(growth: Growth | null): string[] {
  if (growth === null) return [...Array<string>(4).fill('–'), 'not judged'];
  const { value, perHour, limitPerHour, scatter, grows } = growth;
  return [...[value, perHour, limitPerHour, scatter].map((number) => number.toFixed(1)), grows ? 'yes' : 'no'];
}

function verdict({ ok, samples, quantities }: SoakReport): string {
  if (ok) return 'Nothing grew.';
  const unjudged = Object.values(quantities).includes(null);
  return unjudged ? `Only ${samples} samples could be taken, too few to judge by.` : 'Something grew or broke.';
}
