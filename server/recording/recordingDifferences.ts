/**
 * What is other here than it was where an episode was recorded. When a replay leaves the recorded states, the first of
 * these is the likely cause; a replay that keeps to them shows that they don't matter.
 */
import type { WorldSpec } from '../../shared/world.ts';
import { recordingSoftware } from './episodeRecorder.ts';
import type { RecordingHeader } from './recordingHeader.ts';

export interface Difference {
  readonly what: string;
  readonly recorded: string;
  readonly here: string;
}

/** Releases that physics depends on, the likeliest first. */
const PHYSICS_SOFTWARE = ['matter-js', 'reverie', 'node', 'platform'] as const;

/** The differences, the likeliest to matter first. */
export function recordingDifferences(
  header: RecordingHeader,
  spec: WorldSpec,
  software: Readonly<Record<string, string>> = recordingSoftware(),
): Difference[] {
  const pairs: [what: string, recorded: unknown, here: unknown][] = [
    [`version of the world '${spec.id}'`, header.world.version, spec.version],
    ['quantities of the state', header.quantities.join(', '), Object.keys(spec.quantities).join(', ')],
    ['physics updates in a step', header.subSteps, spec.subSteps],
    ['seconds of a step', header.stepSeconds, spec.stepSeconds],
    ...PHYSICS_SOFTWARE.map((name): [string, unknown, unknown] => [
      name,
      header.software[name] ?? 'unknown',
      software[name] ?? 'unknown',
    ]),
  ];
  return pairs
    .map(([what, recorded, here]) => ({ what, recorded: String(recorded), here: String(here) }))
    .filter(({ recorded, here }) => recorded !== here);
}
