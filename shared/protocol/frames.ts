/**
 * Frames on the wire: one packed binary message a tick. A fixed little-endian header is followed by streams, each with
 * a header of its own and a payload padded to 8 bytes, so that a typed-array view of it needs no copy. Everything is
 * checked on arrival by hand; a message that is short, long or of another version throws and is dropped by its
 * receiver.
 *
 * ``` message  magic u16 · version u8 · kind u8 · streams u16 · flags u16 · seq u32 · envStep u32 · simTimeMs f64 ·
 * payload u32 · 0 u32 stream   id u8 · format u8 · index u16 · width u16 · height u16 · bytes u32 · 0 u32 ```
 */

const MAGIC = 0x5652;
const VERSION = 1;
export const MESSAGE_HEADER_BYTES = 32;
export const STREAM_HEADER_BYTES = 16;

/**
 * `tick`: one step of truth and dream. `plan`: the frames imagined for a whole plan. `futures`: several futures of a
 * plan, imagined and true.
 */
export const MESSAGE_KINDS = { tick: 1, plan: 2, futures: 3 } as const;
export type MessageKind = keyof typeof MESSAGE_KINDS;

/**
 * What a stream shows. `poses` holds x, y, angle for every shape of the scene, as float32; `fan` the paths of one
 * iteration's candidates, x and y in turn: `width` points a path, `height` paths. `futureTruth` and `futureDream` hold
 * the frames of one future, one below the other, as RGB to save a quarter; `spread`, `[2, steps]`, how far futures come
 * apart in pixels, true and imagined ones, NaN where that is not known.
 */
export const STREAMS = {
  truth: 1,
  dream: 2,
  goal: 3,
  poses: 4,
  imagined: 5,
  fan: 6,
  futureTruth: 7,
  futureDream: 8,
  spread: 9,
} as const;
export type StreamName = keyof typeof STREAMS;

const FORMATS = { rgba8: 1, float32: 2, rgb8: 3 } as const;
const FORMAT_CODES: readonly number[] = Object.values(FORMATS);

/** One picture or one list of numbers. `index` orders the streams of one name, such as the steps of a plan. */
export interface Stream {
  readonly name: StreamName;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** RGBA bytes, RGB bytes for `futureTruth` and `futureDream`, or float32 numbers for `poses`, `fan` and `spread`. */
  readonly data: Uint8Array | Float32Array;
}

export interface FrameMessage {
  readonly kind: MessageKind;
  readonly seq: number;
  readonly envStep: number;
  readonly simTimeMs: number;
  readonly streams: readonly Stream[];
}

const align8 = (bytes: number): number => (bytes + 7) & ~7;

/** Packs a message into one buffer. */
export function encodeFrameMessage(message: FrameMessage): Uint8Array {
  const payload = message.streams.reduce((sum, s) => sum + STREAM_HEADER_BYTES + align8(s.data.byteLength), 0);
  const bytes = new Uint8Array(MESSAGE_HEADER_BYTES + payload);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, VERSION);
  view.setUint8(3, MESSAGE_KINDS[message.kind]);
  view.setUint16(4, message.streams.length, true);
  view.setUint32(8, message.seq, true);
  view.setUint32(12, message.envStep, true);
  view.setFloat64(16, message.simTimeMs, true);
  view.setUint32(24, payload, true);
  let offset = MESSAGE_HEADER_BYTES;
  for (const stream of message.streams) {
    view.setUint8(offset, STREAMS[stream.name]);
    view.setUint8(offset + 1, FORMATS[formatOf(stream)]);
    view.setUint16(offset + 2, stream.index, true);
    view.setUint16(offset + 4, stream.width, true);
    view.setUint16(offset + 6, stream.height, true);
    view.setUint32(offset + 8, stream.data.byteLength, true);
    offset += STREAM_HEADER_BYTES;
    bytes.set(new Uint8Array(stream.data.buffer, stream.data.byteOffset, stream.data.byteLength), offset);
    offset += align8(stream.data.byteLength);
  }
  return bytes;
}

/**
 * Unpacks a message; the streams' data are views of `buffer`.
 * @throws RangeError naming the field that is wrong.
 */
export function decodeFrameMessage(buffer: ArrayBuffer): FrameMessage {
  if (buffer.byteLength < MESSAGE_HEADER_BYTES)
    throw new RangeError(`frame message of ${buffer.byteLength} bytes is shorter than its header`);
  const view = new DataView(buffer);
  if (view.getUint16(0, true) !== MAGIC) throw new RangeError('frame message does not begin with the magic number');
  if (view.getUint8(2) !== VERSION)
    throw new RangeError(`frame message has version ${view.getUint8(2)}, expected ${VERSION}`);
  const kind = nameOf(MESSAGE_KINDS, view.getUint8(3), 'message kind');
  const payload = view.getUint32(24, true);
  if (payload !== buffer.byteLength - MESSAGE_HEADER_BYTES)
    throw new RangeError(
      `frame message announces ${payload} bytes and carries ${buffer.byteLength - MESSAGE_HEADER_BYTES}`,
    );
  const count = view.getUint16(4, true);
  const streams: Stream[] = [];
  let offset = MESSAGE_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    if (offset + STREAM_HEADER_BYTES > buffer.byteLength)
      throw new RangeError(`stream ${i} begins beyond the end of its frame message`);
    const bytes = view.getUint32(offset + 8, true);
    const start = offset + STREAM_HEADER_BYTES;
    if (start + align8(bytes) > buffer.byteLength)
      throw new RangeError(`stream ${i} of ${bytes} bytes runs beyond the end of its frame message`);
    const format = view.getUint8(offset + 1);
    if (!FORMAT_CODES.includes(format)) throw new RangeError(`stream ${i} has unknown format ${format}`);
    if (format === FORMATS.float32 && bytes % 4 !== 0)
      throw new RangeError(`stream ${i} has ${bytes} bytes, which are no float32 numbers`);
    streams.push({
      name: nameOf(STREAMS, view.getUint8(offset), 'stream'),
      index: view.getUint16(offset + 2, true),
      width: view.getUint16(offset + 4, true),
      height: view.getUint16(offset + 6, true),
      data:
        format === FORMATS.float32 ? new Float32Array(buffer, start, bytes / 4) : new Uint8Array(buffer, start, bytes),
    });
    offset = start + align8(bytes);
  }
  return {
    kind,
    seq: view.getUint32(8, true),
    envStep: view.getUint32(12, true),
    simTimeMs: view.getFloat64(16, true),
    streams,
  };
}

function formatOf({ name, data }: Stream): keyof typeof FORMATS {
  if (data instanceof Float32Array) return 'float32';
  return name === 'futureTruth' || name === 'futureDream' ? 'rgb8' : 'rgba8';
}

function nameOf<T extends Record<string, number>>(table: T, value: number, what: string): keyof T {
  for (const [name, code] of Object.entries(table)) if (code === value) return name;
  throw new RangeError(`unknown ${what} ${value} in a frame message`);
}
