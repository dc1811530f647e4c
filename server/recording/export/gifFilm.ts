/**
 * An episode as an animated GIF that loops for ever. A picture of at most 256 colours, as flat shapes with smooth edges
 * have, keeps them exactly; one of more is reduced to 256 by NeuQuant. GIF counts time in hundredths of a second, and
 * browsers show what is shorter than two of them for ten.
 */
import { GifEncoder } from '@napi-rs/canvas';
import { FRAME_SIZE } from '../../../shared/frame.ts';
import type { RecordedEpisode } from '../recordedEpisode.ts';
import { type FilmFormat, type FilmOptions, filmOf } from './film.ts';
import { enlarge } from './picture.ts';

const gif: FilmFormat = { name: 'GIF', tickMs: 10, maxFps: 50 };

/** The best that NeuQuant does. */
const QUALITY = 1;

/** The file and how many pictures it has. */
export function gifFilm(episode: RecordedEpisode, options: FilmOptions): { content: Uint8Array; pictures: number } {
  const { scale } = options;
  const size = FRAME_SIZE * scale;
  const encoder = new GifEncoder(size, size, { repeat: 0, quality: QUALITY });
  let pictures = 0;
  for (const { frame, area, milliseconds } of filmOf(episode, options, gif)) {
    const pixels = new Uint8Array(enlarge(frame, scale, area).buffer);
    const place = { left: area.x * scale, top: area.y * scale };
    encoder.addFrame(pixels, area.width * scale, area.height * scale, { ...place, delay: milliseconds });
    pictures++;
  }
  return { content: encoder.finish(), pictures };
}
