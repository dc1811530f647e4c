/**
 * The whole plan as a film: above, the frames that the agent imagined when it made the plan; below, what came of them,
 * filled in as it happens. The present step is marked, and the goal stands at the end. These are small canvases in a
 * list, so that they scroll and are read out like any list.
 */
import { FRAME_SIZE } from '../../shared/frame.ts';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Exportable } from '../export/exportButtons.ts';
import { ofTask, type Source } from '../export/fileName.ts';
import { planFilm } from '../export/momentFilm.ts';
import type { Film, Tick } from '../readFrames.ts';
import { picture } from './picture.ts';

/** Pixels from a picture to the next where the strip is drawn as one. */
const COLUMN = FRAME_SIZE + 6;

interface Cell {
  readonly item: HTMLLIElement;
  readonly caption: HTMLElement;
  readonly pictures: readonly CanvasRenderingContext2D[];
}

export class FilmStrip {
  private readonly list: HTMLElement;
  private film: Film | undefined;
  private cells: Cell[] = [];
  private readonly goal = cellOf('wanted');
  private current = -1;

  constructor(list: HTMLElement) {
    this.list = list;
  }

  /** Takes the film of a new plan. Cells stay from plan to plan: to lay out new ones costs a page that plays dearly. */
  show(film: Film): void {
    this.film = film;
    this.current = -1;
    this.fit(film.frames.length);
    for (const [i, frame] of film.frames.entries()) this.begin(i, String(film.envStep + i + 1), frame);
    if (film.goal === undefined) this.goal.item.remove();
    else {
      fill(this.goal, 0, film.goal);
      if (this.list.lastChild !== this.goal.item) this.list.append(this.goal.item);
    }
    this.list.scrollLeft = 0;
  }

  /** Forgets the plan, as a new episode begins. */
  clear(): void {
    this.film = undefined;
    this.cells = [];
    this.list.replaceChildren();
  }

  /** Marks the step that a tick shows and fills in what happened. */
  mark(tick: Tick): void {
    if (this.film === undefined) return;
    const place = tick.envStep - this.film.envStep - 1;
    if (place !== this.current) this.cells[this.current]?.item.removeAttribute('aria-current');
    this.current = place;
    const cell = this.cells[place];
    if (cell === undefined) return;
    cell.item.setAttribute('aria-current', 'step');
    cell.item.dataset.happened = 'true';
    if (tick.truth !== undefined) fill(cell, 1, tick.truth);
    this.reveal(cell.item);
  }

  /** What the strip gives away: itself as a picture, and the imagined frames as a film; `episode` is the one shown. */
  exportable(episode: () => ServerMessageOf<'episode'> | undefined): Exportable {
    return {
      name: 'plan',
      source: () => sourceOf(episode()),
      picture: () => ({
        drawing: drawingOf([...this.list.children]),
        key: [],
        caption: 'Above, every step that the agent imagined. Below, what came of it. Last, the goal.',
      }),
      film: () => (this.film === undefined ? [] : planFilm(this.film, episode()?.stepSeconds ?? 0)),
      filmTitle: 'the imagined plan',
    };
  }

  /** Has as many cells before the goal. */
  private fit(count: number): void {
    for (const { item } of this.cells.splice(count)) item.remove();
    while (this.cells.length < count) {
      const cell = cellOf('imagined', 'actual');
      this.list.insertBefore(cell.item, this.goal.item.parentNode === this.list ? this.goal.item : null);
      this.cells.push(cell);
    }
  }

  /** Makes cell `i` one of which only the imagined frame is known. */
  private begin(i: number, label: string, frame: Uint8Array): void {
    const cell = this.cells[i] as Cell;
    cell.item.removeAttribute('aria-current');
    delete cell.item.dataset.happened;
    cell.caption.textContent = label;
    fill(cell, 0, frame);
    cell.pictures[1]?.clearRect(0, 0, FRAME_SIZE, FRAME_SIZE);
  }

  /** Scrolls the list alone, never the page. */
  private reveal(item: HTMLElement): void {
    const left = item.offsetLeft - this.list.offsetLeft;
    const outside =
      left < this.list.scrollLeft || left + item.offsetWidth > this.list.scrollLeft + this.list.clientWidth;
    if (outside) this.list.scrollLeft = left - this.list.clientWidth / 3;
  }
}

/** The pictures of the items, in columns as on the page. */
function drawingOf(items: readonly Element[]): HTMLCanvasElement {
  const drawing = document.createElement('canvas');
  drawing.width = Math.max(1, items.length) * COLUMN;
  drawing.height = 2 * COLUMN;
  const context = drawing.getContext('2d');
  if (context === null) throw new TypeError('this browser gives no 2D canvas');
  context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue('--line').trim();
  items.forEach((item, i) => {
    const pictures = [...item.querySelectorAll('canvas')];
    const top = (2 - pictures.length) / 2;
    for (const [row, picture] of pictures.entries()) {
      const y = (top + row) * COLUMN;
      context.drawImage(picture, i * COLUMN, y);
      context.strokeRect(i * COLUMN + 0.5, y + 0.5, FRAME_SIZE - 1, FRAME_SIZE - 1);
    }
  });
  return drawing;
}

/** A step of the film, its pictures one below the other; what is wanted is called the goal. */
function cellOf(...kinds: readonly string[]): Cell {
  const item = document.createElement('li');
  const caption = document.createElement('span');
  caption.textContent = 'goal';
  const pictures = kinds.map(picture);
  item.append(...pictures.map(({ canvas }) => canvas), caption);
  return { item, caption, pictures };
}

function fill({ pictures }: Cell, which: number, rgba: Uint8Array): void {
  const image = new ImageData(new Uint8ClampedArray(rgba), FRAME_SIZE, FRAME_SIZE);
  pictures[which]?.putImageData(image, 0, 0);
}

function sourceOf(episode: ServerMessageOf<'episode'> | undefined): Source | undefined {
  return episode && ofTask(episode.settings);
}
