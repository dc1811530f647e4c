/** `reverie export`: a recording as a file for other programs, MCAP for Foxglove and Rerun, GIF or WebP for a page. */
import { type Command, Option } from 'commander';
import { UsageError } from '../../../shared/errors.ts';
import type { ExportFormat } from '../../recording/export/exportRecording.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, numberAbove } from '../options.ts';

interface ExportOptions {
  readonly out: string;
  readonly format?: ExportFormat;
  readonly world?: string;
  readonly scale?: number;
  readonly fps?: number;
}

const DEFAULT_SCALE = 4;

export function addExportCommand(program: Command, { output }: CommandContext): void {
  program
    .command('export')
    .description('write a recording as MCAP, GIF or WebP')
    .argument('[file]', 'a recording')
    .requiredOption('--out <file>', 'file to write; its ending says the format')
    .addOption(
      new Option('--format <format>', 'the format, if the ending does not say it').choices(['mcap', 'gif', 'webp']),
    )
    .option('--world <world>', 'path or package of the module that it was recorded in, if that is not a built-in world')
    .option('--scale <factor>', `pixels of a picture for one of the frame (default: ${DEFAULT_SCALE})`, integer(1, 16))
    .option('--fps <count>', 'pictures a simulated second at most (default: one a step)', numberAbove(0))
    .action(async (file: string | undefined, options: ExportOptions) => {
      if (file === undefined) throw new UsageError(missingFile(options));
      const { exportRecording, formatOf } = await import('../../recording/export/exportRecording.ts');
      const { readRecording } = await import('../../recording/recordingFile.ts');
      const { worldOfRecording } = await import('../../recording/worldOfRecording.ts');
      const { out, scale, fps } = options;
      const format = options.format ?? formatOf(out);
      if (format === 'mcap' && (scale !== undefined || fps !== undefined))
        throw new UsageError('--scale and --fps are for pictures; MCAP has every frame as it was, so leave them out');
      const recording = await readRecording(file);
      const result = await exportRecording({
        recording,
        world: await worldOfRecording(recording.header, options.world),
        out,
        format,
        film: { scale: scale ?? DEFAULT_SCALE, ...(fps === undefined ? {} : { fps }) },
      });
      const { world, steps } = recording.header;
      output.report({ file, out, format, world: world.id, steps, ...result }, () => {
        const { bytes, pictures, messages } = result;
        const parts = pictures === undefined ? `${messages} messages` : `${pictures} pictures`;
        return `${steps} steps of ${world.id} are in ${out}: ${parts}, ${bytes} bytes`;
      });
    });
}

/** A world without a recording has nothing yet that could be written. */
function missingFile({ world }: ExportOptions): string {
  const example = 'reverie export FILE --out episode.gif';
  if (world === undefined) return `Name a recording to export, as in \`${example}\`; \`reverie record\` makes one.`;
  return `--world only says where the world of a recording lies; name the recording too, as in \`${example}\`.`;
}
