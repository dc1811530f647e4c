/** An MCAP file is read back by the format's own reader: topics, types, times, pictures and every number. */

import { McapIndexedReader, type McapTypes } from '@mcap/core';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { mcapLog } from '../../server/recording/export/mcapLog.ts';
import { RecordedEpisode } from '../../server/recording/recordedEpisode.ts';
import type { Recording } from '../../server/recording/recording.ts';
import { hashState } from '../../server/recording/stateHash.ts';
import { driftWorld } from './driftWorld.ts';
import { type Read, readDescriptors, readMessage, type Types } from './readProtobuf.ts';
import { recordScript } from './recordScript.ts';

const STEPS = 10;

interface Seen {
  readonly logTime: bigint;
  readonly publishTime: bigint;
  readonly sequence: number;
  readonly message: Read;
}

/** A file as the reader sees it. */
async function read(content: Uint8Array) {
  const readable: McapTypes.IReadable = {
    size: async () => BigInt(content.length),
    read: async (offset, length) => content.slice(Number(offset), Number(offset + length)),
  };
  const reader = await McapIndexedReader.Initialize({ readable });
  const types = new Map<string, Types>();
  const topics = new Map<string, Seen[]>();
  for await (const { channelId, data, logTime, publishTime, sequence } of reader.readMessages()) {
    const channel = reader.channelsById.get(channelId);
    const schema = reader.schemasById.get(channel?.schemaId ?? -1);
    if (!channel || !schema) throw new Error('a message without a channel or schema');
    expect([channel.messageEncoding, schema.encoding]).toEqual(['protobuf', 'protobuf']);
    const known = types.get(schema.name) ?? readDescriptors(schema.data);
    types.set(schema.name, known);
    const message = readMessage(known, schema.name, data);
    topics.set(channel.topic, [...(topics.get(channel.topic) ?? []), { logTime, publishTime, sequence, message }]);
  }
  const metadata = [];
  for await (const record of reader.readMetadata()) metadata.push(record);
  return { reader, types, topics, metadata };
}

describe('an episode of push-t', () => {
  let recording: Recording;
  let episode: RecordedEpisode;
  let file: Awaited<ReturnType<typeof read>>;

  const topic = (name: string): Seen[] => file.topics.get(name) ?? [];

  beforeAll(async () => {
    const definition = await loadWorld('push-t');
    recording = recordScript(definition, { steps: STEPS });
    episode = new RecordedEpisode(recording, definition.create());
    const { content, messages } = await mcapLog(episode, recording.header);
    file = await read(content);
    expect(messages).toBe(5 * STEPS + 4);
  });

  test('has five topics by the names that viewers know, an action less than states', () => {
    const counts = [...file.topics].map(([name, seen]) => [name, seen.length]);
    expect(Object.fromEntries(counts)).toEqual({
      '/frame': STEPS + 1,
      '/scene': STEPS + 1,
      '/state': STEPS + 1,
      '/action': STEPS,
      '/episode': STEPS + 1,
    });
    const schemas = [...file.reader.channelsById.values()].map(({ topic: name, schemaId }) => [
      name,
      file.reader.schemasById.get(schemaId)?.name,
    ]);
    expect(Object.fromEntries(schemas)).toEqual({
      '/frame': 'foxglove.CompressedImage',
      '/scene': 'foxglove.SceneUpdate',
      '/state': 'reverie.State',
      '/action': 'reverie.Action',
      '/episode': 'reverie.Episode',
    });
    expect(file.reader.statistics?.messageCount).toBe(BigInt(5 * STEPS + 4));
  });

  test('is logged at simulated times', () => {
    const times = Array.from({ length: STEPS + 1 }, (_, step) => BigInt(Math.round((step * 5e9) / 60)));
    for (const name of ['/frame', '/scene', '/state', '/episode']) {
      expect(topic(name).map(({ logTime }) => logTime)).toEqual(times);
      expect(topic(name).map(({ publishTime }) => publishTime)).toEqual(times);
      expect(topic(name).map(({ sequence }) => sequence)).toEqual([...times.keys()]);
    }
    for (const { logTime, message } of topic('/frame')) {
      const { seconds, nanos } = message.timestamp as { seconds: number; nanos: number };
      expect(BigInt(seconds) * 1_000_000_000n + BigInt(nanos)).toBe(logTime);
    }
  });

  test('has every frame as a picture with its exact colours', async () => {
    for (const [step, { message }] of topic('/frame').entries()) {
      expect(message).toMatchObject({ format: 'png', frame_id: 'arena' });
      const image = await loadImage(message.data as Buffer);
      expect([image.width, image.height]).toEqual([64, 64]);
      const context = createCanvas(64, 64).getContext('2d');
      context.drawImage(image, 0, 0);
      const seen = context.getImageData(0, 0, 64, 64).data.filter((_, i) => i % 4 !== 3);
      episode.seek(step);
      expect(Buffer.from(seen).equals(episode.frame())).toBe(true);
    }
  });

  test('has every state and action to the bit', () => {
    for (const [step, { message }] of topic('/state').entries()) {
      episode.seek(step);
      expect(message).toEqual(episode.state());
    }
    expect(topic('/action').map(({ message }) => message.values)).toEqual(recording.steps.map(({ action }) => action));
    expect(topic('/episode').map(({ message }) => message.step)).toEqual([...Array(STEPS + 1).keys()]);
    expect(topic('/episode').map(({ message }) => message.truncated)).toEqual([...Array(STEPS).fill(false), true]);
  });

  test('has the true shapes where the world has them, y pointing up', () => {
    for (const [step, { message }] of topic('/scene').entries()) {
      episode.seek(step);
      const entities = message.entities as Read[];
      expect(entities.map(({ id }) => id)).toEqual(['background', ...episode.scene().map(({ name }) => name)]);
      for (const [i, shape] of episode.scene().entries()) {
        const entity = entities[i + 1] as { cylinders: Read[]; triangles: Read[] };
        const drawn = shape.kind === 'circle' ? entity.cylinders : entity.triangles;
        const [primitive] = drawn as [Read];
        const { position, orientation } = primitive.pose as { position: Read; orientation: Read };
        expect(position).toMatchObject({ x: shape.pose.x, y: -shape.pose.y });
        const turned = 2 * Math.atan2(Number(orientation.z), Number(orientation.w));
        expect(Math.cos(turned + shape.pose.angle)).toBeCloseTo(1, 12);
        if (shape.kind === 'circle') expect(primitive.size).toMatchObject({ x: 2 * shape.radius });
        else expect(primitive.indices).toHaveLength(3 * (shape.vertices.length - 2));
      }
    }
  });

  test('carries the header of its recording', () => {
    const [record] = file.metadata;
    expect(record?.name).toBe('reverie.recording');
    const header = Object.entries(recording.header).map(([name, value]) => {
      const text = record?.metadata.get(name) ?? '';
      return [name, typeof value === 'string' ? text : JSON.parse(text)];
    });
    expect(Object.fromEntries(header)).toEqual(recording.header);
  });
});

