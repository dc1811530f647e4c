/**
 * Plays one episode for the sake of recording it: from `reset(seed)`, or the task that the seed determines, as
 * `evaluate` would play it. Every draw comes from the seed.
 */
import { createWorld } from '../../envs/validateDefinition.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Variation } from '../../shared/factors.ts';
import { Random } from '../../shared/random.ts';
import { type Action, clamp, sample } from '../../shared/space.ts';
import type { Task, World, WorldDefinition } from '../../shared/world.ts';
import type { Controller } from '../evaluation/controller.ts';
import { type EpisodeResult, playTask } from '../evaluation/evaluate.ts';
import { EpisodeRecorder } from './episodeRecorder.ts';
import type { Recording } from './recording.ts';
import type { Actor, EpisodeStart } from './recordingHeader.ts';
import { wallTime } from './wallTime.ts';

export interface EpisodeRequest {
  readonly definition: WorldDefinition;
  /** What the world was loaded by. */
  readonly source: string;
  readonly variation: Variation;
  readonly seed: number;
  /** Steps to play at most; as many as the world or the task allows when left out. */
  readonly steps?: number;
  readonly actor: Actor;
  readonly clock: Clock;
}

/** Plays from `reset(seed)` until the world ends the episode, with the world's script or uniform actions. */
export function recordFreely(request: EpisodeRequest, behaviour: 'scripted' | 'random'): Recording {
  const { seed, steps = Number.POSITIVE_INFINITY } = request;
  const world = createWorld(request.definition, request.variation);
  world.reset(seed);
  const recorder = recorderOf(request, world, { kind: 'reset', seed });
  const choose = chooser(world, behaviour, new Random(seed).fork('behaviour'));
  for (let over = false; !over && recorder.steps < steps; ) {
    const action = choose();
    const result = world.step(action);
    recorder.step(action, result);
    over = result.terminated || result.truncated;
  }
  return recorder.recording();
}

/** Plays a task with a controller, until it is strictly solved or its steps are spent. */
export async function recordTask(
  request: EpisodeRequest,
  task: Task,
  controller: Controller,
): Promise<{ recording: Recording; result: EpisodeResult }> {
  const world = createWorld(request.definition, request.variation);
  const allowed = { ...task, budget: Math.min(task.budget, request.steps ?? task.budget) };
  let recorder: EpisodeRecorder | undefined;
  const result = await playTask(world, allowed, controller, () => {
    recorder = recorderOf(request, world, { kind: 'place', state: task.start }, task);
    return { step: recorder.step.bind(recorder), end: () => {} };
  });
  if (recorder === undefined) throw new TypeError('the task was not begun');
  return { recording: recorder.recording(), result };
}

function recorderOf(request: EpisodeRequest, world: World, start: EpisodeStart, task?: Task): EpisodeRecorder {
  const { source, variation, actor, clock } = request;
  const createdAt = wallTime(clock);
  return new EpisodeRecorder(world, { source, variation, start, actor, createdAt, ...(task ? { task } : {}) });
}

function chooser(world: World, behaviour: 'scripted' | 'random', random: Random): () => Action {
  const { action } = world.spec;
  if (behaviour === 'random') return () => sample(action, random);
  const script = world.behaviour(random);
  return () => clamp(action, script.act(world.state()));
}
