/**
 * An episode as an MCAP file (https://mcap.dev/spec), for Foxglove and Rerun. Times are simulated, from 0. Topics:
 *
 * - `/frame`: what an agent saw, as a PNG picture (`foxglove.CompressedImage`)
 * - `/scene`: the true shapes (`foxglove.SceneUpdate`)
 * - `/state`: the named quantities (`reverie.State`)
 * - `/action`: the action that is taken next (`reverie.Action`)
 * - `/episode`: the number of the step, and how it left the episode (`reverie.Episode`)
 *
 * Messages are protocol buffers, since Rerun shows JSON messages as bytes. The recording's header is the metadata
 * record `reverie.recording`, its numbers as exact as in the recording.
 */
import { McapWriter } from '@mcap/core';
import manifest from '../../../package.json' with { type: 'json' };
import { exactJson } from '../exactJson.ts';
import type { RecordedEpisode } from '../recordedEpisode.ts';
import type { RecordingHeader } from '../recordingHeader.ts';
import { describeType } from './fileDescriptorSet.ts';
import { compressedImage, sceneUpdate } from './foxgloveTypes.ts';
import { encodeMessage, type Message, type MessageType, many, one } from './messageType.ts';
import { canvasOf } from './picture.ts';
import { FRAME_ID, sceneEntities } from './sceneEntities.ts';

/** Name of the metadata record. */
const METADATA = 'reverie.recording';

const actionType: MessageType = { name: 'reverie.Action', fields: { values: many(1, 'double') } };

const episodeType: MessageType = {
  name: 'reverie.Episode',
  fields: { step: one(1, 'int64'), terminated: one(2, 'bool'), truncated: one(3, 'bool') },
};

/** The file and how many messages it has. */
export async function mcapLog(
  episode: RecordedEpisode,
  header: RecordingHeader,
): Promise<{ content: Uint8Array; messages: number }> {
  const bytes = new BytesWritten();
  const writer = new McapWriter({ writable: bytes });
  await writer.start({ profile: '', library: `reverie ${manifest.version}` });
  await writer.addMetadata({ name: METADATA, metadata: metadataOf(header) });
  const fields = fieldNames(header.quantities);
  const topics = {
    '/frame': compressedImage,
    '/scene': sceneUpdate,
    '/state': stateType([...fields.values()]),
    '/action': actionType,
    '/episode': episodeType,
  };
  const channels = new Map<string, { readonly id: number; readonly type: MessageType }>();
  for (const [topic, type] of Object.entries(topics)) {
    const schemaId = await writer.registerSchema({ name: type.name, encoding: 'protobuf', data: describeType(type) });
    const channel = { topic, schemaId, messageEncoding: 'protobuf', metadata: new Map<string, string>() };
    channels.set(topic, { id: await writer.registerChannel(channel), type });
  }
  let messages = 0;
  for (const { step, byTopic } of moments(episode, fields)) {
    const logTime = nanoseconds(step, episode);
    for (const [topic, message] of Object.entries(byTopic)) {
      const { id, type } = channels.get(topic) as { id: number; type: MessageType };
      const data = encodeMessage(type, message);
      await writer.addMessage({ channelId: id, sequence: step, logTime, publishTime: logTime, data });
      messages++;
    }
  }
  await writer.end();
  return { content: bytes.content(), messages };
}

/** What is known at every step of the episode; after the last there is no action. */
function* moments(
  episode: RecordedEpisode,
  fields: ReadonlyMap<string, string>,
): Generator<{ step: number; byTopic: Record<string, Message> }> {
  episode.reset();
  let verdict = { terminated: false, truncated: false };
  for (let step = 0; step <= episode.length; step++) {
    const timestamp = timestampOf(nanoseconds(step, episode));
    const picture = canvasOf(episode.frame(), 1).toBuffer('image/png');
    const action = episode.nextAction;
    yield {
      step,
      byTopic: {
        '/frame': { timestamp, frame_id: FRAME_ID, data: picture, format: 'png' },
        '/scene': { entities: sceneEntities(episode.scene(), episode.spec, timestamp) },
        '/state': stateMessage(episode, fields),
        ...(action === undefined ? {} : { '/action': { values: action } }),
        '/episode': { step, ...verdict },
      },
    };
    if (step < episode.length) verdict = episode.step();
  }
}

function stateMessage(episode: RecordedEpisode, fields: ReadonlyMap<string, string>): Message {
  const state = episode.state();
  return Object.fromEntries([...fields].map(([quantity, field]) => [field, state[quantity] ?? Number.NaN]));
}

function stateType(fields: readonly string[]): MessageType {
  return { name: 'reverie.State', fields: Object.fromEntries(fields.map((field, i) => [field, one(i + 1, 'double')])) };
}

/** Quantities by the names of their fields, which are letters, digits and `_`, and begin with a letter. */
function fieldNames(quantities: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    quantities.map((quantity, i) => {
      const plain = quantity.replaceAll(/\W/g, '_').replace(/^(?![A-Za-z])/, 'q_');
      const field = taken.has(plain) ? `${plain}_${i}` : plain;
      taken.add(field);
      return [quantity, field];
    }),
  );
}

function metadataOf(header: RecordingHeader): Map<string, string> {
  return new Map(
    Object.entries(header).map(([name, value]) => [name, typeof value === 'string' ? value : exactJson(value)]),
  );
}

/** Simulated time, rounded once so that errors don't add up. */
function nanoseconds(step: number, { spec }: RecordedEpisode): bigint {
  return BigInt(Math.round(step * spec.stepSeconds * 1e9));
}

function timestampOf(time: bigint): Message {
  return { seconds: Number(time / 1_000_000_000n), nanos: Number(time % 1_000_000_000n) };
}

/** Where the writer puts its bytes. */
class BytesWritten {
  private readonly pieces: Uint8Array[] = [];
  private length = 0;

  async write(bytes: Uint8Array): Promise<void> {
    // The writer uses its buffer again.
    this.pieces.push(bytes.slice());
    this.length += bytes.length;
  }

  position(): bigint {
    return BigInt(this.length);
  }

  content(): Uint8Array {
    return Buffer.concat(this.pieces);
  }
}
