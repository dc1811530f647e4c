/** What we use of gifenc (https://github.com/mattdesl/gifenc), which comes without types. */
declare module 'gifenc' {
  /** `[red, green, blue]`, each a byte. */
  export type Color = [number, number, number];

  export interface FrameOptions {
    /** At most 256 colours; the first picture's is the file's. */
    readonly palette: readonly Color[];
    /** Milliseconds, kept in hundredths of a second. */
    readonly delay: number;
    /** Times that the film is shown again, in its first picture; 0 for ever. */
    readonly repeat?: number;
  }

  export interface Encoder {
    /** Adds a picture of palette indices, rows from the top. */
    writeFrame(indices: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }

  export function GIFEncoder(): Encoder;
  /** At most `count` colours for an RGBA picture. */
  export function quantize(rgba: Uint8Array, count: number): Color[];
  /** For each pixel the nearest colour of the palette. */
  export function applyPalette(rgba: Uint8Array, palette: readonly Color[]): Uint8Array;
}
