/**
 * Named arrays as a safetensors file (`models/tensor/safetensorsBytes.ts`), with the element types that data need and
 * networks don't: float64 for states, uint32 for seeds, bytes for flags and digests. Any safetensors reader opens it.
 * The same arrays always give the same bytes.
 */
import { sizeOf } from '../../models/tensor/program.ts';
import { ELEMENT_TYPES, type ElementType, safetensorsBytes } from '../../models/tensor/safetensorsBytes.ts';
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
} as const satisfies Record<ElementType, unknown>;

/** The bytes of a file with these arrays. */
export function encodeArrays({ arrays, metadata }: ArrayFile): Uint8Array {
  const written = Object.entries(arrays).map(([name, array]) => [name, { ...array, dtype: typeOf(array) }] as const);
  return safetensorsBytes(Object.fromEntries(written), metadata);
}

function typeOf({ data, flags = false }: ShapedArray): ElementType {
  if (flags) return 'BOOL';
  return ELEMENT_TYPES.find((name) => data instanceof constructors[name]) as ElementType;
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
      const known = ELEMENT_TYPES.find((candidate) => candidate === dtype);
      if (!known)
        throw new DataError(`its array "${name}" is of type ${dtype}, not one of ${ELEMENT_TYPES.join(', ')}`);
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
