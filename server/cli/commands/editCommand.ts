/** `reverie edit`: hidden, grey, small or noisy frames painted by an agent's renderer, with no training for it. */
import { type Command, Option } from 'commander';
import { RENDER_METHODS, type RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { UsageError } from '../../../shared/errors.ts';
import type { EditTask } from '../../edit/editTask.ts';
import type { EditReport } from '../../edit/runEdit.ts';
import type { CommandContext } from '../commandContext.ts';
import { addConditionOptions, type ConditionFlags, conditionsOf } from '../conditionOptions.ts';
import { integer, numberAbove, seed } from '../options.ts';

interface EditCommandOptions extends ConditionFlags {
  readonly world?: string;
  readonly agent?: string;
  readonly frame?: number;
  readonly inpaint?: string;
  readonly colourise?: boolean;
  readonly upscale?: string;
  readonly denoise?: number;
  readonly between?: readonly string[];
  readonly frames?: number;
  readonly latent?: string;
  readonly method: RenderMethod;
  readonly steps?: number;
  readonly seed: number;
  readonly out: string;
}

const DEFAULT_FRAMES = 8;

export function addEditCommand(program: Command, { output }: CommandContext): void {
  const command = program
    .command('edit')
    .description("paint what a frame lacks, with an agent's renderer and no training; what is known stays to the byte")
    .argument('[input]', 'a 64×64 PNG or a recording; without one, a frame of the world')
    .option('--inpaint <area>', 'paint what is hidden: x,y,width,height in pixels, or a PNG that is light there')
    .option('--colourise', "paint the colours of the frame's grey levels")
    .addOption(
      new Option('--upscale <factor>', 'paint a frame from one scaled down; a PNG must be that small').choices([
        '2',
        '4',
        '8',
      ]),
    )
    .option('--denoise <deviation>', 'take Gaussian noise of so many grey levels off', numberAbove(0))
    .option('--between <pictures...>', 'paint frames between two PNGs, ends included, side by side')
    .option('--frames <count>', `how many frames --between paints (default: ${DEFAULT_FRAMES})`, integer(2, 100))
    .option('--world <world>', 'id of a world, or path or package of a module; of a recording its own')
    .option('--agent <directory>', "directory of the agent (default: the world's shipped weights)")
    .option('--frame <step>', 'which step of the recording or of the episode (default: 0)', integer(0))
    .option('--latent <file>', 'PNG or JSON numbers that say what is where (default: read off what is visible)')
    .addOption(new Option('--method <method>', 'how to paint').choices(RENDER_METHODS).default('mcm'))
    .option('--steps <count>', 'steps of the method (default: 4, or the most below)', integer(1))
    .option('--seed <seed>', 'determines the noise, and the episode of a fresh frame', seed, 0)
    .requiredOption('--out <file>', 'PNG to write');
  addConditionOptions(command, 'those before the edited one, or of --between those painted before').action(
    async (input: string | undefined, options: EditCommandOptions) => {
      const report = options.between ? await paintFramesBetween(input, options) : await editOneFrame(input, options);
      output.report(report, describe);
    },
  );
}

async function editOneFrame(input: string | undefined, options: EditCommandOptions): Promise<EditReport> {
  if (options.frames !== undefined)
    throw new UsageError('--frames is how many are painted between two pictures; add --between or leave it out');
  const { editFrame } = await import('../../edit/runEdit.ts');
  const task = await taskOf(options);
  const { frame: step, latent } = options;
  return editFrame({
    ...paintingOf(options),
    task,
    ...(step !== undefined && { step }),
    ...(input !== undefined && { input }),
    ...(latent !== undefined && { latent }),
  });
}

async function paintFramesBetween(input: string | undefined, options: EditCommandOptions): Promise<EditReport> {
  const { between = [], frames = DEFAULT_FRAMES } = options;
  const [first, second, ...more] = between;
  if (input !== undefined || first === undefined || second === undefined || more.length > 0)
    throw new UsageError(
      '--between takes two pictures and nothing else is edited; give --between FIRST.png SECOND.png',
    );
  const { frame, latent } = options;
  if (frame !== undefined || latent !== undefined)
    throw new UsageError('--between paints from one picture to another; leave out --frame and --latent');
  const others = chosenOf(options);
  if (others.length > 0) throw new UsageError(`--between and ${others.join(', ')} are different edits; choose one`);
  const { paintBetween } = await import('../../edit/runEdit.ts');
  return paintBetween({ ...paintingOf(options), pictures: [first, second], frames });
}

/** What every edit is told: who paints, how, and where to. */
function paintingOf(options: EditCommandOptions) {
  const { world, agent, method, steps, seed, out } = options;
  return {
    ...conditionsOf(options),
    method,
    seed,
    out,
    ...(world !== undefined && { world }),
    ...(agent !== undefined && { agent }),
    ...(steps !== undefined && { steps }),
  };
}

async function taskOf(options: EditCommandOptions): Promise<EditTask> {
  const chosen = chosenOf(options);
  if (chosen.length !== 1)
    throw new UsageError(
      `${chosen.length === 0 ? 'nothing says what to do' : `${chosen.join(' and ')} are different edits`}; give one of --inpaint, --colourise, --upscale, --denoise and --between`,
    );
  const { inpaint, upscale, denoise } = options;
  if (inpaint !== undefined) {
    const { readHidden } = await import('../../edit/editTask.ts');
    return { kind: 'inpaint', hidden: await readHidden(inpaint) };
  }
  if (upscale !== undefined) return { kind: 'upscale', factor: Number(upscale) as 2 | 4 | 8 };
  return denoise === undefined ? { kind: 'colourise' } : { kind: 'denoise', deviation: denoise };
}

function chosenOf({ inpaint, colourise, upscale, denoise }: EditCommandOptions): string[] {
  return Object.entries({ '--inpaint': inpaint, '--colourise': colourise, '--upscale': upscale, '--denoise': denoise })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}

function describe({ out, world, edit, method, steps, frames, psnr }: EditReport): string {
  const what = edit === 'between' ? `${frames} frames between two` : `a frame (${edit})`;
  const nearness = psnr && `; PSNR ${psnr.visible.toFixed(1)} dB before, ${psnr.result.toFixed(1)} dB after`;
  return `${out} has ${what}, painted by the agent of ${world} with ${method} in ${steps} steps${nearness ?? ''}`;
}
