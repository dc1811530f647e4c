/**
 * The bytes of a recording: one line of JSON, the header, then records of fixed length.
 *
 * ```
 * header   a line of JSON, ended by \n                                               | check
 * start    state hash (8 bytes)                                                      | check
 * step     action (actionSize float64, little-endian), flags (1 byte), state hash (8) | check     × header.steps
 * ```
 *
 * Bit 0 of the flags is `terminated`, bit 1 `truncated`. Each part is followed by a check of eight bytes: the beginning
 * of the SHA-256 of the check before it and the part. The first check that fails is therefore where the file was
 * altered, and the number of steps tells where it was cut off. The checks find accidents, not forgers: whoever rewrites
 * all of them is found out by the replay, if the actions no longer lead to the states.
 */
import { createHash } from 'node:crypto';
import { DataError } from '../../shared/errors.ts';
import { exactJson } from './exactJson.ts';
import { atOnce, type Parts } from './inParts.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { parseHeader, RECORDING_FORMAT, type RecordingHeader } from './recordingHeader.ts';
import { HASH_BYTES } from './stateHash.ts';

const CHECK_BYTES = 8;

/** Bytes of the longest header that is read. */
export const MAX_HEADER_BYTES = 1 << 20;

const TERMINATED = 1;
const TRUNCATED = 2;

const BEGINNING = Buffer.from(`{"format":"${RECORDING_FORMAT}"`);
const NEWLINE = 10;

/** The recording as the content of a file. */
export function encodeRecording({ header, startHash, steps }: Recording): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(`${exactJson(header)}\n`), Buffer.from(startHash, 'hex')];
  for (const step of steps) parts.push(encodeStep(step, header));
  const pieces: Uint8Array[] = [];
  let check: Uint8Array = new Uint8Array(0);
  for (const part of parts) {
    check = checkOf(check, part);
    pieces.push(part, check);
  }
  return Buffer.concat(pieces);
}

/**
 * The recording in the content of a file.
 * @throws DataError saying where the file is damaged, cut off, or no recording that this version reads.
 */
export function decodeRecording(content: Uint8Array): Recording {
  return atOnce(decodingRecording(content));
}

/** The same in parts, one for each step. */
export function* decodingRecording(content: Uint8Array): Parts<Recording> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const { header, end, check } = decodeHeader(bytes);
  let offset = end;
  let previous = check;
  const take = (length: number, place: string): Buffer => {
    const checkAt = offset + length;
    const next = checkAt + CHECK_BYTES;
    if (next > bytes.length) throw new DataError(`it is cut off within ${place}, after ${bytes.length} bytes`);
    const part = bytes.subarray(offset, checkAt);
    previous = checkOf(previous, part);
    if (!previous.equals(bytes.subarray(checkAt, next)))
      throw new DataError(`it is damaged at ${place}, in the bytes ${offset} to ${next - 1}`);
    offset = next;
    return part;
  };
  const startHash = take(HASH_BYTES, 'the start').toString('hex');
  const steps: RecordedStep[] = [];
  while (steps.length < header.steps) {
    const place = `step ${steps.length + 1} of ${header.steps}`;
    steps.push(decodeStep(take(stepBytes(header), place), header));
    yield;
  }
  if (offset < bytes.length) throw new DataError(`it goes on for ${bytes.length - offset} bytes after its last step`);
  return { header, startHash, steps };
}

/**
 * The header alone, of at least the first `MAX_HEADER_BYTES` and a check of a file.
 * @throws DataError as `decodeRecording`.
 */
export function decodeRecordingHeader(beginning: Uint8Array): RecordingHeader {
  return decodeHeader(Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength)).header;
}

function decodeHeader(bytes: Buffer): { header: RecordingHeader; end: number; check: Buffer } {
  const beginning = bytes.subarray(0, BEGINNING.length);
  if (!BEGINNING.subarray(0, beginning.length).equals(beginning) || bytes.length === 0)
    throw new DataError("it is no recording: it doesn't begin like one");
  const lineEnd = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(NEWLINE) + 1;
  const end = lineEnd + CHECK_BYTES;
  if (lineEnd === 0 && bytes.length >= MAX_HEADER_BYTES)
    throw new DataError(`its header is damaged: it doesn't end within ${MAX_HEADER_BYTES} bytes`);
  if (lineEnd === 0 || end > bytes.length)
    throw new DataError(`it is cut off within the header, after ${bytes.length} bytes`);
  const line = bytes.subarray(0, lineEnd);
  const check = checkOf(new Uint8Array(0), line);
  if (!check.equals(bytes.subarray(lineEnd, end)))
    throw new DataError(`its header is damaged, in the bytes 0 to ${end - 1}`);
  return { header: parseHeader(parseJson(line.toString('utf8'))), end, check };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError('its header is no JSON', { cause });
  }
}

function stepBytes({ actionSize }: RecordingHeader): number {
  return 8 * actionSize + 1 + HASH_BYTES;
}

function encodeStep({ action, terminated, truncated, hash }: RecordedStep, { actionSize }: RecordingHeader): Buffer {
  const bytes = Buffer.alloc(8 * actionSize + 1 + HASH_BYTES);
  for (let i = 0; i < actionSize; i++) bytes.writeDoubleLE(action[i] ?? Number.NaN, 8 * i);
  bytes.writeUInt8((terminated ? TERMINATED : 0) | (truncated ? TRUNCATED : 0), 8 * actionSize);
  bytes.write(hash, 8 * actionSize + 1, 'hex');
  return bytes;
}

function decodeStep(bytes: Buffer, { actionSize }: RecordingHeader): RecordedStep {
  const flags = bytes.readUInt8(8 * actionSize);
  return {
    action: Array.from({ length: actionSize }, (_, i) => bytes.readDoubleLE(8 * i)),
    terminated: (flags & TERMINATED) !== 0,
    truncated: (flags & TRUNCATED) !== 0,
    hash: bytes.toString('hex', 8 * actionSize + 1),
  };
}

/** The check that follows a part. */
function checkOf(previous: Uint8Array, part: Uint8Array): Buffer {
  return createHash('sha256').update(previous).update(part).digest().subarray(0, CHECK_BYTES);
}
