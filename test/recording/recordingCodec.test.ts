/** The file of a recording: exact, compact, and honest about damage. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Recording } from '../../server/recording/recording.ts';
import { decodeRecording, decodingRecording, encodeRecording } from '../../server/recording/recordingCodec.ts';
import { DataError } from '../../shared/errors.ts';
import { driftWorld } from './driftWorld.ts';
import { recordScript } from './recordScript.ts';

const recording = recordScript(driftWorld());
const file = encodeRecording(recording);
const headerEnd = file.indexOf(10) + 1 + 8;

/** What decoding says of a file that it refuses. */
function complaintOf(content: Uint8Array): string {
  try {
    decodeRecording(content);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).message;
  }
  return 'nothing';
}

/** The file with another header, all its checks made to fit. */
function withHeader(header: string): Uint8Array {
  const parts = [Buffer.from(`${header}\n`), file.subarray(headerEnd, headerEnd + 8)];
  for (let at = headerEnd + 16; at < file.length; at += 25) parts.push(file.subarray(at, at + 17));
  let check = Buffer.alloc(0);
  return Buffer.concat(
    parts.flatMap((part) => {
      check = createHash('sha256').update(check).update(part).digest().subarray(0, 8);
      return [part, check];
    }),
  );
}

describe('a recording', () => {
  test('is given back to the bit', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324));
    const hash = fc.stringMatching(/^[0-9a-f]{16}$/);
    const step = fc.record({
      action: fc.tuple(number, number),
      terminated: fc.boolean(),
      truncated: fc.boolean(),
      hash,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), hash, number, number, (steps, startHash, x, gain) => {
        const header = {
          ...recording.header,
          actionSize: 2,
          steps: steps.length,
          start: { kind: 'place' as const, state: { x, velocity: -x } },
          variation: { gain, colour: '#ff0000' },
        };
        const whole: Recording = { header, startHash, steps };
        expect(decodeRecording(encodeRecording(whole))).toEqual(whole);
      }),
    );
  });

  test('begins with a line that any program can read', () => {
    const line = Buffer.from(file).toString('utf8', 0, headerEnd - 9);
    expect(JSON.parse(line)).toMatchObject({
      format: 'reverie-recording',
      formatVersion: 1,
      world: { id: 'drift', version: 1, source: 'drift' },
      start: { kind: 'reset', seed: 7 },
      quantities: ['x', 'velocity', 'minus zero'],
      steps: 40,
      createdAt: '2026-01-02T03:04:05.678Z',
    });
  });

  test('can be decoded in parts, one for each step, to the same', () => {
    const work = decodingRecording(file);
    for (let step = 0; step < 40; step++) expect(work.next().done).toBe(false);
    expect(work.next()).toEqual({ done: true, value: recording });
    const cut = decodingRecording(file.subarray(0, -30));
    const parts = () => [...cut];
    expect(parts).toThrow(/cut off within step 39/);
  });

  test('takes 25 bytes a step for an action of one number', () => {
    expect(file.length).toBe(headerEnd + 16 + 40 * 25);
  });
});

describe('a file that is not whole', () => {
  test('is found out wherever it is cut off', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), (length) => {
        expect(complaintOf(file.subarray(0, length))).toMatch(
          length === 0 ? /no recording/ : new RegExp(`cut off within (the|step).* after ${length} bytes`),
        );
      }),
    );
  });

  test('is found out when anything follows', () => {
    expect(complaintOf(Buffer.concat([file, Buffer.alloc(3)]))).toBe('it goes on for 3 bytes after its last step');
  });

  test('is found out wherever a byte is altered, with the place', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const altered = Uint8Array.from(file);
        altered[at] = (file[at] as number) ^ change;
        const complaint = complaintOf(altered);
        const [, from, to] = /in the bytes (\d+) to (\d+)/.exec(complaint) ?? [];
        if (from === undefined) expect(complaint).toMatch(/no recording|within the header/);
        else expect(at >= Number(from) && at <= Number(to)).toBe(true);
        if (at >= headerEnd + 16) {
          expect(complaint).toContain(`damaged at step ${1 + Math.floor((at - headerEnd - 16) / 25)} of 40`);
        }
      }),
    );
  });

  test('is found out when steps are exchanged, left out or repeated', () => {
    const at = (step: number): number => headerEnd + 16 + 25 * (step - 1);
    const [before, third, fourth, after] = [
      file.subarray(0, at(3)),
      file.subarray(at(3), at(4)),
      file.subarray(at(4), at(5)),
      file.subarray(at(5)),
    ];
    expect(complaintOf(Buffer.concat([before, fourth, third, after]))).toContain('step 3 of 40');
    expect(complaintOf(Buffer.concat([before, fourth, after]))).toContain('step 3 of 40');
    expect(complaintOf(Buffer.concat([before, third, third, fourth, after]))).toContain('step 4 of 40');
  });
});

describe('a hostile file', () => {
  test('of any bytes is refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => complaintOf(bytes) !== 'nothing'));
  });

  test('with any header is refused in a sentence', () => {
    const line = JSON.stringify(recording.header);
    expect(complaintOf(withHeader(line))).toBe('nothing');
    const fields = fc.constantFrom(...Object.keys(recording.header).filter((name) => name !== 'format'));
    fc.assert(
      fc.property(fields, fc.jsonValue(), (field, value) => {
        const complaint = complaintOf(withHeader(JSON.stringify({ ...recording.header, [field]: value })));
        expect(complaint).toMatch(
          /^(nothing|its header is wrong at|it has version|it is cut off|it is damaged|it goes)/,
        );
      }),
    );
  });

  test.each([
    { change: { steps: Number.MAX_SAFE_INTEGER }, says: 'it is cut off within step 41' },
    { change: { steps: 1e300 }, says: "its header is wrong at 'steps'" },
    { change: { actionSize: 1e9 }, says: "its header is wrong at 'actionSize'" },
    { change: { actionSize: 4096 }, says: 'it is cut off within step 1' },
    { change: { quantities: [] }, says: "its header is wrong at 'quantities'" },
    { change: { start: { kind: 'place', state: { x: 'much' } } }, says: "its header is wrong at 'start.state.x'" },
    { change: { formatVersion: 2 }, says: 'it has version 2 of the format, and this program reads up to 1' },
    { change: { createdAt: 'yesterday' }, says: "its header is wrong at 'createdAt'" },
  ])('with $change is refused', ({ change, says }) => {
    expect(complaintOf(withHeader(JSON.stringify({ ...recording.header, ...change })))).toContain(says);
  });

  test('with a header that is no JSON, or has no end, is refused', () => {
    expect(complaintOf(withHeader('{"format":"reverie-recording",'))).toBe('its header is no JSON');
    const endless = Buffer.alloc(2 ** 21, 0x20);
    endless.write('{"format":"reverie-recording"');
    expect(complaintOf(endless)).toContain("doesn't end within");
  });
});

test('fields that a later version adds are left out', () => {
  const later = withHeader(JSON.stringify({ ...recording.header, weather: 'fine' }));
  expect(decodeRecording(later)).toEqual(recording);
});