test('the header keeps the numbers that JSON has no way to write', async () => {
  const definition = driftWorld();
  const { header, ...rest } = recordScript(definition, { steps: 0 });
  const place = { kind: 'place', state: { x: 1.5, velocity: 0.25, 'minus zero': -0 } } as const;
  const world = definition.create();
  world.place(place.state);
  const recording = {
    ...rest,
    header: { ...header, start: place },
    startHash: hashState(world.state(), header.quantities),
  };
  const { content } = await mcapLog(new RecordedEpisode(recording, definition.create()), recording.header);
  const { metadata } = await read(content);
  expect(metadata[0]?.metadata.get('start')).toBe(
    '{"kind":"place","state":{"x":1.5,"velocity":0.25,"minus zero":"-0"}}',
  );
});

test('types have all the fields that viewers expect, empty or not', async () => {
  const definition = driftWorld();
  const recording = recordScript(definition, { steps: 1 });
  const { content } = await mcapLog(new RecordedEpisode(recording, definition.create()), recording.header);
  const { types } = await read(content);
  const fields = (schema: string, type: string): string[] =>
    (types.get(schema)?.get(type) ?? []).map(
      ({ number, name, repeated }) => `${number} ${name}${repeated ? '[]' : ''}`,
    );
  expect(fields('foxglove.CompressedImage', 'foxglove.CompressedImage')).toEqual([
    '1 timestamp',
    '4 frame_id',
    '2 data',
    '3 format',
  ]);
  expect(fields('foxglove.SceneUpdate', 'foxglove.SceneUpdate')).toEqual(['1 deletions[]', '2 entities[]']);
  expect(fields('foxglove.SceneUpdate', 'foxglove.SceneEntity')).toEqual([
    '1 timestamp',
    '2 frame_id',
    '3 id',
    '4 lifetime',
    '5 frame_locked',
    '6 metadata[]',
    '7 arrows[]',
    '8 cubes[]',
    '9 spheres[]',
    '10 cylinders[]',
    '11 lines[]',
    '12 triangles[]',
    '13 texts[]',
    '14 models[]',
  ]);
  expect(types.get('foxglove.SceneUpdate')?.size).toBe(19);
});

test('quantities whose names are no field names get one each', async () => {
  const definition = driftWorld();
  const recording = recordScript(definition, { steps: 2 });
  const { content } = await mcapLog(new RecordedEpisode(recording, definition.create()), recording.header);
  const { topics } = await read(content);
  const states = topics.get('/state')?.map(({ message }) => message);
  expect(Object.keys(states?.[0] ?? {})).toEqual(['x', 'velocity', 'minus_zero']);
  expect(states?.every((state) => Object.is(state.minus_zero, -0))).toBe(true);
});

test('the same recording gives the same file', async () => {
  const definition = driftWorld();
  const recording = recordScript(definition);
  const [first, second] = await Promise.all(
    [1, 2].map(() => mcapLog(new RecordedEpisode(recording, definition.create()), recording.header)),
  );
  expect(Buffer.from(first?.content ?? []).equals(second?.content ?? new Uint8Array())).toBe(true);
});
