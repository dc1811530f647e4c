/** `reverie inspect`: whether a dataset is whole, what its numbers look like, and what its frames look like. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../../shared/errors.ts';
import type { WorldDefinition } from '../../../shared/world.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { DatasetStatistics } from '../../data/datasetStatistics.ts';
import type { StoredEpisode } from '../../data/episodeBlock.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer } from '../options.ts';
import { table } from '../output.ts';

interface InspectOptions {
  readonly sheet?: string;
  readonly episode?: number;
  readonly world?: string;
}

export function addInspectCommand(program: Command, { output }: CommandContext): void {
  program
    .command('inspect')
    .description('verify a dataset, sum it up, and draw a contact sheet of it')
    .argument('<directory>', 'directory of the dataset')
    .option('--sheet <file>', 'draw frames of some episodes, or of the one chosen, into this PNG')
    .option('--episode <index>', 'look at this episode, counted from 0', integer(0))
    .option('--world <world>', 'module of the world, for a sheet of a world that is not built in')
    .action(async (directory: string, { sheet, episode: index, world }: InspectOptions) => {
      if (world !== undefined && sheet === undefined)
        throw new UsageError('--world draws the frames of a sheet; add --sheet, or leave it out');
      const { openDataset } = await import('../../data/dataset.ts');
      const { datasetStatistics } = await import('../../data/datasetStatistics.ts');
      let dataset = await openDataset(directory);
      if (sheet !== undefined) dataset = await openDataset(directory, await definitionFor(dataset, world));
      const statistics = await datasetStatistics(dataset);
      const chosen = index === undefined ? undefined : describeEpisode(dataset, await episodeOf(dataset, index));
      if (sheet !== undefined) await writeSheet(sheet, dataset, index);
      const { metadata } = dataset;
      const result = {
        directory: resolve(directory),
        ok: true,
        world: metadata.world.id,
        version: metadata.world.version,
        seed: metadata.seed,
        factors: metadata.factors,
        megabytes: metadata.dataset_size,
        shards: metadata.shards.length,
        software: metadata.software,
        ...statistics,
        ...(chosen && { episode: chosen }),
        ...(sheet !== undefined && { sheet: resolve(sheet) }),
      };
      output.report(result, () =>
        [
          chosen ? episodeTable(chosen) : overview(dataset, statistics),
          ...(sheet === undefined ? [] : [`The sheet is in ${sheet}; its episodes' frames came out as collected.`]),
        ].join('\n\n'),
      );
    });
}

/** The world that draws the dataset's frames. A dataset never says which code to run: the user does. */
async function definitionFor(dataset: Dataset, named: string | undefined): Promise<WorldDefinition> {
  const { loadWorld, worldIds } = await import('../../../envs/registry.ts');
  const { id } = dataset.metadata.world;
  if (named === undefined && !worldIds().includes(id)) {
    throw new UsageError(`the frames of '${id}' are drawn by its module: name it with --world`);
  }
  return loadWorld(named ?? id);
}

async function episodeOf(dataset: Dataset, index: number): Promise<StoredEpisode> {
  const { total_episodes } = dataset.metadata;
  if (index < total_episodes) return dataset.episode(index);
  throw new UsageError(`there is no episode ${index}: give one from 0 to ${total_episodes - 1}`);
}

async function writeSheet(path: string, dataset: Dataset, index: number | undefined): Promise<void> {
  const { contactSheet } = await import('../../data/contactSheet.ts');
  const { writeAtomically } = await import('../../files/writeAtomically.ts');
  await writeAtomically(path, await contactSheet(dataset, index));
}

function describeEpisode(dataset: Dataset, episode: StoredEpisode) {
  const { index, seed, steps, terminations, truncations, variation, states, frameDigest } = episode;
  const names = dataset.quantityNames;
  const row = (t: number) => Object.fromEntries(names.map((name, i) => [name, states[t * names.length + i] as number]));
  const terminated = terminations[steps - 1] === 1;
  const truncated = truncations[steps - 1] === 1;
  return { index, seed, steps, terminated, truncated, variation, first: row(0), last: row(steps), frameDigest };
}

function episodeTable(episode: ReturnType<typeof describeEpisode>): string {
  const { index, seed, steps, terminated, variation, first, last } = episode;
  const facts = [
    ['episode', String(index)],
    ['seed', String(seed)],
    ['steps', `${steps}, ${terminated ? 'terminated' : 'truncated'}`],
    ...Object.entries(variation).map(([name, value]) => [name, String(value)]),
  ];
  const states = Object.entries(first).map(([name, value]) => [name, short(value), short(last[name] as number)]);
  return `${table(facts)}\n\n${table([['quantity', 'first', 'last'], ...states])}`;
}

function overview({ metadata }: Dataset, statistics: DatasetStatistics): string {
  const { world, seed, factors, dataset_size, shards } = metadata;
  const { episodes, steps, lengths, terminated, truncated, changing, quantities, actions, choices } = statistics;
  const { fixed, drawn } = factors;
  const varied = [...Object.entries(fixed).map(([name, value]) => `${name}=${value}`), ...drawn];
  const facts = [
    ['world', `${world.id}, version ${world.version}`],
    ['episodes', `${episodes}, from seed ${seed}`],
    ['steps', String(steps)],
    ['steps an episode', `${lengths.min} to ${lengths.max}, median ${lengths.median}, mean ${short(lengths.mean)}`],
    ['ended', `${percent(terminated)} terminated, ${percent(truncated)} truncated`],
    ['varied', varied.join(', ') || 'nothing'],
    ['steps that change anything', percent(changing)],
    ['files', `${shards.length}, ${dataset_size} MB, all as collected`],
  ];
  const states = Object.entries(quantities).map(([name, { unit, min, mean, max, changes }]) => [
    name,
    unit,
    ...[min, mean, max].map(short),
    percent(changes),
  ]);
  const acted =
    actions.length > 0
      ? table([
          ['action', 'min', 'mean', 'max', 'deviation'],
          ...actions.map(({ min, mean, max, deviation }, i) => [String(i), ...[min, mean, max, deviation].map(short)]),
        ])
      : table([['action', 'taken'], ...choices.map((share, i) => [String(i), percent(share)])]);
  return [table(facts), table([['quantity', 'unit', 'min', 'mean', 'max', 'changes'], ...states]), acted].join('\n\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(0)}%`;

const short = (value: number): string => String(Number(value.toPrecision(4)));
