/** `reverie bench engine`: how fast the engines run small networks, beside PyTorch where that is wanted. */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type EngineName, engineNames } from '../../../models/tensor/engineNames.ts';
import { UsageError } from '../../../shared/errors.ts';
import type { Contestant } from '../../bench/engine/contestant.ts';
import type { EngineRow } from '../../bench/engine/engineBench.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, listOf, numberAbove } from '../options.ts';
import { table } from '../output.ts';

const networkNames = ['dit', 'unet', 'mlp'] as const;

interface EngineBenchOptions {
  readonly engine: string;
  readonly nets: readonly (typeof networkNames)[number][];
  readonly threads: number;
  readonly seconds: number;
  readonly peer?: 'pytorch';
  readonly python: string;
}

export function addBenchEngineCommand(bench: Command, context: CommandContext): void {
  bench
    .command('engine')
    .description('training steps and forward passes of three small networks on every engine, at batch 16 and 1')
    .option(
      '--engine <engine>',
      'engines separated by commas, instead of all that run here but wasm, which takes seconds a step',
      'all',
    )
    .option('--nets <names>', 'which networks, separated by commas', listOf(networkNames), [...networkNames])
    .option('--threads <count>', 'threads of an operator', integer(1, 1024), availableParallelism())
    .option('--seconds <seconds>', 'time of each engine in each race', numberAbove(0), 4)
    .addOption(new Option('--peer <peer>', 'what else runs them, in turns with the engines').choices(['pytorch']))
    .option('--python <interpreter>', 'the Python that has torch', 'python3')
    .action((options: EngineBenchOptions) => benchEngineOf(options, context));
}

async function benchEngineOf(options: EngineBenchOptions, { output, clock }: CommandContext): Promise<void> {
  const { batches, benchEngines } = await import('../../bench/engine/engineBench.ts');
  const { referenceNetworks } = await import('../../bench/engine/referenceNetworks.ts');
  const networks = referenceNetworks.filter(({ name }) => options.nets.includes(name));
  const scratch = await mkdtemp(join(tmpdir(), 'reverie-bench-'));
  const contestants: Contestant[] = [];
  try {
    contestants.push(...(await contestantsOf(options, clock, scratch)));
    const reference = (contestants.at(-1) as Contestant).name;
    const rows = await benchEngines({
      contestants,
      reference,
      networks,
      batches,
      budget: 1000 * options.seconds,
      clock,
      onRace: ({ name }, batch, phase) => output.note(`${name}, batch ${batch}, ${phase}`),
    });
    const devices = Object.fromEntries(contestants.map(({ name, device }) => [name, device]));
    output.report({ reference, devices, rows }, ({ rows }) => describe(rows, reference));
  } finally {
    for (const contestant of contestants) await contestant.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * The engines that are asked for and, last, the peer.
 * @param scratch a directory for their caches
 * @throws UsageError where there is none
 */
async function contestantsOf(
  { engine: wanted, threads, peer, python }: EngineBenchOptions,
  clock: CommandContext['clock'],
  scratch: string,
): Promise<Contestant[]> {
  const { createEngine, listEngines } = await import('../../../models/tensor/engines.ts');
  const { contestantOf } = await import('../../bench/engine/contestant.ts');
  const { startPytorchPeer } = await import('../../bench/engine/pytorchPeer.ts');
  const named = wanted.split(',');
  const unknown = named.find((name) => name !== 'all' && !engineNames.includes(name as EngineName));
  if (unknown !== undefined)
    throw new UsageError(`there is no engine "${unknown}"; choose all, ${engineNames.join(', ')}`);
  const statuses = await listEngines();
  const chosen = statuses.filter(
    ({ name, available }) => named.includes(name) || (named.includes('all') && available && name !== 'wasm'),
  );
  const contestants: Contestant[] = [];
  for (const { name, device } of chosen) {
    const cache = name === 'cpu' ? join(scratch, name) : undefined;
    const engine = await createEngine(name, { threads, ...(cache !== undefined && { cache }) });
    const forget = cache === undefined ? undefined : () => rm(cache, { recursive: true, force: true });
    contestants.push(contestantOf(engine, device, clock, forget));
  }
  if (peer) contestants.push(await startPytorchPeer(python, threads));
  return contestants;
}

function describe(rows: readonly EngineRow[], reference: string): string {
  const milliseconds = (value: number | null): string => value?.toFixed(2) ?? '–';
  const times = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)}×`);
  const both = ({ train, forward }: EngineRow['compileMs']): string =>
    train === null && forward === null ? '–' : `${train?.toFixed(0) ?? '–'} + ${forward?.toFixed(0) ?? '–'}`;
  return table([
    [
      'net',
      'batch',
      'engine',
      'train ms',
      `of ${reference}`,
      'GFLOP/s',
      'forward ms',
      `of ${reference}`,
      'compile ms',
      'cached',
      '',
    ],
    ...rows.map((row) => [
      row.net,
      String(row.batch),
      row.engine,
      milliseconds(row.trainMs),
      times(row.ratio.train),
      row.gflops?.toFixed(1) ?? '–',
      milliseconds(row.forwardMs),
      times(row.ratio.forward),
      both(row.compileMs),
      both(row.cachedCompileMs),
      row.remark ?? '',
    ]),
  ]);
}
