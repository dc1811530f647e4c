/**
 * Writes the safetensors format (github.com/huggingface/safetensors, "Format"): eight bytes of header length, a JSON
 * header that says where each array lies, then the arrays' bytes, little-endian and without gaps. The header is filled
 * up to eight bytes and the largest elements come first, so that all stay aligned; the same arrays always give the same
 * bytes.
 */
import type { TensorEntry } from './safetensorsHeader.ts';

/** The format's names for types of elements, the largest first. */
export const ELEMENT_TYPES = ['F64', 'F32', 'I32', 'U32', 'U8', 'BOOL'] as const;
export type ElementType = (typeof ELEMENT_TYPES)[number];

/** An array to be written; its values fill its shape. */
export interface WrittenArray {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

/** The bytes of a file with these arrays by name, and free text by name. */
export function safetensorsBytes(
  arrays: Readonly<Record<string, WrittenArray>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = Object.entries(arrays).sort(
    ([a, { dtype: first }], [b, { dtype: second }]) =>
      ELEMENT_TYPES.indexOf(first) - ELEMENT_TYPES.indexOf(second) || (a < b ? -1 : 1),
  );
  let end = 0;
  const described = entries.map(([name, { dtype, shape, data }]): [string, TensorEntry] => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape: [...shape], data_offsets: [begin, end] }];
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
