/**
 * `reverie export`: a recording as a file for other programs, MCAP for Foxglove and Rerun, GIF or WebP for a page; or,
 * named by a world alone, the networks of its agent as ONNX files.
 */
import { type Command, Option } from 'commander';
import { UsageError } from '../../../shared/errors.ts';
import type { ManifestNetwork, ManifestTensor } from '../../export/exportNetworks.ts';
import type { ExportFormat } from '../../recording/export/exportRecording.ts';
import type { CommandContext } from '../commandContext.ts';
import { integer, numberAbove } from '../options.ts';
import { type Output, table } from '../output.ts';

interface ExportOptions {
  readonly out: string;
  readonly format?: ExportFormat;
  readonly world?: string;
  readonly agent?: string;
  readonly scale?: number;
  readonly fps?: number;
}

const DEFAULT_SCALE = 4;

export function addExportCommand(program: Command, { output }: CommandContext): void {
  program
    .command('export')
    .description("write a recording as MCAP, GIF or WebP, or a world's networks as ONNX")
    .argument('[file]', "a recording; without one, --world names the agent's networks")
    .requiredOption('--out <path>', 'file to write, whose ending says the format; for networks a directory')
    .addOption(
      new Option('--format <format>', 'the format, if the ending does not say it').choices(['mcap', 'gif', 'webp']),
    )
    .option('--world <world>', 'id, path or package of the world; for recordings only if it is not a built-in one')
    .option('--agent <directory>', "directory of the agent whose networks are written (default: the world's shipped)")
    .option('--scale <factor>', `pixels of a picture for one of the frame (default: ${DEFAULT_SCALE})`, integer(1, 16))
    .option('--fps <count>', 'pictures a simulated second at most (default: one a step)', numberAbove(0))
    .action((file: string | undefined, options: ExportOptions) => {
      if (file !== undefined) return recordingExport(file, options, output);
      if (options.world !== undefined) return networksExport(options.world, options, output);
      throw new UsageError(
        'Name a recording to export, as in `reverie export FILE --out episode.gif` (`reverie record` makes one), or a world whose networks to export, as in `reverie export --world push-t --out networks`.',
      );
    });
}

async function recordingExport(file: string, options: ExportOptions, output: Output): Promise<void> {
  const { out, world: worldModule, agent, scale, fps } = options;
  if (agent !== undefined)
    throw new UsageError('--agent is for networks, which are exported without a recording; leave one of the two out');
  const { exportRecording, formatOf } = await import('../../recording/export/exportRecording.ts');
  const { readRecording } = await import('../../recording/recordingFile.ts');
  const { worldOfRecording } = await import('../../recording/worldOfRecording.ts');
  const format = options.format ?? formatOf(out);
  if (format === 'mcap' && (scale !== undefined || fps !== undefined))
    throw new UsageError('--scale and --fps are for pictures; MCAP has every frame as it was, so leave them out');
  const recording = await readRecording(file);
  const result = await exportRecording({
    recording,
    world: await worldOfRecording(recording.header, worldModule),
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
}

async function networksExport(world: string, options: ExportOptions, output: Output): Promise<void> {
  const { out: directory, agent, format, scale, fps } = options;
  if (format !== undefined || scale !== undefined || fps !== undefined)
    throw new UsageError('--format, --scale and --fps are for recordings; name one, or leave them out for networks');
  const { loadWorld } = await import('../../../envs/registry.ts');
  const { weightsDirectory } = await import('../../agent/weightsDirectory.ts');
  const { exportNetworks, MANIFEST_FILE } = await import('../../export/exportNetworks.ts');
  const { spec } = await loadWorld(world);
  const { networks } = await exportNetworks({ world: spec, agent: agent ?? weightsDirectory(spec.id), out: directory });
  output.report({ world: spec.id, directory, networks }, () => {
    const rows = networks.map(({ file, inputs, outputs, megabytes }: ManifestNetwork) => [
      file,
      `${megabytes.toFixed(1)} MB`,
      `${inputs.map(described).join(', ')} → ${outputs.map(described).join(', ')}`,
    ]);
    return `${table(rows)}\n${MANIFEST_FILE} in ${directory} says what they take and give`;
  });
}

function described({ name, dtype, shape }: ManifestTensor): string {
  return `${name} ${dtype} [${shape.join(', ')}]`;
}
