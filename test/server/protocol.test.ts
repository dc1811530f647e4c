import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Episode } from '../../server/live/episode.ts';
import { imagineFuture } from '../../server/live/imaginedFuture.ts';
import { episodeMessage, filmMessage, planMessage, tickMessage } from '../../server/live/sessionMessages.ts';
import { ManualClock } from '../../shared/clock.ts';
import { clientMessageSchema, serverMessageSchema } from '../../shared/protocol/control.ts';
import {
  decodeFrameMessage,
  encodeFrameMessage,
  type FrameMessage,
  MESSAGE_HEADER_BYTES,
  STREAMS,
  type StreamName,
} from '../../shared/protocol/frames.ts';
import { FAKE_HORIZON, fakeAgent } from './fakeAgent.ts';
import { fakeWorld } from './fakeWorld.ts';

const uint16 = fc.nat(0xffff);
const uint32 = fc.nat(0xffffffff);
const stream = fc.record({
  name: fc.constantFrom(...(Object.keys(STREAMS) as StreamName[])),
  index: uint16,
  width: uint16,
  height: uint16,
  data: fc.oneof(fc.uint8Array({ maxLength: 99 }), fc.float32Array({ maxLength: 99 })),
});
const message: fc.Arbitrary<FrameMessage> = fc.record({
  kind: fc.constantFrom('tick', 'plan'),
  seq: uint32,
  envStep: uint32,
  simTimeMs: fc.double({ noNaN: true }),
  streams: fc.array(stream, { maxLength: 6 }),
});

