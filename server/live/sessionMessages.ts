/**
 * What happens in a session, in the words of the wire protocol. Pure functions: an episode, a future or a step in, a
 * message out.
 */
import { FRAME_BYTES, FRAME_SIZE, type Frame, toRgba } from '../../shared/frame.ts';
import type { RendererSteps, ServerMessageOf, Settings } from '../../shared/protocol/control.ts';
import type { FrameMessage, Stream, StreamName } from '../../shared/protocol/frames.ts';
import type { Scene, Shape } from '../../shared/scene.ts';
import { controlLabels } from './drivenAction.ts';
import type { Episode } from './episode.ts';
import type { ImaginedFuture } from './imaginedFuture.ts';
import type { SeveralFutures } from './severalFutures.ts';

/** What a step shows: of a live episode, or of one that is replayed. */
export type Shown = Pick<Episode, 'spec' | 'steps' | 'frame' | 'scene'>;

type SceneMessage = ServerMessageOf<'episode'>['scene'];

/** A new episode, with all that is needed to draw its physics, and the step counts that its dreams may be painted in. */
export function episodeMessage(
  episode: Episode,
  settings: Settings,
  serial: number,
  stepCounts: readonly RendererSteps[] = [],
): ServerMessageOf<'episode'> {
  const { arena, background, stepSeconds } = episode.spec;
  const controls = controlLabels(episode.spec);
  return {
    type: 'episode',
    serial,
    settings,
    arena,
    background,
    stepSeconds,
    budget: episode.task.budget,
    ...(controls && { controls }),
    scene: plainScene(episode.scene()),
    goal: plainScene(episode.goalScene),
    grips: episode.grips.map(({ shapes, x, y, angle, asked }) => ({
      shapes: [...shapes],
      x: x !== undefined,
      y: y !== undefined,
      turns: angle !== undefined,
      asked,
    })),
    ...(stepCounts.length > 0 && { stepCounts: [...stepCounts] }),
  };
}

/** A new plan, in numbers. */
export function planMessage({
  plan,
  startStep,
  planMs,
  renderMs,
  rendererSteps,
  fan,
  reading,
}: ImaginedFuture): ServerMessageOf<'plan'> {
  return {
    type: 'plan',
    envStep: startStep,
    horizon: plan.horizon,
    costs: [...plan.costs],
    planMs,
    renderMs,
    rendererSteps,
    ...(fan && {
      fan: { shape: fan.shape, elites: fan.iterations.map(({ elites }) => elites), fanMs: fan.fanMs },
    }),
    ...(reading && {
      reading: { truth: [...reading.truth], seen: [...reading.seen], foreseen: [...reading.foreseen] },
    }),
  };
}

/** A new plan, in pictures: every frame that it imagines, and the goal, where there is one. */
export function filmMessage(
  seq: number,
  future: ImaginedFuture,
  episode: Pick<Episode, 'spec'> & Partial<Pick<Episode, 'goalFrame'>>,
): FrameMessage {
  const imagined = future.frames.map((frame, index) => picture('imagined', frame, index));
  const paths = (future.fan?.iterations ?? []).map(
    ({ count, paths }, index): Stream => ({
      name: 'fan',
      index,
      width: future.plan.horizon + 1,
      height: count,
      data: paths,
    }),
  );
  const goal = episode.goalFrame === undefined ? [] : [picture('goal', episode.goalFrame)];
  return frameMessage('plan', seq, future.startStep, episode, [...goal, ...imagined, ...paths]);
}

/** Several futures of a plan, imagined and true, and how far they come apart. */
export function futuresMessage(seq: number, futures: SeveralFutures, episode: Episode): FrameMessage {
  const { startStep, horizon, truths, dreams, spread } = futures;
  const distances = new Float32Array(2 * horizon); // [2, horizon]
  distances.set(spread.truths);
  distances.set(spread.dreams, horizon);
  return frameMessage('futures', seq, startStep, episode, [
    ...truths.map((frames, index) => pictures('futureTruth', frames, index)),
    ...dreams.map((frames, index) => pictures('futureDream', frames, index)),
    { name: 'spread', index: 0, width: horizon, height: 2, data: distances },
  ]);
}

/** The truth after the latest step beside what was imagined of it; before the first step there is no dream. */
export function tickMessage(seq: number, episode: Shown, dream: Frame | undefined): FrameMessage {
  const pictures = [picture('truth', episode.frame())];
  if (dream !== undefined) pictures.push(picture('dream', dream));
  return frameMessage('tick', seq, episode.steps, episode, [...pictures, posesOf(episode.scene())]);
}

/** A step of a dream that a person drives, while the truth stands still. */
export function dreamMessage(seq: number, episode: Episode, dream: Frame): FrameMessage {
  return frameMessage('tick', seq, episode.steps, episode, [picture('dream', dream)]);
}

function frameMessage(
  kind: FrameMessage['kind'],
  seq: number,
  envStep: number,
  { spec }: Pick<Episode, 'spec'>,
  streams: readonly Stream[],
): FrameMessage {
  return { kind, seq, envStep, simTimeMs: 1000 * spec.stepSeconds * envStep, streams };
}

function picture(name: StreamName, frame: Frame, index = 0): Stream {
  return { name, index, width: FRAME_SIZE, height: FRAME_SIZE, data: toRgba(frame) };
}

/** Frames one below the other, without an alpha channel. */
function pictures(name: StreamName, frames: readonly Frame[], index: number): Stream {
  const data = new Uint8Array(frames.length * FRAME_BYTES);
  for (const [i, frame] of frames.entries()) data.set(frame, i * FRAME_BYTES);
  return { name, index, width: FRAME_SIZE, height: frames.length * FRAME_SIZE, data };
}

/** `[shapes, 3]`: x, y, angle. */
function posesOf(scene: Scene): Stream {
  const data = Float32Array.from(scene.flatMap(({ pose: { x, y, angle } }) => [x, y, angle]));
  return { name: 'poses', index: 0, width: 3, height: scene.length, data };
}

/** Copies, since worlds may give out their own objects. */
export function plainScene(scene: Scene): SceneMessage {
  return scene.map((shape) => plainShape(shape));
}

function plainShape({ name, color, fixed, pose: { x, y, angle }, ...form }: Shape): SceneMessage[number] {
  const base = { name, color, fixed, pose: { x, y, angle } };
  return form.kind === 'circle'
    ? { ...base, kind: 'circle', radius: form.radius }
    : { ...base, kind: 'polygon', vertices: form.vertices.map((vertex) => ({ x: vertex.x, y: vertex.y })) };
}
