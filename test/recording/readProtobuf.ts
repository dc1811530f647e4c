/**
 * Reads protocol buffers by the descriptors that come with them, as a program does that has never seen the types: what
 * the descriptors say and what the messages hold must fit, or this throws.
 */

/** What is found, by field name; messages, numbers, booleans, text and bytes. */
export interface Read {
  readonly [field: string]: unknown;
}

interface FieldInfo {
  readonly name: string;
  readonly number: number;
  readonly type: number;
  readonly typeName: string;
  readonly repeated: boolean;
}

export type Types = ReadonlyMap<string, readonly FieldInfo[]>;

const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];

/** All message types in a `FileDescriptorSet`, by full name. @throws Error when a file comes before one it needs. */
export function readDescriptors(content: Uint8Array): Types {
  const types = new Map<string, FieldInfo[]>();
  const files = new Set<string>();
  for (const file of allOf(content, 1)) {
    for (const dependency of textsOf(file, 3)) if (!files.has(dependency)) throw new Error(`${dependency} comes late`);
    files.add(textOf(file, 1));
    if (textOf(file, 12) !== 'proto3') throw new Error('only proto3 is read');
    for (const message of allOf(file, 4)) {
      const fields = allOf(message, 2).map((field) => ({
        name: textOf(field, 1),
        number: numberOf(field, 3),
        type: numberOf(field, 5),
        typeName: textOf(field, 6).slice(1),
        repeated: numberOf(field, 4) === 3,
      }));
      types.set(`${textOf(file, 2)}.${textOf(message, 1)}`, fields);
    }
  }
  return types;
}

/** A message of the named type. Fields that are not there are left out, repeated ones are empty lists. */
export function readMessage(types: Types, name: string, content: Uint8Array): Read {
  const fields = types.get(name);
  if (fields === undefined) throw new Error(`there is no type ${name}`);
  const message: Record<string, unknown> = {};
  for (const field of fields) if (field.repeated) message[field.name] = [];
  for (const { number, wire, value } of partsOf(content)) {
    const field = fields.find((candidate) => candidate.number === number);
    if (field === undefined) throw new Error(`${name} has no field ${number}`);
    const values = valuesOf(types, field, wire, value);
    if (field.repeated) message[field.name] = [...(message[field.name] as unknown[]), ...values];
    else [message[field.name]] = values;
  }
  return message;
}

function valuesOf(types: Types, { name, type, typeName, repeated }: FieldInfo, wire: number, value: Part): unknown[] {
  const packable = wireOf(type) !== LENGTH;
  if (repeated && packable && wire === LENGTH && value instanceof Buffer) {
    const items: unknown[] = [];
    for (let at = 0; at < value.length; ) {
      const part = partAt(value, at, wireOf(type));
      items.push(scalarOf(type, part.value));
      at = part.next;
    }
    return items;
  }
  if (wire !== wireOf(type)) throw new Error(`${name} has wire type ${wire} instead of ${wireOf(type)}`);
  if (type === 11) return [readMessage(types, typeName, value as Buffer)];
  return [scalarOf(type, value)];
}

function scalarOf(type: number, value: Part): unknown {
  if (type === 1) return (value as Buffer).readDoubleLE();
  if (type === 7) return (value as Buffer).readUInt32LE();
  if (type === 8) return value === 1;
  if (type === 9) return (value as Buffer).toString('utf8');
  return value;
}

function wireOf(type: number): number {
  if (type === 1) return FIXED64 as number;
  if (type === 7) return FIXED32 as number;
  return (type === 9 || type === 11 || type === 12 ? LENGTH : VARINT) as number;
}

type Part = number | Buffer;

function partsOf(content: Uint8Array): { number: number; wire: number; value: Part }[] {
  const bytes = Buffer.from(content);
  const parts: { number: number; wire: number; value: Part }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = partAt(bytes, at, VARINT as number);
    const wire = (tag.value as number) % 8;
    const { value, next } = partAt(bytes, tag.next, wire);
    parts.push({ number: Math.floor((tag.value as number) / 8), wire, value });
    at = next;
  }
  return parts;
}

function partAt(bytes: Buffer, at: number, wire: number): { value: Part; next: number } {
  if (wire === FIXED64) return { value: bytes.subarray(at, at + 8), next: at + 8 };
  if (wire === FIXED32) return { value: bytes.subarray(at, at + 4), next: at + 4 };
  let value = 0;
  let next = at;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes.readUInt8(next++);
    value += (byte & 127) * scale;
    if (byte < 128) break;
  }
  if (wire === VARINT) return { value, next };
  if (next + value > bytes.length) throw new Error('a part goes beyond the end');
  return { value: bytes.subarray(next, next + value), next: next + value };
}

function allOf(content: Uint8Array, number: number): Buffer[] {
  return partsOf(content).flatMap((part) => (part.number === number ? [part.value as Buffer] : []));
}

function textsOf(content: Uint8Array, number: number): string[] {
  return allOf(content, number).map((text) => text.toString('utf8'));
}

function textOf(content: Uint8Array, number: number): string {
  return textsOf(content, number)[0] ?? '';
}

function numberOf(content: Uint8Array, number: number): number {
  return (partsOf(content).find((part) => part.number === number)?.value as number | undefined) ?? 0;
}
