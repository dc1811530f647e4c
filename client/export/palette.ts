/**
 * A picture in at most 256 colours, as GIF has them. One that has no more keeps them exactly, as flat shapes and heat
 * maps do; one that has more, as painted dreams do, is reduced by pairwise nearest neighbours (gifenc).
 */
import { applyPalette, type Color, quantize } from 'gifenc';

const MOST_COLORS = 256;

export interface Indexed {
  readonly palette: readonly Color[];
  /** One byte a pixel. */
  readonly indices: Uint8Array;
}

/** The picture of RGBA bytes, opaque, in its own colours or in the nearest 256. */
export function indexed(rgba: Uint8Array): Indexed {
  return exactly(rgba) ?? nearly(rgba);
}

function exactly(rgba: Uint8Array): Indexed | undefined {
  const known = new Map<number, number>();
  const palette: Color[] = [];
  const indices = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < indices.length; i++) {
    const [r, g, b] = [rgba[4 * i] as number, rgba[4 * i + 1] as number, rgba[4 * i + 2] as number];
    const key = (r << 16) | (g << 8) | b;
    let index = known.get(key);
    if (index === undefined) {
      if (palette.length === MOST_COLORS) return undefined;
      index = palette.push([r, g, b]) - 1;
      known.set(key, index);
    }
    indices[i] = index;
  }
  return { palette, indices };
}

function nearly(rgba: Uint8Array): Indexed {
  const palette = quantize(rgba, MOST_COLORS);
  return { palette, indices: applyPalette(rgba, palette) };
}
