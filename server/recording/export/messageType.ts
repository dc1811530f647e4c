/**
 * Protocol buffers, as far as messages are written here: types as data, and messages of them as bytes (proto3,
 * https://protobuf.dev/programming-guides/encoding/). A dozen types and one direction are less than a library would
 * bring, and the same few lines write the messages and the descriptors that say how to read them.
 *
 * Every field that a value has is written, zeros and false included, so that readers that look only for what is there
 * find all of it; a field that it lacks is left out.
 */

/** What one value of a field is: a scalar, or the full name of an enum or a message. */
export type FieldKind = ScalarKind | { readonly enum: string } | { readonly message: MessageType };

export type ScalarKind = 'double' | 'int64' | 'int32' | 'fixed32' | 'bool' | 'string' | 'bytes';

export interface Field {
  readonly number: number;
  readonly kind: FieldKind;
  readonly repeated: boolean;
}

export interface MessageType {
  /** Package and name: `foxglove.Color`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Enums declared inside the message, each with its values in order from 0. */
  readonly enums?: Readonly<Record<string, readonly string[]>>;
}

/** One value of a field. */
export type Value = number | boolean | string | Uint8Array | Message;

/** A message, by the names of its fields. */
export interface Message {
  readonly [field: string]: Value | readonly Value[] | undefined;
}

/** A field with one value at most. */
export function one(number: number, kind: FieldKind): Field {
  return { number, kind, repeated: false };
}

/** A field with any number of values. */
export function many(number: number, kind: FieldKind): Field {
  return { number, kind, repeated: true };
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** The message in wire format. @throws TypeError when a value is not of its field's kind, or there is no such field. */
export function encodeMessage(type: MessageType, message: Message): Buffer {
  const pieces: Buffer[] = [];
  for (const [name, value] of Object.entries(message)) {
    const field = type.fields[name];
    if (field === undefined) throw new TypeError(`${type.name} has no field ${name}`);
    if (value === undefined) continue;
    if (field.repeated !== Array.isArray(value)) throw new TypeError(`${type.name}.${name} is one value or many`);
    const values: readonly Value[] = isList(value) ? value : [value];
    if (field.repeated && isPackable(field.kind)) pieces.push(packed(field, values));
    else for (const item of values) pieces.push(tag(field.number, wireType(field.kind)), encodeValue(field.kind, item));
  }
  return Buffer.concat(pieces);
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

/** Repeated numbers are written as one block. */
function isPackable(kind: FieldKind): boolean {
  return wireType(kind) !== LENGTH_DELIMITED;
}

function packed({ number, kind }: Field, values: readonly Value[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  return Buffer.concat([
    tag(number, LENGTH_DELIMITED),
    delimited(Buffer.concat(values.map((value) => encodeValue(kind, value)))),
  ]);
}

function wireType(kind: FieldKind): number {
  if (typeof kind === 'object') return 'enum' in kind ? VARINT : LENGTH_DELIMITED;
  if (kind === 'double') return FIXED64;
  if (kind === 'fixed32') return FIXED32;
  return kind === 'string' || kind === 'bytes' ? LENGTH_DELIMITED : VARINT;
}

function encodeValue(kind: FieldKind, value: Value): Buffer {
  if (typeof kind === 'object' && 'message' in kind) {
    if (typeof value !== 'object' || value instanceof Uint8Array) throw new TypeError('a message must be an object');
    return delimited(encodeMessage(kind.message, value));
  }
  if (kind === 'string' && typeof value === 'string') return delimited(Buffer.from(value));
  if (kind === 'bytes' && value instanceof Uint8Array) return delimited(value);
  if (kind === 'bool' && typeof value === 'boolean') return varint(value ? 1 : 0);
  if (typeof value !== 'number') throw new TypeError(`${String(value)} cannot be written as ${JSON.stringify(kind)}`);
  const bytes = Buffer.alloc(kind === 'double' ? 8 : 4);
  if (kind === 'double') bytes.writeDoubleLE(value);
  else if (kind === 'fixed32') bytes.writeUInt32LE(value);
  else return varint(value);
  return bytes;
}

function tag(number: number, wire: number): Buffer {
  return varint(number * 8 + wire);
}

function delimited(bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** A non-negative integer, seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${value} is no non-negative integer`);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
