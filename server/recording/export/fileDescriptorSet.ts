/**
 * How a reader that has never seen a message type learns to read it: a `FileDescriptorSet`
 * (https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto), which is itself a
 * message. Each type goes into a file of its own, after the files that it depends on, as Foxglove's own schemas do.
 */
import { encodeMessage, type Field, type FieldKind, type Message, type MessageType, many, one } from './messageType.ts';

/** `google.protobuf.FieldDescriptorProto.Type`. */
const TYPE_NUMBERS = { double: 1, int64: 3, int32: 5, fixed32: 7, bool: 8, string: 9, bytes: 12 } as const;
const TYPE_MESSAGE = 11;
const TYPE_ENUM = 14;

const LABEL_OPTIONAL = 1;
const LABEL_REPEATED = 3;

const fieldDescriptor: MessageType = {
  name: 'google.protobuf.FieldDescriptorProto',
  fields: {
    name: one(1, 'string'),
    number: one(3, 'int32'),
    label: one(4, 'int32'),
    type: one(5, 'int32'),
    type_name: one(6, 'string'),
  },
};

const enumValueDescriptor: MessageType = {
  name: 'google.protobuf.EnumValueDescriptorProto',
  fields: { name: one(1, 'string'), number: one(2, 'int32') },
};

const enumDescriptor: MessageType = {
  name: 'google.protobuf.EnumDescriptorProto',
  fields: { name: one(1, 'string'), value: many(2, { message: enumValueDescriptor }) },
};

const messageDescriptor: MessageType = {
  name: 'google.protobuf.DescriptorProto',
  fields: {
    name: one(1, 'string'),
    field: many(2, { message: fieldDescriptor }),
    enum_type: many(4, { message: enumDescriptor }),
  },
};

const fileDescriptor: MessageType = {
  name: 'google.protobuf.FileDescriptorProto',
  fields: {
    name: one(1, 'string'),
    package: one(2, 'string'),
    dependency: many(3, 'string'),
    message_type: many(4, { message: messageDescriptor }),
    syntax: one(12, 'string'),
  },
};

const fileDescriptorSet: MessageType = {
  name: 'google.protobuf.FileDescriptorSet',
  fields: { file: many(1, { message: fileDescriptor }) },
};

/** The descriptors of a type and of all that it is made of, in wire format. */
export function describeType(type: MessageType): Uint8Array {
  return encodeMessage(fileDescriptorSet, { file: withDependencies(type).map(describeFile) });
}

/** The types that a type is made of, each after those that it is made of, and itself last. */
function withDependencies(type: MessageType): MessageType[] {
  const ordered = new Set<MessageType>();
  const visit = (each: MessageType): void => {
    if (ordered.has(each)) return;
    for (const part of partsOf(each)) visit(part);
    ordered.add(each);
  };
  visit(type);
  return [...ordered];
}

function partsOf({ fields }: MessageType): MessageType[] {
  const kinds = Object.values(fields).map(({ kind }) => kind);
  return [...new Set(kinds.flatMap((kind) => (typeof kind === 'object' && 'message' in kind ? [kind.message] : [])))];
}

function describeFile(type: MessageType): Message {
  return {
    name: fileOf(type),
    package: packageOf(type),
    dependency: partsOf(type).map(fileOf),
    message_type: [
      {
        name: localName(type),
        field: Object.entries(type.fields).map(([name, field]) => describeField(name, field)),
        enum_type: Object.entries(type.enums ?? {}).map(([name, values]) => ({
          name,
          value: values.map((value, number) => ({ name: value, number })),
        })),
      },
    ],
    syntax: 'proto3',
  };
}

function describeField(name: string, { number, kind, repeated }: Field): Message {
  const label = repeated ? LABEL_REPEATED : LABEL_OPTIONAL;
  return { name, number, label, ...describeKind(kind) };
}

function describeKind(kind: FieldKind): Message {
  if (typeof kind !== 'object') return { type: TYPE_NUMBERS[kind] };
  if ('enum' in kind) return { type: TYPE_ENUM, type_name: `.${kind.enum}` };
  return { type: TYPE_MESSAGE, type_name: `.${kind.message.name}` };
}

/** Google's own files have names in lower case. */
function fileOf(type: MessageType): string {
  const name = `${type.name.replaceAll('.', '/')}.proto`;
  return packageOf(type) === 'google.protobuf' ? name.toLowerCase() : name;
}

function packageOf({ name }: MessageType): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function localName({ name }: MessageType): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
