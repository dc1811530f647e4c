/**
 * One run of `reverie edit`: reads what is edited, edits it with an agent, writes the result, and tells what was done
 * and, where the truth is known, how near the result came to it.
 */
import { existsSync } from 'node:fs';
import { loadWorld } from '../../envs/registry.ts';
import type { FrameEdit } from '../../models/diffusion/editing/frameEdit.ts';
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { UsageError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import { givenConditions } from '../agent/paintingOptions.ts';
import { weightsDirectory } from '../agent/weightsDirectory.ts';
import { psnr } from '../bench/pictureMetrics.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { RECORDING_EXTENSION, readRecording } from '../recording/recordingFile.ts';
import { type AgentEditor, openAgentEditor, type Painting } from './agentEditor.ts';
import { type EditSource, freshMoment, type Moment, recordedMoment } from './editSource.ts';
import { type EditTask, editOfFrame, editOfPicture, givenSide } from './editTask.ts';
import { encodeStrip, readPicture } from './pictureFile.ts';

export interface EditOptions extends Painting {
  /** Id, path or package of the world; the recording's unless told. */
  readonly world?: string;
  /** Directory of the agent; the world's shipped one unless told. */
  readonly agent?: string;
  readonly out: string;
}

export interface EditReport {
  readonly out: string;
  readonly world: string;
  readonly edit: EditTask['kind'] | 'between';
  readonly method: RenderMethod;
  readonly steps: number;
  readonly seed: number;
  /** Weight of guidance, and noise on the frames before, where they were asked for. */
  readonly guidance?: number;
  readonly contextNoise?: number;
  /** What was edited; nothing when frames between two pictures were painted. */
  readonly source?: EditSource;
  /** Whether the latent was read off what is visible, or given. */
  readonly latent: 'encoded' | 'given';
  /** Frames in the picture. */
  readonly frames: number;
  /** PSNR against the true frame in dB, of what was visible and of the result, where the true frame is known. */
  readonly psnr?: { readonly visible: number; readonly result: number };
}

export interface FrameEditing extends EditOptions {
  /** A picture or a recording; the frame of a fresh episode when left out. */
  readonly input?: string;
  /** Which step of the recording or of the episode; the first unless told. A picture has none. */
  readonly step?: number;
  readonly task: EditTask;
  /** File that the latent is read from. */
  readonly latent?: string;
}

/** Edits a frame. @throws ReverieError saying what is wrong with a file, the frame, the agent or the target */
export async function editFrame(options: FrameEditing): Promise<EditReport> {
  const { input, step = 0, task, seed, out } = options;
  const recording = input?.endsWith(RECORDING_EXTENSION) ? await readRecording(input) : undefined;
  const world = options.world ?? recording?.header.world.id;
  return withEditor(options, world, async (editor) => {
    let [edit, moment, source]: [FrameEdit | undefined, Moment | undefined, EditSource] = [
      undefined,
      undefined,
      { kind: 'world', seed, step },
    ];
    if (recording && input !== undefined) {
      if (recording.header.world.id !== editor.world)
        throw new UsageError(
          `the recording is of ${recording.header.world.id} and the agent knows ${editor.world}; choose one of the same world`,
        );
      moment = await recordedMoment(recording, step, options.world);
      source = { kind: 'recording', file: input, step };
    } else if (input !== undefined) {
      if (options.step !== undefined)
        throw new UsageError('a picture is one frame and has no steps; leave out --frame');
      if (options.contextNoise !== undefined)
        throw new UsageError(
          'a picture has no frames before it; edit a step of a recording or of an episode, or leave out --context',
        );
      edit = editOfPicture(task, await readPicture(input, givenSide(task)));
      source = { kind: 'picture', file: input };
    } else moment = freshMoment(await loadWorld(options.world ?? editor.world), seed, step);
    const truth = moment?.frame;
    const chosen = edit ?? editOfFrame(task, truth as Frame, seed);
    const latent = options.latent === undefined ? undefined : await editor.readLatent(options.latent);
    const result = await editor.edit(chosen, options, latent, moment?.before);
    await writeAtomically(out, await encodeStrip([result]));
    return {
      ...reportOf(options, editor, task.kind, 1),
      source,
      latent: latent ? 'given' : 'encoded',
      ...(truth && { psnr: { visible: psnr([editor.visible(chosen)], [truth]), result: psnr([result], [truth]) } }),
    };
  });
}

export interface FramesBetween extends EditOptions {
  /** Two pictures. */
  readonly pictures: readonly [string, string];
  readonly frames: number;
}

/** Paints frames from one picture's latent to another's, side by side. */
export function paintBetween(options: FramesBetween): Promise<EditReport> {
  const { pictures, frames, out } = options;
  return withEditor(options, options.world, async (editor) => {
    const [first, second] = [await editor.readLatent(pictures[0]), await editor.readLatent(pictures[1])];
    await writeAtomically(out, await encodeStrip(await editor.between(first, second, frames, options)));
    return { ...reportOf(options, editor, 'between', frames), latent: 'given' };
  });
}

function reportOf(options: EditOptions, editor: AgentEditor, edit: EditReport['edit'], frames: number) {
  const { out, method, seed } = options;
  return {
    out,
    world: editor.world,
    edit,
    method,
    steps: editor.stepsOf(options),
    seed,
    ...givenConditions(options),
    frames,
  };
}

/** With the agent that is named, or the one that is shipped for the world of what is edited. */
async function withEditor(
  { agent, world: named }: EditOptions,
  edited: string | undefined,
  work: (editor: AgentEditor) => Promise<EditReport>,
): Promise<EditReport> {
  const editor = await openAgentEditor(agent ?? (await shippedFor(edited)), named);
  try {
    return await work(editor);
  } finally {
    await editor.dispose();
  }
}

async function shippedFor(world: string | undefined): Promise<string> {
  if (world === undefined)
    throw new UsageError('an edit needs an agent that knows the world; name one with --world or --agent');
  const { spec } = await loadWorld(world);
  const directory = weightsDirectory(spec.id);
  if (!existsSync(directory))
    throw new UsageError(`no agent is shipped for ${spec.id}; train one and name its directory with --agent`);
  return directory;
}
