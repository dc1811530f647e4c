/**
 * Letters of 3×5 pixels, for labels on pictures of data: the same on every machine, also on one that has no fonts. A
 * glyph is five octal digits, one for each row, whose bits are its pixels from left to right.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';

/** Pixels from one letter to the next, and a letter's height. */
const ADVANCE = 4;
export const GLYPH_HEIGHT = 5;

// biome-ignore format: a table
const glyphs: Readonly<Record<string, string>> = {
  '0': '75557', '1': '26227', '2': '71747', '3': '71717', '4': '55711', '5': '74717', '6': '74757', '7': '71222',
  '8': '75757', '9': '75717', A: '25755', B: '65656', C: '34443', D: '65556', E: '74747', F: '74744', G: '34553',
  H: '55755', I: '72227', J: '11152', K: '55655', L: '44447', M: '57755', N: '65555', O: '25552', P: '75744',
  Q: '25563', R: '65655', S: '34216', T: '72222', U: '55557', V: '55552', W: '55775', X: '55255', Y: '55222',
  Z: '71247', '#': '57575', '.': '00002', ',': '00024', '-': '00700', ':': '02020', '=': '07070', '/': '11244',
  ' ': '00000', '?': '71202',
};

/** Draws the text in capitals with its upper left corner at the point; what has no glyph is a question mark. */
export function drawText(context: SKRSContext2D, text: string, x: number, y: number, scale: number): void {
  [...text.toUpperCase()].forEach((letter, i) => {
    const rows = [...(glyphs[letter] ?? '71202')].map(Number);
    rows.forEach((bits, row) => {
      for (let column = 0; column < 3; column++) {
        if (((bits >> (2 - column)) & 1) === 0) continue;
        context.fillRect(x + (i * ADVANCE + column) * scale, y + row * scale, scale, scale);
      }
    });
  });
}

/** Width of a text in pixels. */
export function textWidth(text: string, scale: number): number {
  return Math.max(0, text.length * ADVANCE - 1) * scale;
}
