import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float32, type HostTensor, type HostTensors, sizeOf } from '../../models/tensor/program.ts';
import { checkTensors, decodeSafetensors, encodeSafetensors } from '../../models/tensor/safetensors.ts';
import { WeightsError } from '../../shared/errors.ts';

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const tensor: fc.Arbitrary<HostTensor> = fc
  .tuple(shape, fc.constantFrom('float32', 'int32', 'bool'), fc.nat())
  .map(([dimensions, dtype, seed]) => {
    const size = sizeOf(dimensions);
    const values = Array.from({ length: size }, (_, i) => Math.sin(seed + i) * 1000);
    if (dtype === 'float32') return float32(values, dimensions);
    if (dtype === 'int32') return { shape: dimensions, dtype, data: Int32Array.from(values) };
    return { shape: dimensions, dtype: 'bool', data: Uint8Array.from(values, (value) => Number(value > 0)) };
  });
const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__');
const tensors = fc.dictionary(name, tensor, { maxKeys: 5, noNullPrototype: true });
const metadata = fc.dictionary(name, fc.string({ unit: 'grapheme' }), { maxKeys: 3, noNullPrototype: true });

const sample: HostTensors = {
  'layer/kernel': float32([1, 2, 3, 4, 5, 6], [2, 3]),
  'layer/steps': { shape: [2], dtype: 'int32', data: Int32Array.of(7, -8) },
  mask: { shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) },
};

/** The sample's file with its header changed. */
function withHeader(change: (header: Record<string, Record<string, unknown>>) => void): Uint8Array {
  const file = encodeSafetensors({ tensors: sample, metadata: {} });
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  change(header);
  return assemble(JSON.stringify(header), file.subarray(8 + length));
}

function assemble(header: string, body: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + body.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(body, 8 + text.length);
  return file;
}

describe('safetensors', () => {
  it('reads a Node buffer that shares its memory with others', () => {
    const file = encodeSafetensors({ tensors: sample, metadata: {} });
    const pool = Buffer.alloc(file.length + 24, 0xff);
    pool.set(file, 8);
    expect(decodeSafetensors(pool.subarray(8, 8 + file.length)).tensors).toEqual(sample);
  });

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(tensors, metadata, (put, notes) => {
        const got = decodeSafetensors(encodeSafetensors({ tensors: put, metadata: notes }));
        expect(got.metadata).toEqual(notes);
        expect(Object.keys(got.tensors).sort()).toEqual(Object.keys(put).sort());
        for (const [key, value] of Object.entries(put)) expect(got.tensors[key]).toEqual(value);
      }),
    );
  });

  it('reads a file that lies at an odd place in memory', () => {
    const file = encodeSafetensors({ tensors: sample, metadata: {} });
    const moved = new Uint8Array(file.length + 3).subarray(3);
    moved.set(file);
    expect(decodeSafetensors(moved).tensors).toEqual(sample);
  });

  it('writes what the format prescribes', () => {
    const file = encodeSafetensors({ tensors: { b: float32([1], [1]), a: float32([-2], [1]) }, metadata: { k: 'v' } });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: { k: 'v' },
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      b: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
    });
    expect([...file.subarray(8 + length)]).toEqual([0, 0, 0, 0xc0, 0, 0, 0x80, 0x3f]);
  });

  it('refuses every truncation and every extension', () => {
    const file = encodeSafetensors({ tensors: sample, metadata: { note: 'x' } });
    for (let length = 0; length < file.length; length++)
      expect(() => decodeSafetensors(file.subarray(0, length)), `${length} bytes`).toThrow(WeightsError);
    expect(() => decodeSafetensors(Uint8Array.from([...file, 0]))).toThrow(/1 bytes at its end belong to no tensor/);
  });

  it('never throws anything but WeightsError on damaged bytes', () => {
    const file = encodeSafetensors({ tensors: sample, metadata: { note: 'x' } });
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const damaged = Uint8Array.from(file);
        damaged[at] = value;
        try {
          decodeSafetensors(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(WeightsError);
        }
      }),
      { numRuns: 500 },
    );
  });

  const wrong: [string, () => Uint8Array, RegExp][] = [
    [
      'another element type',
      () => withHeader((h) => Object.assign(h.mask ?? {}, { dtype: 'F64' })),
      /"mask" is of type F64/,
    ],
    [
      'a shape that its bytes do not fill',
      () => withHeader((h) => Object.assign(h.mask ?? {}, { shape: [4] })),
      /"mask" has 3 bytes .* needs 4/,
    ],
    [
      'tensors that overlap',
      () => withHeader((h) => Object.assign(h.mask ?? {}, { data_offsets: [30, 33] })),
      /"mask" does not begin/,
    ],
    [
      'offsets beyond the file',
      () => withHeader((h) => Object.assign(h.mask ?? {}, { data_offsets: [32, 99] })),
      /"mask" ends at byte 99/,
    ],
    ['a negative dimension', () => withHeader((h) => Object.assign(h.mask ?? {}, { shape: [-3] })), /"mask" wrongly/],
    ['a header that is not JSON', () => assemble('{"a"', new Uint8Array()), /not JSON/],
    ['a header that is a list', () => assemble('[]', new Uint8Array()), /not an object/],
    ['a header longer than the file', () => new Uint8Array(8).fill(255), /claims/],
  ];
  it.each(wrong)('refuses %s', (_, make, message) => {
    expect(() => decodeSafetensors(make())).toThrow(message);
    expect(() => decodeSafetensors(make())).toThrow(WeightsError);
  });

  it('compares weights with what a network declares', () => {
    const expected = {
      'layer/kernel': { shape: [2, 3] },
      'layer/steps': { shape: [2], dtype: 'int32' },
      mask: { shape: [3], dtype: 'bool' },
    } as const;
    expect(checkTensors(sample, expected)).toBe(sample);
    const { mask: _, ...fewer } = expected;
    expect(() => checkTensors(sample, fewer)).toThrow('no tensor "mask"');
    expect(() => checkTensors(sample, { ...expected, 'layer/bias': { shape: [3] } })).toThrow(
      '"layer/bias" is missing',
    );
    expect(() => checkTensors(sample, { ...expected, 'layer/kernel': { shape: [3, 2] } })).toThrow(
      '"layer/kernel" is float32 [2, 3] where the network has float32 [3, 2]',
    );
  });
});
