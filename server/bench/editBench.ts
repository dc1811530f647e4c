/**
 * How near edits come to the truth: frames of scripted episodes lose a part, their colours, their detail, or get noise,
 * and are painted again, once with the latent that the encoder reads off what is left and once with that of the whole
 * frame. The difference between the two is what the encoder misses; what is missing still is the painter's.
 */

import { hiddenRectangle } from '../../models/diffusion/editing/inpaint.ts';
import type { RenderMethod } from '../../models/diffusion/methodNames.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import type { AgentEditor } from '../edit/agentEditor.ts';
import { freshFrame } from '../edit/editSource.ts';
import { type EditTask, editOfFrame } from '../edit/editTask.ts';
import { psnr } from './pictureMetrics.ts';

export interface EditBench {
  readonly definition: WorldDefinition;
  readonly editor: AgentEditor;
  readonly method: RenderMethod;
  readonly steps?: number;
  /** How many frames, each of an episode of its own: of this seed, the next one, and so on. */
  readonly frames: number;
  readonly seed: number;
  readonly onRow?: (row: EditRow) => void;
}

/** PSNR against the true frames, mean over frames in dB. */
export interface EditRow {
  readonly edit: string;
  /** Of what is visible. */
  readonly visible: number;
  /** Of the result, with the latent of what is visible. */
  readonly encoded: number;
  /** Of the result, with the latent of the true frame. */
  readonly told: number;
}

const tasks: Readonly<Record<string, EditTask>> = {
  'left half hidden': { kind: 'inpaint', hidden: hiddenRectangle({ x: 0, y: 0, width: 32, height: 64 }) },
  '24×24 in the middle hidden': { kind: 'inpaint', hidden: hiddenRectangle({ x: 20, y: 20, width: 24, height: 24 }) },
  colourise: { kind: 'colourise' },
  'upscale 2': { kind: 'upscale', factor: 2 },
  'upscale 4': { kind: 'upscale', factor: 4 },
  'upscale 8': { kind: 'upscale', factor: 8 },
  'denoise 40': { kind: 'denoise', deviation: 40 },
  'denoise 80': { kind: 'denoise', deviation: 80 },
};

/** Step of the episodes at which frames are taken. */
const STEP = 15;

export async function benchEdits(bench: EditBench): Promise<EditRow[]> {
  const { definition, editor, method, steps, frames } = bench;
  const rows: EditRow[] = [];
  for (const [name, task] of Object.entries(tasks)) {
    let [visible, encoded, told] = [0, 0, 0];
    for (let seed = bench.seed; seed < bench.seed + frames; seed++) {
      const truth = freshFrame(definition, seed, STEP);
      const edit = editOfFrame(task, truth, seed);
      const painting = { method, seed, ...(steps !== undefined && { steps }) };
      visible += psnr([editor.visible(edit)], [truth]) / frames;
      encoded += psnr([await editor.edit(edit, painting)], [truth]) / frames;
      told += psnr([await editor.edit(edit, painting, await editor.encode(truth))], [truth]) / frames;
    }
    const row = { edit: name, visible, encoded, told };
    rows.push(row);
    bench.onRow?.(row);
  }
  return rows;
}