/** The bytes in an ArrayBuffer of their own, as a socket delivers them. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

describe('frame messages', () => {
  test('come out as they went in', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodeFrameMessage(bufferOf(encodeFrameMessage(sent)))).toEqual(sent);
      }),
    );
  });

  test('are views of the buffer, aligned for every type', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const buffer = bufferOf(encodeFrameMessage(sent));
        for (const { data } of decodeFrameMessage(buffer).streams) {
          expect(data.buffer).toBe(buffer);
          expect(data.byteOffset % 8).toBe(0);
        }
      }),
    );
  });

  test('of any damaged bytes are read or refused with a RangeError, never anything else', () => {
    fc.assert(
      fc.property(
        message,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (sent, damage) => {
          const bytes = encodeFrameMessage(sent);
          for (const [at, value] of damage) bytes[at % bytes.length] = value;
          try {
            decodeFrameMessage(bufferOf(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
    );
  });

  test('cut short or drawn out are refused', () => {
    fc.assert(
      fc.property(message, fc.nat(), (sent, cut) => {
        const bytes = encodeFrameMessage(sent);
        expect(() => decodeFrameMessage(bufferOf(bytes.subarray(0, cut % bytes.length)))).toThrow(RangeError);
        expect(() => decodeFrameMessage(bufferOf(Uint8Array.from([...bytes, 0])))).toThrow(RangeError);
      }),
    );
  });

  test.each([
    { field: 'magic', at: 0, expected: /magic/ },
    { field: 'version', at: 2, expected: /version 255/ },
    { field: 'kind', at: 3, expected: /message kind 255/ },
    { field: 'streams', at: 4, expected: /stream 1 begins beyond/ },
    { field: 'payload', at: 24, expected: /announces/ },
    { field: 'stream name', at: MESSAGE_HEADER_BYTES, expected: /stream 255/ },
    { field: 'stream format', at: MESSAGE_HEADER_BYTES + 1, expected: /format 255/ },
    { field: 'stream bytes', at: MESSAGE_HEADER_BYTES + 9, expected: /runs beyond/ },
  ])('with a wrong $field say so', ({ at, expected }) => {
    const data = new Uint8Array(8);
    const bytes = encodeFrameMessage({
      kind: 'tick',
      seq: 0,
      envStep: 0,
      simTimeMs: 0,
      streams: [{ name: 'truth', index: 0, width: 2, height: 1, data }],
    });
    bytes[at] = 255;
    expect(() => decodeFrameMessage(bufferOf(bytes))).toThrow(expected);
  });
});

describe('control messages', () => {
  test.each([
    { type: 'hello' },
    { type: 'configure', request: 1, settings: { seed: -1 } },
    { type: 'configure', request: 1, settings: { seed: 2 ** 32 } },
    { type: 'configure', request: 1, settings: { rendererSteps: 3 } },
    { type: 'configure', request: 1, settings: { rendererSteps: 32 } },
    { type: 'configure', request: 1, settings: { rendererSteps: '16' } },
    { type: 'configure', request: 1, settings: { world: '' } },
    { type: 'transport', request: 1, command: 'rewind' },
    { type: 'transport', command: 'play' },
    { type: 'transport', request: -1, command: 'play' },
    { type: 'drive', request: 1, direction: { x: 2, y: 0 }, world: 'truth' },
    { type: 'drive', request: 1, direction: { x: null, y: 0 }, world: 'dream' },
    { type: 'drive', request: 1, world: 'truth' },
    { type: 'drive', request: 1, direction: null, world: 'both' },
    { type: 'arrange', request: 1, what: 'goal', shape: -1, pose: { x: 0, y: 0, angle: 0 } },
    { type: 'arrange', request: 1, what: 'body', shape: 1, pose: { x: 0, y: 0, angle: null } },
    { type: 'arrange', request: 1, what: 'wall', shape: 1, pose: { x: 0, y: 0, angle: 0 } },
    { type: 'ack', seq: 1.5 },
    { type: 'ack', seq: -1 },
    { type: 'shutdown' },
    [],
    null,
    'play',
  ])('%j is not one that a page may send', (value) => {
    expect(clientMessageSchema.safeParse(value).success).toBe(false);
  });

  test('anything at all is accepted or refused without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        clientMessageSchema.safeParse(value);
      }),
    );
  });
});

describe('the messages of a session', () => {
  const settings = { world: 'line', seed: 3, rendererSteps: 4 } as const;
  const episode = () => new Episode(fakeWorld({ stepSeconds: 0.25 }), 3);
  const future = (of: Episode) =>
    imagineFuture({ agent: fakeAgent(), episode: of, settings, clock: new ManualClock() });

  test('keep the schemas that the page checks them by', async () => {
    const of = episode();
    const begun = [episodeMessage(of, settings, 1), episodeMessage(of, settings, 1, [1, 16])];
    for (const said of [...begun, planMessage(await future(of))])
      expect(serverMessageSchema.parse(JSON.parse(JSON.stringify(said)))).toEqual(said);
  });

  test('a tick shows truth, dream and poses of the same step', async () => {
    const of = episode();
    const { frames } = await future(of);
    of.step([1]);
    const tick = tickMessage(5, of, frames[0]);
    expect(tick).toMatchObject({ kind: 'tick', seq: 5, envStep: 1, simTimeMs: 250 });
    expect(tick.streams.map(({ name }) => name)).toEqual(['truth', 'dream', 'poses']);
    const [truth, , poses] = tick.streams;
    expect([...(truth?.data.slice(0, 8) ?? [])]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    expect([...(poses?.data ?? [])]).toEqual([32, 0, 0, 1, 0, 0]);
  });

  test('a film shows the goal and every imagined frame in order', async () => {
    const of = episode();
    const film = filmMessage(1, await future(of), of);
    expect(film.streams.map(({ name, index }) => `${name} ${index}`)).toEqual([
      'goal 0',
      ...Array.from({ length: FAKE_HORIZON }, (_, i) => `imagined ${i}`),
    ]);
    expect(film.streams.slice(1).map(({ data }) => [data[0], data[1]])).toEqual([0, 1, 2, 3].map((t) => [t, 4]));
  });
});

describe('an episode', () => {
  test('ends at its goal, or when the steps are spent', () => {
    const reached = new Episode(fakeWorld({ goal: 2 }), 0);
    expect([reached.step([1]), reached.step([1])]).toEqual(['underway', 'achieved']);
    const missed = new Episode(fakeWorld({ goal: 9, budget: 2 }), 0);
    expect([missed.step([1]), missed.step([1])]).toEqual(['underway', 'spent']);
  });

  test('shows the goal as a frame and a scene, and begins at the start', () => {
    const { goalFrame, goalScene, scene, frame } = { ...boundEpisode(new Episode(fakeWorld({ goal: 5 }), 0)) };
    expect(goalFrame.indexOf(255)).toBe(3 * 5);
    expect(goalScene.at(-1)?.pose.x).toBe(5);
    expect(frame.indexOf(255)).toBe(0);
    expect(scene.at(-1)?.pose.x).toBe(0);
  });

  test('moves an action outside the space to the nearest inside', () => {
    const episode = new Episode(fakeWorld(), 0);
    episode.step([7]);
    expect(episode.scene().at(-1)?.pose.x).toBe(1);
  });
});

function boundEpisode(episode: Episode) {
  const { goalFrame, goalScene } = episode;
  return { goalFrame, goalScene, scene: episode.scene(), frame: episode.frame() };
}
