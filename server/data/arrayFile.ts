/**
 * Named arrays as a safetensors file (github.com/huggingface/safetensors, "Format"), with the element types that data
 * need and networks don't: float64 for states, uint32 for seeds, bytes for flags and digests. Any safetensors reader
 * opens it. The same arrays always give the same bytes.
 */
import { sizeOf } from '../../models/tensor/program.ts';
import { readHeader } from '../../models/tensor/safetensorsHeader.ts';
import { DataError, ReverieError } from '../../shared/errors.ts';

/** A typed array and its shape, in row-major order. */
export interface ShapedArray {
  readonly data: Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;
  readonly shape: readonly number[];
  /** Whether bytes are truth values, 0 and 1. */
  readonly flags?: boolean;
}

export interface ArrayFile {
  readonly arrays: Readonly<Record<string, ShapedArray>>;
  /** Free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

const constructors = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};
type TypeName = keyof typeof constructors;

/** The format's names, the largest elements first: in this order all stay aligned. */
const typeNames: readonly TypeName[] = ['F64', 'F32', 'I32', 'U32', 'U8', 'BOOL'];

/** The bytes of a file with these arrays. */
export function encodeArrays({ arrays, metadata }: ArrayFile): Uint8Array {
  const entries = Object.entries(arrays)
    .map(([name, array]) => ({ name, ...array, dtype: typeNameOf(array) }))
    .sort((a, b) => typeNames.indexOf(a.dtype) - typeNames.indexOf(b.dtype) || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, dtype, shape, data } of entries) {
    const begin = end;
    end += data.byteLength;
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(' '.charCodeAt(0), 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const { data } of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function typeNameOf({ data, flags = false }: ShapedArray): TypeName {
  if (flags) return 'BOOL';
  return typeNames.find((name) => data instanceof constructors[name]) as TypeName;
}

/** The file's arrays, each with memory of its own. @throws DataError saying what is damaged */
export function decodeArrays(file: Uint8Array): ArrayFile {
  const { entries, metadata, start } = headerOf(file);
  const arrays = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [begin, end],
      },
    ]) => {
      const known = typeNames.find((candidate) => candidate === dtype);
      if (!known) throw new DataError(`its array "${name}" is of type ${dtype}, not one of ${typeNames.join(', ')}`);
      const Kind = constructors[known];
      if (end - begin !== sizeOf(shape) * Kind.BYTES_PER_ELEMENT) {
        throw new DataError(`its array "${name}" has ${end - begin} bytes, which don't fill the shape [${shape}]`);
      }
      const bytes = new Uint8Array(end - begin);
      bytes.set(file.subarray(start + begin, start + end));
      const array: ShapedArray = { data: new Kind(bytes.buffer), shape, ...(known === 'BOOL' && { flags: true }) };
      return [name, array] as const;
    },
  );
  return { arrays: Object.fromEntries(arrays), metadata };
}

function headerOf(file: Uint8Array): ReturnType<typeof readHeader> {
  try {
    return readHeader(file);
  } catch (cause) {
    if (!(cause instanceof ReverieError)) throw cause;
    throw new DataError('it is no safetensors file, or a damaged one', { cause });
  }
}
