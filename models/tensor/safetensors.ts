/**
 * The safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes of header length, a JSON header
 * that says where each tensor lies, then the tensors' bytes, little-endian and without gaps. A file is judged before
 * it is believed: every offset, size and type is checked, so that a damaged file is a sentence that names the tensor
 * at fault. Writing to disk, and renaming when it is complete, is the caller's.
 */
import { WeightsError } from '../../shared/errors.ts';
import { type DType, type HostTensor, type HostTensors, type Signature, sizeOf } from './program.ts';
import { readHeader, type TensorEntry } from './safetensorsHeader.ts';

/** What a safetensors file holds. */
export interface TensorFile {
  readonly tensors: HostTensors;
  /** Free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's names for the element types, the largest elements first: in this order all stay aligned. */
const types = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<DType, string>;

/** The bytes of a file with these tensors; the same tensors always give the same bytes. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const order = Object.keys(types);
  const entries = Object.entries(tensors).sort(
    ([a, { dtype: first }], [b, { dtype: second }]) =>
      order.indexOf(first) - order.indexOf(second) || (a < b ? -1 : Number(a > b)),
  );
  let end = 0;
  const described = entries.map(([name, tensor]): [string, TensorEntry] => {
    const begin = end;
    end += tensor.data.byteLength;
    return [name, describe(name, tensor, [begin, end])];
  });
  const notes = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const text = new TextEncoder().encode(JSON.stringify({ ...notes, ...Object.fromEntries(described) }));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(' '.charCodeAt(0), 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function describe(name: string, { data, dtype, shape }: HostTensor, offsets: [number, number]): TensorEntry {
  if (name === '__metadata__') throw new WeightsError('a tensor cannot be called "__metadata__"; rename it');
  if (data.length !== sizeOf(shape))
    throw new WeightsError(`the tensor "${name}" holds ${data.length} values, which do not fill its shape [${shape}]`);
  return { dtype: types[dtype], shape: [...shape], data_offsets: offsets };
}

/**
 * Reads a file.
 * @throws WeightsError saying what is damaged, and in which tensor
 */
export function decodeSafetensors(file: Uint8Array): TensorFile {
  // A Buffer's slice is a view of shared memory; a plain array's is a copy, which is what readTensor relies on.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const { entries, metadata, start } = readHeader(bytes);
  const tensors = Object.entries(entries).map(([name, entry]): [string, HostTensor] => [
    name,
    readTensor(name, entry, bytes.subarray(start)),
  ]);
  return { tensors: Object.fromEntries(tensors), metadata };
}

function readTensor(
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: TensorEntry,
  body: Uint8Array,
): HostTensor {
  const type = (Object.keys(types) as DType[]).find((candidate) => types[candidate] === dtype);
  if (!type) throw new WeightsError(`the tensor "${name}" is of type ${dtype}; only F32, I32 and BOOL can be read`);
  const bytes = sizeOf(shape) * (type === 'bool' ? 1 : 4);
  if (end - begin !== bytes)
    throw new WeightsError(
      `the tensor "${name}" has ${end - begin} bytes where its shape [${shape.join(', ')}] needs ${bytes}; the file is damaged`,
    );
  const own = body.slice(begin, end); // aligned, and free of the file's memory
  if (type === 'bool') return { shape, dtype: type, data: own };
  return { shape, dtype: type, data: type === 'int32' ? new Int32Array(own.buffer) : new Float32Array(own.buffer) };
}

/**
 * The tensors, once they are known to be what a network declares.
 * @throws WeightsError naming the tensor that is missing, unknown, or of another shape or type
 */
export function checkTensors(tensors: HostTensors, expected: Signature): HostTensors {
  for (const [name, { shape, dtype = 'float32' }] of Object.entries(expected)) {
    const tensor = tensors[name];
    if (!tensor) throw new WeightsError(`the tensor "${name}" is missing; these weights belong to another network`);
    if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join())
      throw new WeightsError(
        `the tensor "${name}" is ${tensor.dtype} [${tensor.shape.join(', ')}] where the network has ${dtype} [${shape.join(', ')}]; these weights belong to another network`,
      );
  }
  const unknown = Object.keys(tensors).find((name) => !Object.hasOwn(expected, name));
  if (unknown !== undefined)
    throw new WeightsError(`the network has no tensor "${unknown}"; these weights belong to another network`);
  return tensors;
}
