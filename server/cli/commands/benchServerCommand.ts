/** `reverie bench server`: how old frames are when many viewers receive them, and when one client does harm. */
import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { integer, integers } from '../options.ts';
import { table } from '../output.ts';

interface ServerBenchOptions {
  readonly world: string;
  readonly viewers: readonly number[];
  readonly fps: number;
  readonly seconds: number;
}

export function addBenchServerCommand(bench: Command, context: CommandContext): void {
  bench
    .command('server')
    .description('age of frames with many viewers, and beside a stalled and a flooding client')
    .option('--world <world>', 'id of a world or path of a module', 'two-room')
    .option('--viewers <counts>', 'viewers of each row', integers(1, 500), [1, 10, 50])
    .option('--fps <rate>', 'steps of the physics, and so frames, a second', integer(1, 120), 30)
    .option('--seconds <duration>', 'for which each row is measured', integer(1, 3600), 30)
    .action((options: ServerBenchOptions) => benchServerOf(options, context));
}

async function benchServerOf(
  { world, viewers, fps, seconds }: ServerBenchOptions,
  { output, clock }: CommandContext,
): Promise<void> {
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { benchServer } = await import('../../bench/live/serverBench.ts');
  const definition = await loadWorld(world);
  const rows = await benchServer({
    definition,
    viewers,
    fps,
    seconds,
    clock,
    onRow: (row) => output.note(`measured ${row.viewers} viewers, harm: ${row.disturbance}`),
    onDefect: (error) => output.note(`A session failed: ${error instanceof Error ? error.stack : String(error)}`),
  });
  output.report({ world: definition.spec.id, rows }, () =>
    table([
      ['viewers', 'harm', 'fps', 'age ms p50', 'age ms p99', 'dropped', 'lost', 'MB'],
      ...rows.map((row) => [
        String(row.viewers),
        row.disturbance,
        row.fps.toFixed(1),
        ...[row.frameAgeMs.p50, row.frameAgeMs.p99].map((value) => value.toFixed(1)),
        ...[row.dropped, row.lost].map(String),
        row.rssMb.toFixed(0),
      ]),
    ]),
  );
}
