/** Recordings to try things on. */
import { EpisodeRecorder } from '../../server/recording/episodeRecorder.ts';
import type { Recording } from '../../server/recording/recording.ts';
import type { Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import type { Action } from '../../shared/space.ts';
import { clamp } from '../../shared/space.ts';
import type { World, WorldDefinition } from '../../shared/world.ts';

export const createdAt = new Date('2026-01-02T03:04:05.678Z');

export interface ScriptOptions {
  readonly seed?: number;
  readonly steps?: number;
  readonly variation?: Variation;
  readonly act?: (world: World) => Action;
}

/** Plays a world's script from `reset(seed)`. */
export function recordScript(definition: WorldDefinition, options: ScriptOptions = {}): Recording {
  const { seed = 7, steps = 40, variation = {} } = options;
  const world = definition.create(variation);
  world.reset(seed);
  const facts = { source: definition.spec.id, variation, start: { kind: 'reset', seed } as const, createdAt };
  const recorder = new EpisodeRecorder(world, { ...facts, actor: { kind: 'script', seed } });
  const script = world.behaviour(new Random(seed));
  for (let over = false; !over && recorder.steps < steps; ) {
    const action = options.act?.(world) ?? clamp(world.spec.action, script.act(world.state()));
    const result = world.step(action);
    recorder.step(action, result);
    over = result.terminated || result.truncated;
  }
  return recorder.recording();
}
