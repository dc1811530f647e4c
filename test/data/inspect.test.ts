/** What `inspect` says of a dataset: numbers that can be worked out by hand, and pictures that show the frames. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeArrays } from '../../server/data/arrayFile.ts';
import { contactSheet } from '../../server/data/contactSheet.ts';
import { openDataset } from '../../server/data/dataset.ts';
import {
  type DatasetMetadata,
  shardNotes,
  shardShapeOf,
  withShards,
  writeMetadata,
} from '../../server/data/datasetMetadata.ts';
import { sha256 } from '../../server/data/datasetStart.ts';
import { datasetStatistics } from '../../server/data/datasetStatistics.ts';
import { describeDataset } from '../../server/data/describeDataset.ts';
import type { EpisodeBlock } from '../../server/data/episodeBlock.ts';
import { drawText, textWidth } from '../../server/data/pixelFont.ts';
import { encodeShard } from '../../server/data/shardFile.ts';
import { noVariation } from '../../server/data/variationPlan.ts';
import { evenly } from '../../shared/evenly.ts';
import type { Space } from '../../shared/space.ts';
import { collectSmall, newDirectory } from './collecting.ts';
import drift, { driftSpec } from './driftWorld.ts';

let directory: string;
beforeEach(async () => {
  directory = await newDirectory();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Writes a dataset of two episodes: x and heading by hand, three steps and one. */
async function writeByHand(states: readonly number[], actions: readonly number[], action: Space): Promise<void> {
  const request = { episodes: 2, seed: 0, length: 3, plan: noVariation };
  const empty = describeDataset({ ...driftSpec, action }, request, { software: {}, commit: '' }, 16);
  const block: EpisodeBlock = {
    seeds: Uint32Array.of(1, 2),
    steps: Int32Array.of(3, 1),
    actions: Float32Array.from(actions),
    states: Float64Array.from(states),
    terminations: Uint8Array.of(0, 0, 0, 1),
    truncations: Uint8Array.of(0, 0, 1, 0),
    frameDigests: new Uint8Array(64),
    variation: {},
  };
  const bytes = encodeShard(block, shardShapeOf(empty), shardNotes(empty, 0));
  const name = 'shard-00000.safetensors';
  await writeFile(join(directory, name), bytes);
  const shard = { name, episodes: 2, steps: 4, bytes: bytes.length, sha256: sha256(bytes) };
  const metadata: DatasetMetadata = withShards(empty, [shard]);
  await writeMetadata(directory, metadata);
}

const box: Space = { kind: 'box', low: [-1], high: [1] };

describe('statistics', () => {
  // Episode 1: x 0, 1, 1, 1.0001 and heading 3.1, −3.1, 3.1, 3.1; episode 2: x 9, 10 and heading 3.1, 3.1.
  const states = [0, 3.1, 1, -3.1, 1, 3.1, 1.0001, 3.1, 9, 3.1, 10, 3.1];

  test('are those of the numbers', async () => {
    await writeByHand(states, [-1, 1, 1, 1], box);
    const { lengths, quantities, actions, ...rest } = await datasetStatistics(await openDataset(directory));
    expect(rest).toEqual({
      episodes: 2,
      steps: 4,
      terminated: 0.5,
      truncated: 0.5,
      choices: [],
      changing: 3 / 4,
    });
    expect(lengths).toEqual({ min: 1, mean: 2, max: 3, median: 2 });
    expect(quantities.x).toMatchObject({ unit: 'units', min: 0, max: 10, changes: 2 / 4 });
    expect(quantities.x?.mean).toBeCloseTo((0 + 1 + 1 + 1.0001 + 9 + 10) / 6, 12);
    expect(actions).toEqual([{ min: -1, max: 1, mean: 0.5, deviation: Math.sqrt(3 / 4) }]);
  });

  test('know that angles wrap around', async () => {
    await writeByHand(states, [-1, 1, 1, 1], box);
    const { heading } = (await datasetStatistics(await openDataset(directory))).quantities;
    // From 3.1 to −3.1 are 0.083 rad, which is noticeable; the mean of five 3.1 and one −3.1 is near ±π, not 2.07.
    expect(heading?.changes).toBe(2 / 4);
    const [sine, cosine] = [5 * Math.sin(3.1) + Math.sin(-3.1), 6 * Math.cos(3.1)];
    expect(heading?.mean).toBeCloseTo(Math.atan2(sine, cosine), 12);
  });

  test('count the choices of a discrete space', async () => {
    await writeByHand(states, [2, 0, 2, 2], { kind: 'discrete', count: 4 });
    const { choices, actions } = await datasetStatistics(await openDataset(directory));
    expect({ choices, actions }).toEqual({ choices: [0.25, 0, 0.75, 0], actions: [] });
  });

  test('refuse a choice that the space does not have', async () => {
    await writeByHand(states, [2, 0, 4, 2], { kind: 'discrete', count: 4 });
    await expect(datasetStatistics(await openDataset(directory))).rejects.toThrow(/outside/);
  });

  test('refuse a shard whose arrays do not fit', async () => {
    await writeByHand(states, [1, 1, 1, 1], box);
    const bytes = encodeArrays({ arrays: { steps: { data: Int32Array.of(3, 1), shape: [2] } }, metadata: {} });
    const dataset = await openDataset(directory);
    const [shard] = dataset.metadata.shards;
    const name = shard?.name ?? '';
    await writeFile(join(directory, name), bytes);
    const altered = { name, episodes: 2, steps: 4, bytes: bytes.length, sha256: sha256(bytes) };
    await writeMetadata(directory, withShards(dataset.metadata, [altered]));
    await expect(datasetStatistics(await openDataset(directory))).rejects.toThrow(/does not belong to this dataset/);
  });
});

