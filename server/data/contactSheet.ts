/**
 * A contact sheet: frames of a dataset on one picture, for looking at it before training on it. A row is an episode and
 * its columns are moments of it, evenly spaced from the first to the last; or all rows are of one episode. Frames are
 * enlarged without smoothing, so that what one sees is what an agent is given.
 */
import { createCanvas } from '@napi-rs/canvas';
import { evenly } from '../../shared/evenly.ts';
import { FRAME_BYTES, FRAME_SIZE, type Frame, toRgba } from '../../shared/frame.ts';
import type { Dataset } from './dataset.ts';
import type { StoredEpisode } from './episodeBlock.ts';
import { drawText, GLYPH_HEIGHT, textWidth } from './pixelFont.ts';

const ROWS = 8;
const COLUMNS = 8;
const FRAME_SCALE = 2;
const TEXT_SCALE = 2;
const GAP = 6;
const CELL = FRAME_SIZE * FRAME_SCALE;
const LABEL_HEIGHT = GLYPH_HEIGHT * TEXT_SCALE + 4;
const LINE = GLYPH_HEIGHT * TEXT_SCALE + 5;

interface Row {
  readonly labels: readonly string[];
  readonly cells: readonly { readonly label: string; readonly frame: Frame }[];
}

/**
 * The sheet as a PNG: of the episode with the index, or else of eight episodes spread evenly over the dataset.
 * @throws DataError when frames cannot be drawn, or come out otherwise than they were collected
 */
export async function contactSheet(dataset: Dataset, index?: number): Promise<Buffer> {
  if (index !== undefined) return draw(await rowsOfEpisode(dataset, await dataset.episode(index)));
  const rows: Row[] = [];
  for (const chosen of evenly(dataset.metadata.total_episodes, ROWS)) {
    const episode = await dataset.episode(chosen);
    rows.push(rowOf(episode, await dataset.framesOf(episode), evenly(episode.steps + 1, COLUMNS)));
  }
  return draw(rows);
}

async function rowsOfEpisode(dataset: Dataset, episode: StoredEpisode): Promise<Row[]> {
  const moments = evenly(episode.steps + 1, ROWS * COLUMNS);
  const frames = await dataset.framesOf(episode);
  return Array.from({ length: Math.ceil(moments.length / COLUMNS) }, (_, i) => {
    const row = rowOf(episode, frames, moments.slice(i * COLUMNS, (i + 1) * COLUMNS));
    return i === 0 ? row : { ...row, labels: [] };
  });
}

function rowOf(episode: StoredEpisode, frames: Uint8Array, moments: readonly number[]): Row {
  const { index, seed, steps, terminations } = episode;
  return {
    labels: [
      `episode ${index}`,
      `seed ${seed}`,
      `${steps} steps`,
      terminations[steps - 1] === 1 ? 'terminated' : 'truncated',
    ],
    cells: moments.map((t) => ({
      label: `t=${t}`,
      frame: frames.subarray(t * FRAME_BYTES, (t + 1) * FRAME_BYTES),
    })),
  };
}

function draw(rows: readonly Row[]): Promise<Buffer> {
  const left = GAP + Math.max(...rows.flatMap(({ labels }) => labels.map((text) => textWidth(text, TEXT_SCALE)))) + GAP;
  const columns = Math.max(...rows.map(({ cells }) => cells.length));
  const rowHeight = LABEL_HEIGHT + CELL + GAP;
  const sheet = createCanvas(left + columns * (CELL + GAP), GAP + rows.length * rowHeight);
  const pixels = sheet.getContext('2d');
  pixels.imageSmoothingEnabled = false;
  pixels.fillStyle = '#e8eaed';
  pixels.fillRect(0, 0, sheet.width, sheet.height);
  pixels.fillStyle = '#202830';
  const frameCanvas = createCanvas(FRAME_SIZE, FRAME_SIZE);
  const framePixels = frameCanvas.getContext('2d');
  const image = framePixels.createImageData(FRAME_SIZE, FRAME_SIZE);
  rows.forEach(({ labels, cells }, row) => {
    const top = GAP + row * rowHeight;
    labels.forEach((text, line) => {
      drawText(pixels, text, GAP, top + LABEL_HEIGHT + line * LINE, TEXT_SCALE);
    });
    cells.forEach(({ label, frame }, column) => {
      const x = left + column * (CELL + GAP);
      drawText(pixels, label, x, top, TEXT_SCALE);
      image.data.set(toRgba(frame));
      framePixels.putImageData(image, 0, 0);
      pixels.drawImage(frameCanvas, x, top + LABEL_HEIGHT, CELL, CELL);
    });
  });
  return sheet.encode('png');
}
