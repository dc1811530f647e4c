/**
 * What the numbers of a dataset look like, so that a mistake shows before anything is trained on it: a behaviour that
 * never moves the object, an action stuck at its bound, episodes that end at once. Two passes over the files: the
 * second counts changes, which are judged against the ranges that the first finds.
 */
import { dimensionsOf } from '../../shared/space.ts';
import type { Dataset } from './dataset.ts';
import { actionSpaceOf } from './datasetMetadata.ts';
import type { StoredEpisode } from './episodeBlock.ts';

/** A quantity changes in a step by more than this share of its range, or it counts as still. */
const NOTICEABLE = 0.001;

export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface QuantityStatistics extends Spread {
  readonly unit: string;
  /** Share of the steps that change it noticeably. For an angle, `mean` is the direction of the mean vector. */
  readonly changes: number;
}

export interface ActionStatistics extends Spread {
  readonly deviation: number;
}

export interface DatasetStatistics {
  readonly episodes: number;
  readonly steps: number;
  /** Steps of an episode. */
  readonly lengths: Spread & { readonly median: number };
  /** Shares of the episodes that the world ended, and that ran out of time; one can be both. */
  readonly terminated: number;
  readonly truncated: number;
  readonly quantities: Readonly<Record<string, QuantityStatistics>>;
  /** One a dimension; none for a discrete space. */
  readonly actions: readonly ActionStatistics[];
  /** Share of the steps that took each choice of a discrete space. */
  readonly choices: readonly number[];
  /** Share of the steps that change any quantity noticeably. */
  readonly changing: number;
}

/** Reads, and so verifies, every file. @throws DataError when one is not what was collected */
export async function datasetStatistics(dataset: Dataset): Promise<DatasetStatistics> {
  const { quantities, total_episodes, total_steps } = dataset.metadata;
  const space = actionSpaceOf(dataset.metadata);
  const columns = quantities.map(() => new Column());
  const actions = Array.from({ length: dimensionsOf(space) }, () => new Column());
  const choices = new Array<number>(space.kind === 'discrete' ? space.count : 0).fill(0);
  const lengths: number[] = [];
  let [terminated, truncated] = [0, 0];
  for await (const episode of dataset.episodes()) {
    lengths.push(episode.steps);
    addRows(columns, episode.states);
    addRows(actions, episode.actions);
    if (space.kind === 'discrete') countChoices(choices, episode.actions);
    terminated += episode.terminations[episode.steps - 1] as number;
    truncated += episode.truncations[episode.steps - 1] as number;
  }
  const changes = await countChanges(dataset, columns);
  return {
    episodes: total_episodes,
    steps: total_steps,
    lengths: { ...spreadOf(lengths), median: medianOf(lengths) },
    terminated: terminated / total_episodes,
    truncated: truncated / total_episodes,
    quantities: Object.fromEntries(
      quantities.map(({ name, unit, kind }, i) => {
        const column = columns[i] as Column;
        const mean = kind === 'angle' ? column.direction() : column.mean();
        const changed = (changes.of[i] as number) / total_steps;
        return [name, { unit, min: column.min, mean, max: column.max, changes: changed }];
      }),
    ),
    actions: space.kind === 'box' ? actions.map((column) => column.statistics()) : [],
    choices: choices.map((count) => count / total_steps),
    changing: changes.any / total_steps,
  };
}

/** Running sums of one column of numbers. */
class Column {
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  private count = 0;
  private sum = 0;
  private squares = 0;
  private sine = 0;
  private cosine = 0;

  add(value: number): void {
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.count++;
    this.sum += value;
    this.squares += value * value;
    this.sine += Math.sin(value);
    this.cosine += Math.cos(value);
  }

  mean(): number {
    return this.sum / this.count;
  }

  direction(): number {
    return Math.atan2(this.sine, this.cosine);
  }

  statistics(): ActionStatistics {
    const mean = this.mean();
    const deviation = Math.sqrt(Math.max(0, this.squares / this.count - mean * mean));
    return { min: this.min, mean, max: this.max, deviation };
  }
}

function addRows(columns: readonly Column[], rows: Float64Array | Float32Array): void {
  rows.forEach((value, i) => {
    columns[i % columns.length]?.add(value);
  });
}

function countChoices(choices: number[], actions: Float32Array): void {
  for (const choice of actions) choices[choice] = (choices[choice] ?? 0) + 1;
}

/** Steps that change each quantity, and any. */
async function countChanges(
  dataset: Dataset,
  columns: readonly Column[],
): Promise<{ readonly of: readonly number[]; readonly any: number }> {
  const isAngle = dataset.metadata.quantities.map(({ kind }) => kind === 'angle');
  const of = columns.map(() => 0);
  let any = 0;
  const changed = ({ states }: StoredEpisode, t: number, i: number): boolean => {
    const { min, max } = columns[i] as Column;
    const at = t * columns.length + i;
    const difference = (states[at + columns.length] as number) - (states[at] as number);
    const moved = isAngle[i] ? Math.atan2(Math.sin(difference), Math.cos(difference)) : difference;
    return Math.abs(moved) > NOTICEABLE * (max - min);
  };
  for await (const episode of dataset.episodes()) {
    for (let t = 0; t < episode.steps; t++) {
      let noticed = false;
      for (let i = 0; i < columns.length; i++) {
        if (!changed(episode, t, i)) continue;
        of[i] = (of[i] as number) + 1;
        noticed = true;
      }
      if (noticed) any++;
    }
  }
  return { of, any };
}

function spreadOf(values: readonly number[]): Spread {
  const sum = values.reduce((all, value) => all + value, 0);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return { min: least, mean: sum / values.length, max: most };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
