/**
 * What a dataset that is about to be collected says of itself: the metadata before the first shard. Two requests for
 * the same data give the same metadata, which is how a resumed collection is known to be the one that was begun.
 */
import manifest from '../../package.json' with { type: 'json' };
import { UsageError } from '../../shared/errors.ts';
import type { WorldSpec } from '../../shared/world.ts';
import { codeCommit, softwareVersions } from '../training/provenance.ts';
import type { DatasetMetadata } from './datasetMetadata.ts';
import { actionSpaceJson, observationSpaceJson } from './spaceJson.ts';
import type { VariationPlan } from './variationPlan.ts';

/** What is asked for. */
export interface DatasetRequest {
  readonly episodes: number;
  readonly seed: number;
  /** Steps after which an episode is truncated: at most the world's budget. */
  readonly length: number;
  readonly plan: VariationPlan;
}

/** What collected it. */
export interface Provenance {
  readonly software: Readonly<Record<string, string>>;
  readonly commit: string;
}

/** The code and the libraries of this process, as far as they decide trajectories and frames. */
export function currentProvenance(): Provenance {
  const deciding = ['reverie', 'node', 'matter-js', '@napi-rs/canvas'];
  const software = Object.entries(softwareVersions()).filter(([name]) => deciding.includes(name));
  return { software: Object.fromEntries(software), commit: codeCommit() };
}

/** @throws UsageError when episodes would be longer than the world lets them be */
export function describeDataset(
  spec: WorldSpec,
  { episodes, seed, length, plan }: DatasetRequest,
  { software, commit }: Provenance,
  episodesPerShard: number,
): DatasetMetadata {
  const { id, version, budget, title } = spec;
  if (length > budget) {
    throw new UsageError(`${length} steps are more than '${id}' lets an episode last: give from 1 to ${budget}`);
  }
  return {
    dataset_id: `${id}/scripted-v${version}`,
    data_format: 'safetensors',
    minari_version: '0.5.3',
    total_episodes: 0,
    total_steps: 0,
    dataset_size: 0,
    action_space: actionSpaceJson(spec.action),
    observation_space: observationSpaceJson(),
    env_spec: JSON.stringify({
      id: `reverie/${id}-v${version}`,
      entry_point: null,
      nondeterministic: false,
      max_episode_steps: length,
      kwargs: plan.fixed,
    }),
    algorithm_name: `scripted behaviour of ${id}`,
    description: `${title}: episodes of the scripted behaviour, blind to any goal. ${spec.description}`,
    author: `Reverie ${manifest.version}`,
    format_version: 1,
    world: { id, version },
    seed,
    length,
    requested_episodes: episodes,
    episodes_per_shard: episodesPerShard,
    quantities: Object.entries(spec.quantities).map(([name, { unit, kind }]) => ({ name, unit, kind })) as [
      DatasetMetadata['quantities'][0],
    ],
    factors: { fixed: { ...plan.fixed }, drawn: [...plan.drawn] },
    software: { ...software },
    code_commit: commit,
    shards: [],
  };
}
