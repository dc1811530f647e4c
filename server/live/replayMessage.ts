/**
 * A recording in its world, and how it is told of: as an episode in which nothing can be carried, driven or set.
 */
import { inWorld } from '../../envs/inWorld.ts';
import { createWorld } from '../../envs/validateDefinition.ts';
import { DataError, ReverieError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import type { ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import type { FrameMessage } from '../../shared/protocol/frames.ts';
import type { Scene } from '../../shared/scene.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { RecordedEpisode, ReplayMismatch } from '../recording/recordedEpisode.ts';
import type { Recording } from '../recording/recording.ts';
import type { Outgoing } from './framePipeline.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';
import { NO_RECORDINGS } from './noRecordings.ts';
import type { ReplayOptions } from './replayOptions.ts';
import { filmMessage, plainScene, planMessage, tickMessage } from './sessionMessages.ts';

/** A recording in its world. */
export interface Opened {
  readonly recording: Recording;
  readonly definition: WorldDefinition;
  readonly episode: RecordedEpisode;
  /** The goal as a frame and as a scene; nothing where no task was played. */
  readonly goal: { readonly frame: Frame; readonly scene: Scene } | undefined;
}

/** Reads a recording from the shelf, in the thread's spare time. @throws DataError when there is no shelf, or none of this id that can be used */
export async function readShelved(
  { shelf, spareTime }: Pick<ReplayOptions, 'shelf' | 'spareTime'>,
  id: string,
  signal: AbortSignal,
): Promise<Pick<Opened, 'recording' | 'definition'>> {
  if (shelf === undefined) throw new DataError(NO_RECORDINGS);
  return shelf.read(id, (work) => spareTime.run(work, signal));
}

/**
 * The recording in a world of its own.
 * @throws ReplayMismatch when it does not begin as recorded; WorldError when the world breaks down
 */
export function openRecording(recording: Recording, definition: WorldDefinition): Opened {
  const episode = new RecordedEpisode(recording, createWorld(definition, recording.header.variation));
  return { recording, definition, episode, goal: goalOf(recording.header, definition) };
}

/** The message with which a way through the recording begins. */
export function replayMessage(
  { recording: { header }, definition, episode, goal }: Opened,
  { id, settings, serial }: { readonly id: string; readonly settings: Settings; readonly serial: number },
): ServerMessageOf<'episode'> {
  const { arena, background, stepSeconds } = definition.spec;
  return {
    type: 'episode',
    serial,
    settings,
    arena,
    background,
    stepSeconds,
    budget: episode.length,
    scene: plainScene(episode.scene()),
    goal: plainScene(goal?.scene ?? []),
    grips: [],
    recording: { id, createdAt: header.createdAt, actor: header.actor.kind },
  };
}

/** What is imagined beside it, in numbers and in pictures. */
export function replayPlan(seq: number, stretch: ImaginedFuture, { definition: { spec }, goal }: Opened): Outgoing[] {
  return [planMessage(stretch), filmMessage(seq, stretch, { spec, ...(goal && { goalFrame: goal.frame }) })];
}

/** The step that it has come to, beside what was imagined of it, where that is there. */
export function replayTick(seq: number, episode: RecordedEpisode, stretch: ImaginedFuture | undefined): FrameMessage {
  const { spec, position: steps } = episode;
  const shown = { spec, steps, frame: () => episode.frame(), scene: () => episode.scene() };
  return tickMessage(seq, shown, stretch?.frames[steps - stretch.startStep - 1]);
}

/** What a viewer is told who wants to go beyond the end. */
export function noSuchStep(step: number, length: number): ServerMessageOf<'error'> {
  const message = `The recording has no step ${step}; choose one from 0 to ${length}.`;
  return { type: 'error', code: 'recording', message };
}

/** How the task ended, at the last step; a recording that was stopped on the way tells nothing of it. */
export function replayOutcome({ recording, definition, episode }: Opened): ServerMessageOf<'outcome'> | undefined {
  const { task, variation } = recording.header;
  if (task === undefined) return undefined;
  const world = createWorld(definition, variation);
  world.reset(task.seed);
  const success = world.achieved(episode.state(), task.goal);
  const last = recording.steps.at(-1);
  const over = success || last?.terminated || last?.truncated || episode.length >= task.budget;
  return over ? { type: 'outcome', success, steps: episode.length } : undefined;
}

function goalOf({ task, variation }: Recording['header'], definition: WorldDefinition): Opened['goal'] {
  if (task === undefined) return undefined;
  return inWorld(definition.spec.id, () => {
    const world = createWorld(definition, variation);
    world.reset(task.seed);
    world.place(task.goal);
    return { frame: world.frame(), scene: world.scene() };
  });
}

/** Why it cannot be replayed, or not from here on. What is not for people, a defect of ours, stays on the server's side. */
export function replayFailure(error: unknown): ServerMessageOf<'error'> {
  const code = error instanceof ReplayMismatch ? 'replay-departed' : 'recording';
  const message = error instanceof ReverieError ? sentence(error.message) : 'The recording cannot be replayed.';
  return { type: 'error', code, message };
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return begun.endsWith('.') ? begun : `${begun}.`;
}
