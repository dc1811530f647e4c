/**
 * Recordings on disk, one episode a file. A file is written whole under a temporary name and then renamed: a recording
 * that exists is complete, and a process that is killed loses at most the episodes that it had not ended.
 */
import { readFile, stat } from 'node:fs/promises';
import { DataError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { atOnce, type DoInParts } from './inParts.ts';
import type { Recording } from './recording.ts';
import { decodingRecording, encodeRecording } from './recordingCodec.ts';

/** What the names of recordings end in. */
export const RECORDING_EXTENSION = '.recording';

/** Bytes of the longest file that is read: millions of steps. */
const MAX_FILE_BYTES = 1 << 30;

/** Writes a recording, making its directory where needed. @throws DataError naming the file and the system's reason. */
export function writeRecording(path: string, recording: Recording): Promise<void> {
  return writeAtomically(path, encodeRecording(recording));
}

/**
 * Reads a recording, at once where nobody else waits for this thread.
 * @throws DataError naming the file, what is wrong and where.
 */
export async function readRecording(
  path: string,
  decode: DoInParts = async (work) => atOnce(work),
): Promise<Recording> {
  const content = await readContent(path);
  try {
    return await decode(decodingRecording(content));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`"${path}" cannot be used: ${error.message}.`, { cause: error });
  }
}

/** The bytes of a recording's file. @throws DataError naming the file and the system's reason */
export async function readContent(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, more than any recording`);
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`"${path}" cannot be read (${reason}); name a recording`, { cause });
  }
}
