/**
 * Settings in the address: what is written is read back, and nonsense is as good as nothing.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differing,
  readRecording,
  readSession,
  readUrl,
  readWanted,
  writeRecording,
  writeUrl,
} from '../../client/urlState.ts';
import { MAX_FUTURES, RENDERER_STEPS, type Settings } from '../../shared/protocol/control.ts';

const anySettings: fc.Arbitrary<Settings> = fc.record({
  world: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((text) => text.length <= 200),
  seed: fc.nat(0xffffffff),
  rendererSteps: fc.constantFrom(...RENDERER_STEPS),
  futures: fc.integer({ min: 0, max: MAX_FUTURES }),
  fan: fc.boolean(),
});

describe('the address', () => {
  it('gives back every setting that was written into it', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect({ fan: false, ...readUrl(writeUrl('?fan=on', settings)) }).toEqual(settings);
      }),
    );
  });

  it('keeps parameters that are not ours', () => {
    const query = writeUrl('?token=a%2Fb&seed=3', { world: 'push-t', seed: 4, rendererSteps: 1 });
    expect(new URLSearchParams(query).get('token')).toBe('a/b');
    expect(new URLSearchParams(query).getAll('seed')).toEqual(['4']);
  });

  it.each([
    '',
    '?seed=',
    '?seed=-1',
    '?seed=1.5',
    '?seed=4294967296',
    '?seed=1e3',
    '?steps=3',
    '?steps=x',
    '?futures=',
    '?futures=9',
    '?futures=-1',
    '?futures=2.5',
    '?world=',
    '?fan=',
    '?fan=true',
  ])('reads nothing from %j that is no setting', (query) => {
    expect(readUrl(query)).toEqual({});
  });

  it('never fails, whatever it says', () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        expect(() => readUrl(query)).not.toThrow();
      }),
    );
  });
});

describe('the address of a recording', () => {
  it('keeps what the live session showed, and the session to go back to', () => {
    const live = '?world=rope&seed=4&fps=60&session=here';
    const replayed = writeRecording(live, 'rope-1', 'there');
    expect([readRecording(replayed), readSession(replayed), readUrl(replayed)]).toEqual([
      'rope-1',
      undefined,
      { world: 'rope', seed: 4 },
    ]);
    const another = writeRecording(replayed, 'rope-2');
    const back = writeRecording(another, undefined);
    expect([readRecording(back), readSession(back), readUrl(back)]).toEqual([
      undefined,
      'there',
      { world: 'rope', seed: 4 },
    ]);
    expect(new URLSearchParams(back).has('left')).toBe(false);
    expect(readWanted(another)).toEqual({ session: undefined, recording: 'rope-2', left: 'there' });
    expect(readWanted(back)).toEqual({ session: 'there', recording: undefined, left: undefined });
    expect(readWanted(`?recording=rope-1&left=${'x'.repeat(201)}`).left).toBeUndefined();
    expect(readWanted('?left=there').left).toBeUndefined();
    expect(writeRecording('?recording=rope-1', undefined)).toBe('');
  });
});

describe('differing', () => {
  it('names exactly the settings that would change', () => {
    fc.assert(
      fc.property(anySettings, anySettings, (wanted, current) => {
        const changes = differing(wanted, current);
        expect({ ...current, ...changes }).toEqual(wanted);
        for (const [key, value] of Object.entries(changes)) expect(value).not.toBe(current[key as keyof Settings]);
      }),
    );
  });
});
