/**
 * Tensors as a safetensors file (`safetensorsBytes.ts`). A file is judged before it is believed: every offset, size and
 * type is checked, so that a damaged file is a sentence that names the tensor at fault. Writing to disk, and renaming
 * when it is complete, is the caller's.
 */
import { WeightsError } from '../../shared/errors.ts';
import { type DType, type HostTensor, type HostTensors, type Signature, sizeOf } from './program.ts';
import { type ElementType, safetensorsBytes, type WrittenArray } from './safetensorsBytes.ts';
import { readHeader, type TensorEntry } from './safetensorsHeader.ts';

/** What a safetensors file holds. */
export interface TensorFile {
  readonly tensors: HostTensors;
  /** Free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's names for the element types. */
const types = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<DType, ElementType>;

/** The bytes of a file with these tensors; the same tensors always give the same bytes. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const arrays = Object.entries(tensors).map(([name, tensor]) => [name, written(name, tensor)] as const);
  return safetensorsBytes(Object.fromEntries(arrays), metadata);
}

function written(name: string, { data, dtype, shape }: HostTensor): WrittenArray {
  if (name === '__metadata__') throw new WeightsError('a tensor cannot be called "__metadata__"; rename it');
  if (data.length !== sizeOf(shape))
    throw new WeightsError(`the tensor "${name}" holds ${data.length} values, which do not fill its shape [${shape}]`);
  return { dtype: types[dtype], shape, data };
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