/** Pixels of a PNG: `[height][width]` colours. */
async function pixelsOf(png: Buffer) {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const at = (x: number, y: number): number[] => [
    ...data.subarray(4 * (y * image.width + x), 4 * (y * image.width + x) + 3),
  ];
  return { width: image.width, height: image.height, at };
}

describe('a contact sheet', () => {
  test('shows the frames of one episode in order, enlarged without smoothing', async () => {
    await collectSmall(directory, { episodes: 3 });
    const dataset = await openDataset(directory, drift);
    const episode = await dataset.episode(1);
    const frames = await dataset.framesOf(episode);
    const sheet = await pixelsOf(await contactSheet(dataset, 1));
    const columns = Math.min(8, episode.steps + 1);
    const left = sheet.width - columns * (128 + 6);
    for (let t = 0; t <= episode.steps; t++) {
      const [x0, y0] = [left + (t % 8) * 134, 6 + 14 + Math.floor(t / 8) * 148];
      let wrong = 0;
      for (let y = 0; y < 128; y++) {
        for (let x = 0; x < 128; x++) {
          const from = ((t * 64 + (y >> 1)) * 64 + (x >> 1)) * 3;
          const expected = frames.subarray(from, from + 3);
          if (sheet.at(x0 + x, y0 + y).some((value, i) => value !== expected[i])) wrong++;
        }
      }
      expect(wrong).toBe(0);
    }
  });

  test('of a dataset has a row for each of up to eight episodes', async () => {
    const few = join(directory, 'few');
    const many = join(directory, 'many');
    await collectSmall(few, { episodes: 3 });
    await collectSmall(many, { episodes: 20 });
    const heights = await Promise.all(
      [few, many].map(async (place) => (await pixelsOf(await contactSheet(await openDataset(place, drift)))).height),
    );
    expect(heights).toEqual([6 + 3 * 148, 6 + 8 * 148]);
  });

  test('picks evenly, first and last included', () => {
    expect(evenly(3, 8)).toEqual([0, 1, 2]);
    expect(evenly(51, 6)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(evenly(100, 4)).toEqual([0, 33, 66, 99]);
  });
});

test('letters are drawn pixel by pixel', () => {
  const canvas = createCanvas(20, 10);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  drawText(context, '1t', 0, 0, 1);
  const { data } = context.getImageData(0, 0, 7, 5);
  const rows = Array.from({ length: 5 }, (_, y) =>
    Array.from({ length: 7 }, (_, x) => (data[4 * (y * 7 + x)] === 255 ? '#' : '.')).join(''),
  );
  expect(rows).toEqual(['.#..###', '##...#.', '.#...#.', '.#...#.', '###..#.']);
  expect(textWidth('1t', 2)).toBe(14);
});
