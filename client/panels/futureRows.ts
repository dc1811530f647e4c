/**
 * Several futures as rows of two small pictures, what would truly happen and what the agent imagines of it, all at the
 * same step. Canvases are kept from plan to plan, and a picture is unpacked only when it is shown, so that a new set
 * costs the page nothing at once.
 */
import { FRAME_BYTES, FRAME_SIZE } from '../../shared/frame.ts';
import type { FutureFilm, Futures } from '../readFutures.ts';
import { picture } from './picture.ts';

interface Row {
  readonly item: HTMLLIElement;
  readonly truth: CanvasRenderingContext2D;
  readonly dream: CanvasRenderingContext2D;
}

export class FutureRows {
  private readonly list: HTMLElement;
  private readonly scratch = new ImageData(FRAME_SIZE, FRAME_SIZE);
  private rows: Row[] = [];

  constructor(list: HTMLElement) {
    this.list = list;
    this.scratch.data.fill(255);
  }

  /** Makes as many rows. */
  fit(count: number): void {
    if (this.rows.length === count) return;
    this.rows = Array.from({ length: count }, (_, i) => rowOf(i === 0 ? 'as planned' : `what if ${i}`));
    this.list.replaceChildren(...this.rows.map(({ item }) => item));
  }

  /** Shows step `step`, from 0, of every future that has a row. */
  show({ pairs }: Futures, step: number): void {
    for (const [i, { truth, dream }] of this.rows.entries()) {
      this.paint(truth, pairs[i]?.truth, step);
      this.paint(dream, pairs[i]?.dream, step);
    }
  }

  private paint(context: CanvasRenderingContext2D, film: FutureFilm | undefined, step: number): void {
    if (film === undefined) return;
    const { data } = this.scratch;
    let from = step * FRAME_BYTES;
    for (let to = 0; to < data.length; to += 4) {
      data[to] = film[from++] as number;
      data[to + 1] = film[from++] as number;
      data[to + 2] = film[from++] as number;
    }
    context.putImageData(this.scratch, 0, 0);
  }
}

function rowOf(label: string): Row {
  const item = document.createElement('li');
  const caption = document.createElement('span');
  caption.textContent = label;
  const [truth, dream] = [picture('true'), picture('imagined')];
  item.append(caption, truth.canvas, dream.canvas);
  return { item, truth, dream };
}
