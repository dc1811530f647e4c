/**
 * How much of each pixel a polygon covers: exact areas, by accumulating signed ones. Every edge adds, in the rows that
 * it crosses, by how much the covered area changes from one pixel to the next; a running sum along the row then gives
 * the areas themselves. Each edge costs as many steps as it touches pixels, and the inside of the shape one addition
 * each. The method is that of FreeType's smooth rasteriser, in the dense form of R. Levien, "Inside the fastest font
 * renderer in the world" (2016).
 *
 * Sums and products of doubles alone: the same areas on any machine.
 */
import { FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../shared/frame.ts';

/** An edge that ends at the right border writes one number past the row. */
const STRIDE = FRAME_SIZE + 1;

/** A grid of 64×64 pixels to which the edges of one polygon at a time are added, and swept out again. */
export class Coverage {
  /** By how much the coverage changes from the pixel before: `[row, column]`. All zero between two polygons. */
  readonly #changes = new Float64Array(FRAME_SIZE * STRIDE);
  #firstRow = FRAME_SIZE;
  #endRow = 0;
  #firstColumn = FRAME_SIZE;
  #endColumn = 0;

  /** The edge from one vertex to the next, in pixels. What lies outside of the grid has no effect inside. */
  addEdge(x0: number, y0: number, x1: number, y1: number): void {
    if (y0 < y1) this.#addDownward(x0, y0, x1, y1, 1);
    else if (y1 < y0) this.#addDownward(x1, y1, x0, y0, -1);
  }

  /**
   * Mixes the colour into the frame by what the polygon covers of each pixel, and forgets the polygon.
   * @param red a byte, as `green` and `blue`
   */
  fill(frame: Frame, red: number, green: number, blue: number): void {
    const changes = this.#changes;
    const firstColumn = this.#firstColumn;
    const endColumn = Math.min(FRAME_SIZE, this.#endColumn);
    for (let row = this.#firstRow; row < this.#endRow; row++) {
      const start = row * STRIDE;
      let sum = 0;
      for (let column = firstColumn; column < endColumn; column++) {
        sum += changes[start + column] as number;
        const covered = Math.min(1, Math.abs(sum));
        if (covered === 0) continue;
        const at = (row * FRAME_SIZE + column) * FRAME_CHANNELS;
        frame[at] = mixed(frame[at] as number, red, covered);
        frame[at + 1] = mixed(frame[at + 1] as number, green, covered);
        frame[at + 2] = mixed(frame[at + 2] as number, blue, covered);
      }
      changes.fill(0, start + firstColumn, start + this.#endColumn);
    }
    this.#firstRow = this.#firstColumn = FRAME_SIZE;
    this.#endRow = this.#endColumn = 0;
  }

  #addDownward(x0: number, y0: number, x1: number, y1: number, sign: number): void {
    if (y1 <= 0 || y0 >= FRAME_SIZE) return;
    const top = Math.max(0, y0);
    const bottom = Math.min(FRAME_SIZE, y1);
    const firstRow = Math.floor(top);
    const endRow = Math.ceil(bottom);
    this.#firstRow = Math.min(this.#firstRow, firstRow);
    this.#endRow = Math.max(this.#endRow, endRow);
    const run = x1 - x0;
    const rise = y1 - y0;
    let x = x0 + run * ((top - y0) / rise);
    for (let row = firstRow; row < endRow; row++) {
      const end = Math.min(bottom, row + 1);
      const height = end - Math.max(top, row);
      const next = x0 + run * ((end - y0) / rise);
      this.#addWithinRow(row, Math.min(x, next), Math.max(x, next), sign * height);
      x = next;
    }
  }

  /** A piece of an edge in one row, from `left` to `right`, `height` tall: clipped to the columns of the grid. */
  #addWithinRow(row: number, left: number, right: number, height: number): void {
    if (left >= FRAME_SIZE) return;
    const run = right - left;
    if (right <= 0 || (left < 0 && run < Number.EPSILON)) {
      this.#addPiece(row, 0, 0, height); // of a piece as narrow as that, no share could be told
      return;
    }
    if (left < 0) this.#addPiece(row, 0, 0, (height * -left) / run);
    const from = Math.max(0, left);
    const to = Math.min(FRAME_SIZE, right);
    this.#addPiece(row, from, to, run > Number.EPSILON ? (height * (to - from)) / run : height);
  }

  /** To the right of the piece the coverage grows by `height`; in each pixel that it crosses, by the area beside it. */
  #addPiece(row: number, left: number, right: number, height: number): void {
    const first = Math.min(FRAME_SIZE - 1, Math.floor(left));
    const end = Math.max(first + 1, Math.ceil(right));
    this.#firstColumn = Math.min(this.#firstColumn, first);
    this.#endColumn = Math.max(this.#endColumn, end + 1);
    const changes = this.#changes;
    const at = row * STRIDE;
    if (end === first + 1) {
      const area = height * (end - (left + right) / 2);
      changes[at + first] = (changes[at + first] as number) + area;
      changes[at + end] = (changes[at + end] as number) + height - area;
      return;
    }
    const steepness = height / (right - left);
    let before = 0;
    for (let column = first; column < end; column++) {
      const enters = Math.max(left, column);
      const leaves = Math.min(right, column + 1);
      const area = steepness * (enters - left + (leaves - enters) * (column + 1 - (enters + leaves) / 2));
      changes[at + column] = (changes[at + column] as number) + area - before;
      before = area;
    }
    changes[at + end] = (changes[at + end] as number) + height - before;
  }
}

/** The nearest byte to the mixture. */
function mixed(under: number, over: number, covered: number): number {
  return Math.floor(under + (over - under) * covered + 0.5);
}
