/**
 * Reads an animated GIF (https://www.w3.org/Graphics/GIF/spec-gif89a.txt) into whole RGB pictures, independently of
 * what wrote it: LZW, local palettes, pictures that cover a part. No interlacing and no transparency.
 */
export interface GifPicture {
  /** RGB, rows from the top. */
  readonly pixels: Uint8Array;
  readonly milliseconds: number;
}

export interface Gif {
  readonly width: number;
  readonly height: number;
  /** Times that it is shown again; 0 for ever, `undefined` when it doesn't say. */
  readonly loops: number | undefined;
  readonly pictures: readonly GifPicture[];
}

export function readGif(content: Uint8Array): Gif {
  const bytes = Buffer.from(content);
  if (bytes.toString('latin1', 0, 6) !== 'GIF89a') throw new Error('no GIF');
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const globalColors = paletteLength(bytes.readUInt8(10));
  const globalPalette = bytes.subarray(13, 13 + globalColors);
  const canvas = new Uint8Array(3 * width * height);
  const pictures: GifPicture[] = [];
  let loops: number | undefined;
  let milliseconds = 0;
  let at = 13 + globalColors;

  const blocks = (): Buffer => {
    const parts: Buffer[] = [];
    for (let length = bytes.readUInt8(at++); length > 0; length = bytes.readUInt8(at++)) {
      parts.push(bytes.subarray(at, at + length));
      at += length;
    }
    return Buffer.concat(parts);
  };

  while (bytes.readUInt8(at) !== 0x3b) {
    const kind = bytes.readUInt8(at++);
    if (kind === 0x21) {
      const label = bytes.readUInt8(at++);
      const data = blocks();
      if (label === 0xf9) milliseconds = 10 * data.readUInt16LE(1);
      if (label === 0xff && data.toString('latin1', 0, 11) === 'NETSCAPE2.0') loops = data.readUInt16LE(12);
    } else if (kind === 0x2c) {
      const [left, top] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
      const [across, down] = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
      const localColors = paletteLength(bytes.readUInt8(at + 8));
      const palette = localColors > 0 ? bytes.subarray(at + 9, at + 9 + localColors) : globalPalette;
      at += 9 + localColors;
      const codeSize = bytes.readUInt8(at++);
      const indices = decodeLzw(blocks(), codeSize);
      if (indices.length !== across * down) throw new Error(`${indices.length} pixels of ${across * down}`);
      let pixel = 0;
      for (let y = top; y < top + down; y++)
        for (let x = left; x < left + across; x++) {
          const from = 3 * (indices[pixel++] as number);
          const to = 3 * (y * width + x);
          for (let c = 0; c < 3; c++) canvas[to + c] = palette[from + c] as number;
        }
      pictures.push({ pixels: canvas.slice(), milliseconds });
    } else throw new Error(`an unknown block ${kind}`);
  }
  return { width, height, loops, pictures };
}

function paletteLength(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function decodeLzw(data: Uint8Array, codeSize: number): number[] {
  const clear = 2 ** codeSize;
  const indices: number[] = [];
  let table: number[][] = [];
  let size = codeSize + 1;
  let previous: number[] | undefined;
  let bits = 0;
  let held = 0;
  for (const byte of data) {
    bits += byte * 2 ** held;
    held += 8;
    while (held >= size) {
      const code = bits % 2 ** size;
      bits = Math.floor(bits / 2 ** size);
      held -= size;
      if (code === clear) {
        table = Array.from({ length: clear + 2 }, (_, i) => [i]);
        size = codeSize + 1;
        previous = undefined;
        continue;
      }
      if (code === clear + 1) return indices;
      const entry = table[code] ?? (previous && [...previous, previous[0] as number]);
      if (entry === undefined) throw new Error('a code that is not known');
      for (const index of entry) indices.push(index);
      if (previous && table.length < 4096) table.push([...previous, entry[0] as number]);
      if (table.length === 2 ** size && size < 12) size++;
      previous = entry;
    }
  }
  return indices;
}
