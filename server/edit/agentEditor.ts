/**
 * An agent as an editor: its encoder gives the latent that guides the painting, its renderer's networks paint. The
 * latent is read off what is visible, unless one is given.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { FrameEdit } from '../../models/diffusion/editing/frameEdit.ts';
import { createFrameEditor } from '../../models/diffusion/editing/frameEditor.ts';
import { latentsBetween } from '../../models/diffusion/editing/interpolate.ts';
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import { stepsUpTo } from '../../models/diffusion/methods.ts';
import { DataError, UsageError } from '../../shared/errors.ts';
import type { Frame } from '../../shared/frame.ts';
import { loadRenderer } from '../agent/loadedRenderer.ts';
import { type ConditionOptions, checkPainting, conditionsFor } from '../agent/paintingOptions.ts';
import { readPicture } from './pictureFile.ts';

/** How to paint. */
export interface Painting extends ConditionOptions {
  readonly method: RenderMethod;
  /** Four, or the most that the method has below, unless told. */
  readonly steps?: number;
  readonly seed: number;
}

export interface AgentEditor {
  /** Id of the world that the agent knows. */
  readonly world: string;
  /**
   * Steps that the painting takes. @throws UsageError when the agent has not learned the method, or was not trained for
   * the guidance or the frames before
   */
  stepsOf(painting: Painting): number;
  /** A latent from a picture of a frame, or from a JSON list of numbers. @throws DataError when the file is neither */
  readLatent(file: string): Promise<Float32Array>;
  /** What a renderer needs to know of a frame. */
  encode(frame: Frame): Promise<Float32Array>;
  /** The edited frame; guided by what is visible unless by a latent, and told the frames before where it is to be. */
  edit(edit: FrameEdit, painting: Painting, latent?: Float32Array, before?: readonly Frame[]): Promise<Frame>;
  /** What the edit lets one see. */
  visible(edit: FrameEdit): Frame;
  /** Frames from one latent to another, both ends included, each told those before it where it is to be. */
  between(first: Float32Array, second: Float32Array, count: number, painting: Painting): Promise<Frame[]>;
  dispose(): Promise<void>;
}

const DEFAULT_STEPS = 4;

/**
 * Opens an agent's directory; its world is the card's unless told.
 * @throws WeightsError when it cannot be read or has no renderer; UsageError when it is of another world
 */
export async function openAgentEditor(directory: string, world?: string): Promise<AgentEditor> {
  const loaded = await loadRenderer(directory, world === undefined ? {} : { world });
  const { card, engine, weights, renderer, encode: encodeAll, dispose } = loaded;
  const editor = createFrameEditor(engine, weights);
  const stepsOf = (painting: Painting): number => {
    const { method, steps } = painting;
    checkPainting(painting, weights);
    return steps ?? stepsUpTo(method, DEFAULT_STEPS, weights.networks);
  };
  const encode = async (frame: Frame): Promise<Float32Array> => (await encodeAll([frame])).data;
  return {
    world: card.world.id,
    stepsOf,
    encode,
    async readLatent(file) {
      if (!file.toLowerCase().endsWith('.json')) return encode(await readPicture(file));
      return readNumbers(file, editor.latentSize);
    },
    visible: (edit) => edit.visible(weights.backdrop),
    async edit(edit, painting, given, before = []) {
      const latent = given ?? (await encode(edit.visible(weights.backdrop)));
      const { method, seed } = painting;
      return editor.edit({ edit, latent, method, steps: stepsOf(painting), seed, ...conditionsFor(painting, before) });
    },
    between: (first, second, count, painting) =>
      renderer.render(latentsBetween(first, second, count), {
        method: painting.method,
        steps: stepsOf(painting),
        seed: painting.seed,
        ...conditionsFor(painting, []),
      }),
    dispose,
  };
}

const numbersSchema = z.array(z.number());

async function readNumbers(file: string, size: number): Promise<Float32Array> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`"${file}" cannot be read as JSON (${reason}); give a list of ${size} numbers`, { cause });
  }
  const numbers = numbersSchema.safeParse(content);
  if (!numbers.success) throw new DataError(`"${file}" is no list of numbers; give ${size} of them`);
  if (numbers.data.length !== size)
    throw new UsageError(`the latent in "${file}" has ${numbers.data.length} numbers; this agent's have ${size}`);
  return Float32Array.from(numbers.data);
}
