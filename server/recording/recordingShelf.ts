/**
 * The recordings of a server, as its page is told of them: a directory that is listed, never a path that is asked for.
 * An id is the name of a file without its extension and is looked up in the listing, so that whatever a page sends
 * reaches the file system only as a name that the file system gave. What is uploaded is read whole and checked against
 * the worlds of this server before it is kept, and runs nothing. The server's thread is everybody's: what is read is
 * decoded in parts.
 */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../shared/errors.ts';
import { type RecordingSummary, recordingSummarySchema } from '../../shared/protocol/recordings.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { atOnce, type DoInParts, type Parts } from './inParts.ts';
import type { Recording } from './recording.ts';
import { decodeRecordingHeader, decodingRecording, MAX_HEADER_BYTES } from './recordingCodec.ts';
import { RECORDING_EXTENSION, readContent, readRecording } from './recordingFile.ts';
import type { RecordingHeader } from './recordingHeader.ts';

/** Bytes of the longest recording that a page may upload: above a hundred thousand steps of most worlds. */
export const MAX_UPLOAD_BYTES = 4 << 20;

/** Recordings that are listed, the newest first, and with which no more uploads are kept. */
const MAX_LISTED = 200;
const MAX_KEPT = 2000;

export interface RecordingShelfOptions {
  readonly directory: string;
  readonly worlds: ReadonlyMap<string, WorldDefinition>;
}

export class RecordingShelf {
  private readonly options: RecordingShelfOptions;

  constructor(options: RecordingShelfOptions) {
    this.options = options;
  }

  /** The newest recordings, newest first; files that are no recordings are passed over. */
  async list(): Promise<RecordingSummary[]> {
    const files = await Promise.all((await this.ids()).map(async (id) => ({ id, ...(await this.sizeOf(id)) })));
    const newest = files.sort((a, b) => b.changed - a.changed).slice(0, MAX_LISTED);
    const summaries = await Promise.all(newest.map(({ id, bytes }) => this.summary(id, bytes)));
    return summaries.filter((summary) => summary !== undefined);
  }

  /** The bytes of a recording. @throws DataError when there is none of this id, or it cannot be read. */
  async bytes(id: string): Promise<Buffer> {
    return readContent(await this.path(id));
  }

  /**
   * A recording and the world that it can be replayed in.
   * @throws DataError when there is none of this id, it is damaged, or its world is not what this server has.
   */
  async read(
    id: string,
    decode?: DoInParts,
  ): Promise<{ readonly recording: Recording; readonly definition: WorldDefinition }> {
    const recording = await readRecording(await this.path(id), decode);
    return { recording, definition: this.worldOf(recording.header) };
  }

  /**
   * Keeps an uploaded recording as it came and gives its id; the same file again has the same id.
   * @throws DataError saying why it is not kept.
   */
  async keep(content: Uint8Array, decode: DoInParts = async (work) => atOnce(work)): Promise<string> {
    const { header } = await decode(decodingUpload(content));
    this.worldOf(header);
    if ((await this.ids()).length >= MAX_KEPT)
      throw new DataError(`The server keeps ${MAX_KEPT} recordings and no more; delete some of its folder first.`);
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const id = `opened-${digest}`;
    await writeAtomically(join(this.options.directory, id + RECORDING_EXTENSION), content);
    return id;
  }

  private worldOf({ world, quantities, stepSeconds, subSteps }: RecordingHeader): WorldDefinition {
    const definition = this.options.worlds.get(world.id);
    if (definition === undefined)
      throw new DataError(
        `The recording is of the world '${world.id}', which this server does not have; start it with \`serve --world\` and that world.`,
      );
    const { spec } = definition;
    const { version } = spec;
    if (version !== world.version)
      throw new DataError(
        `The recording was made in version ${world.version} of '${world.id}', and this server has version ${version}; replay it with the Reverie that made it.`,
      );
    if (stepSeconds !== spec.stepSeconds || subSteps !== spec.subSteps)
      throw new DataError(
        `The recording has a stepSeconds of ${stepSeconds} and a subSteps of ${subSteps}, and '${world.id}' has ${spec.stepSeconds} and ${spec.subSteps} on this server; replay it with the world that it was made in.`,
      );
    if (quantities.join() !== Object.keys(spec.quantities).join())
      throw new DataError(
        `The recording measures other quantities of '${world.id}' than this server's world has; replay it with the world that it was made in.`,
      );
    return definition;
  }

  /** Where the recording of this id lies. */
  private async path(id: string): Promise<string> {
    const known = (await this.ids()).find((each) => each === id);
    if (known === undefined)
      throw new DataError('There is no such recording on this server; choose one of its list, or open its file.');
    return join(this.options.directory, known + RECORDING_EXTENSION);
  }

  /** None where the directory does not exist yet. */
  private async ids(): Promise<string[]> {
    const entries = await readdir(this.options.directory, { withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(RECORDING_EXTENSION))
      .map(({ name }) => name.slice(0, -RECORDING_EXTENSION.length));
  }

  private async sizeOf(id: string): Promise<{ bytes: number; changed: number }> {
    const found = await stat(join(this.options.directory, id + RECORDING_EXTENSION)).catch(() => undefined);
    return { bytes: found?.size ?? 0, changed: found?.mtimeMs ?? 0 };
  }

  /** None of what is no recording, or would be none to a page: one such line would cost it the whole list. */
  private async summary(id: string, bytes: number): Promise<RecordingSummary | undefined> {
    try {
      const header = decodeRecordingHeader(await this.beginning(id));
      const { world, steps, stepSeconds, createdAt, actor } = header;
      const seconds = steps * stepSeconds;
      const summary = { id, world: world.id, steps, seconds, createdAt, bytes, actor: actor.kind };
      return recordingSummarySchema.safeParse(summary).data;
    } catch {
      return undefined;
    }
  }

  private async beginning(id: string): Promise<Uint8Array> {
    const file = await open(join(this.options.directory, id + RECORDING_EXTENSION));
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, MAX_HEADER_BYTES + 8)));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

function* decodingUpload(content: Uint8Array): Parts<Recording> {
  try {
    return yield* decodingRecording(content);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`The file cannot be used: ${error.message}.`, { cause: error });
  }
}
