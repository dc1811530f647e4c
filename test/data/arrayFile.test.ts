/** Arrays survive the way to disk and back to the bit, whatever they hold; damaged files are refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../models/tensor/safetensors.ts';
import { decodeArrays, encodeArrays, type ShapedArray } from '../../server/data/arrayFile.ts';
import { DataError } from '../../shared/errors.ts';

const flat = (data: ShapedArray['data'], flags?: true): ShapedArray => ({
  data,
  shape: [data.length],
  ...(flags && { flags }),
});

const anyArray: fc.Arbitrary<ShapedArray> = fc.oneof(
  fc.float64Array({ maxLength: 9 }).map((data) => flat(data)),
  fc.float32Array({ maxLength: 9 }).map((data) => flat(data)),
  fc.int32Array({ maxLength: 9 }).map((data) => flat(data)),
  fc.uint32Array({ maxLength: 9 }).map((data) => flat(data)),
  fc.uint8Array({ maxLength: 9 }).map((data) => flat(data)),
  fc.uint8Array({ maxLength: 9, max: 1 }).map((data) => flat(data, true)),
);

const anyArrays = fc.dictionary(
  fc.string().filter((name) => name !== '__metadata__' && name !== '__proto__'),
  anyArray,
  { maxKeys: 6, noNullPrototype: true },
);

describe('named arrays', () => {
  test('come back to the bit, with their types, shapes and notes', () => {
    fc.assert(
      fc.property(anyArrays, fc.string(), (arrays, note) => {
        const file = { arrays, metadata: { note } };
        expect(decodeArrays(encodeArrays(file))).toEqual(file);
      }),
    );
  });

  test('keep shapes', () => {
    const matrix = { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] };
    expect(decodeArrays(encodeArrays({ arrays: { matrix }, metadata: {} })).arrays.matrix).toEqual(matrix);
  });

  test('give the same bytes in whatever order they are named', () => {
    const [a, b] = [flat(Float64Array.of(1)), flat(Uint8Array.of(1, 2, 3))];
    expect(encodeArrays({ arrays: { a, b }, metadata: {} })).toEqual(encodeArrays({ arrays: { b, a }, metadata: {} }));
  });

  test('are read by others of the format', () => {
    const file = encodeArrays({ arrays: { a: flat(Float32Array.of(1, 2)), b: flat(Int32Array.of(7)) }, metadata: {} });
    const { tensors } = decodeSafetensors(file);
    expect([tensors.a?.data, tensors.b?.data]).toEqual([Float32Array.of(1, 2), Int32Array.of(7)]);
  });

  test('lie where their elements are aligned', () => {
    const arrays = {
      bytes: flat(Uint8Array.of(1)),
      numbers: flat(Float64Array.of(1)),
      flags: flat(Uint8Array.of(1), true),
    };
    const file = encodeArrays({ arrays, metadata: {} });
    const header = JSON.parse(Buffer.from(file.subarray(8, 8 + (file[0] ?? 0) + 256 * (file[1] ?? 0))).toString());
    expect(header.numbers).toEqual({ dtype: 'F64', shape: [1], data_offsets: [0, 8] });
    expect(header.flags.dtype).toBe('BOOL');
  });

  test('that are cut short or padded are refused', () => {
    const file = encodeArrays({ arrays: { a: flat(Float64Array.of(1, 2)) }, metadata: {} });
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeArrays(file.subarray(0, length))).toThrow(DataError);
    }
    expect(() => decodeArrays(Buffer.concat([file, Buffer.of(0)]))).toThrow(DataError);
  });

  test('of a type or shape that cannot be are refused', () => {
    const file = Buffer.from(encodeArrays({ arrays: { a: flat(Float64Array.of(1)) }, metadata: {} }));
    const altered = (from: string, to: string) => () =>
      decodeArrays(Buffer.from(file.toString('latin1').replace(from, to), 'latin1'));
    expect(altered('F64', 'F16')).toThrow(/"a" is of type F16, not one of F64/);
    expect(altered('"shape":[1]', '"shape":[2]')).toThrow(/"a" has 8 bytes, which don't fill the shape \[2\]/);
  });
});
