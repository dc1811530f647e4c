/**
 * A recording as a file that other programs open. It is replayed on the way and compared with what was recorded, so
 * that a file is either of what happened or not written.
 */
import { UsageError } from '../../../shared/errors.ts';
import type { World } from '../../../shared/world.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { RecordedEpisode } from '../recordedEpisode.ts';
import type { Recording } from '../recording.ts';
import type { FilmOptions } from './film.ts';

export const EXPORT_FORMATS = ['mcap', 'gif', 'webp'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The format that the ending of a path names. @throws UsageError when it names none. */
export function formatOf(path: string): ExportFormat {
  const format = EXPORT_FORMATS.find((name) => path.toLowerCase().endsWith(`.${name}`));
  if (format !== undefined) return format;
  throw new UsageError(
    `"${path}" doesn't say which format: end it in .${EXPORT_FORMATS.join(', .')}, or give --format`,
  );
}

export interface ExportRequest {
  readonly recording: Recording;
  /** A new world with the recording's variation. */
  readonly world: World;
  readonly out: string;
  readonly format: ExportFormat;
  /** For pictures alone. */
  readonly film: FilmOptions;
}

export interface ExportResult {
  readonly bytes: number;
  /** Pictures of a film. */
  readonly pictures?: number;
  /** Messages of a log. */
  readonly messages?: number;
}

/** @throws ReplayMismatch when the episode no longer happens as recorded; DataError when the file cannot be written. */
export async function exportRecording(request: ExportRequest): Promise<ExportResult> {
  const { recording, world, out, format, film } = request;
  const episode = new RecordedEpisode(recording, world);
  const { content, ...counts } = await encode(format, episode, recording, film);
  await writeAtomically(out, content);
  return { bytes: content.length, ...counts };
}

async function encode(format: ExportFormat, episode: RecordedEpisode, { header }: Recording, film: FilmOptions) {
  if (format === 'mcap') {
    const { mcapLog } = await import('./mcapLog.ts');
    return mcapLog(episode, header);
  }
  if (format === 'gif') {
    const { gifFilm } = await import('./gifFilm.ts');
    return gifFilm(episode, film);
  }
  const { webpFilm } = await import('./webpFilm.ts');
  return webpFilm(episode, film);
}
