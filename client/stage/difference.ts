/**
 * How far the dream is from the truth, pixel by pixel: the mean absolute difference of the three channels. The heat map
 * draws no difference as black and half of the full scale or more as pale yellow, because even a shape that is missing
 * altogether rarely differs by more.
 */

/** The difference, from 0 to 1, that has the brightest colour. */
export const HEAT_FULL_SCALE = 0.5;

/** Colours from no difference to full scale, evenly spaced; the page's legend is drawn from the same list. */
export const HEAT_COLORS = ['#0b0a0d', '#3a1208', '#8f2c08', '#e0621b', '#ffb45c', '#fff3d6'] as const;

const LEVELS = 256;

/** `[256, 3]` bytes. */
const heat = heatTable();

/**
 * Writes the heat map of two 64×64 RGBA pictures into `into`, of the same length.
 * Returns the mean difference, from 0 to 1.
 */
export function differ(truth: Uint8Array, dream: Uint8Array, into: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < into.length; i += 4) {
    const sum = distance(truth, dream, i) + distance(truth, dream, i + 1) + distance(truth, dream, i + 2);
    total += sum;
    const share = sum / (3 * 255 * HEAT_FULL_SCALE);
    const level = Math.min(LEVELS - 1, Math.round(share * (LEVELS - 1))) * 3;
    into[i] = heat[level] as number;
    into[i + 1] = heat[level + 1] as number;
    into[i + 2] = heat[level + 2] as number;
    into[i + 3] = 255;
  }
  return total / ((into.length / 4) * 3 * 255);
}

function distance(a: Uint8Array, b: Uint8Array, i: number): number {
  return Math.abs((a[i] as number) - (b[i] as number));
}

function heatTable(): Uint8Array {
  const stops = HEAT_COLORS.map((color) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)));
  const table = new Uint8Array(LEVELS * 3);
  for (let level = 0; level < LEVELS; level++) {
    const place = (level / (LEVELS - 1)) * (stops.length - 1);
    const left = Math.min(stops.length - 2, Math.floor(place));
    for (let channel = 0; channel < 3; channel++) {
      const a = stops[left]?.[channel] ?? 0;
      const b = stops[left + 1]?.[channel] ?? 0;
      table[level * 3 + channel] = Math.round(a + (b - a) * (place - left));
    }
  }
  return table;
}
