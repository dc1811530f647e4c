/**
 * Four views on one clock: the physics, what the agent sees of it, what it had imagined, and their difference. What is
 * shown at an instant is decided here and drawn by a painter (`stagePainter.ts`), on one canvas behind the page's
 * figures; one drawing is asked for at a time, and none while nothing moves. What has been drawn is written to the
 * element's data attributes, where people with developer tools and tests find it: pictures so far, a checksum of the
 * latest, the step shown, and whether everything that has come is on the screen. Where nothing can be painted, the views
 * say so, and a step counts as shown as soon as it comes, so that the rest of the page goes on.
 */
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Pose } from '../../shared/scene.ts';
import type { FanPaths, Tick } from '../readFrames.ts';
import { differ } from './difference.ts';
import { openPainter, type Painter } from './openPainter.ts';
import { stageLayout } from './stageLayout.ts';
import type { Layout, Pictures, ViewName } from './stageOrders.ts';
import { posesOf, Timeline } from './timeline.ts';

/** The elements that the stage fills. */
export interface StageElements {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly figures: Readonly<Record<ViewName, HTMLElement>>;
}

export interface StageListener {
  /** The pictures of a step have come on the screen, or would have; no difference where there was no dream. */
  readonly shown: (tick: Tick, difference: number | undefined) => void;
  /** Nothing can be drawn. */
  readonly failed: () => void;
}

/**
 * Where the processor draws, it has better things to do than to draw 60 times a second: the agent may be thinking on it.
 */
const SOFTWARE_DRAW_GAP_MS = 30;

/** What has been asked of the painter. */
interface Drawing {
  /** Whether more will have to be drawn. */
  readonly moving: boolean;
  /** Of another episode, or of a moment that was left, whose pictures count no more. */
  outdated: boolean;
  readonly news: News | undefined;
}

/** A step whose pictures were not on the screen before. */
interface News {
  readonly tick: Tick;
  readonly pictures: Pictures;
  readonly difference: number | undefined;
}

export class Stage {
  private readonly elements: StageElements;
  private readonly listener: StageListener;
  private readonly painter: Painter;
  private readonly timeline = new Timeline();
  private readonly counts = { truth: 0, dream: 0 };
  private shown: Tick | undefined;
  private stale = true;
  private drawing: Drawing | undefined;
  private readonly drawGapMs: number;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private paintedMs = 0;
  private lost = false;
  private paper = paperColor();

  constructor(elements: StageElements, listener: StageListener) {
    this.elements = elements;
    this.listener = listener;
    this.painter = openPainter(elements.canvas, { drawn: (ms) => this.drawn(ms), failed: () => this.fail() });
    this.drawGapMs = this.painter.inSoftware ? SOFTWARE_DRAW_GAP_MS : 0;
    for (const figure of Object.values(elements.figures)) markEmpty(figure, true);
    const observer = new ResizeObserver(() => this.changed());
    for (const watched of [elements.root, ...Object.values(elements.figures)]) observer.observe(watched);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.paper = paperColor();
      this.changed();
    });
  }

  /** The step whose pictures are on the screen; none where nothing is painted. */
  get showing(): Tick | undefined {
    return this.lost ? undefined : this.shown;
  }

  /** Whether a drawing has been asked for and is not there yet. */
  get busy(): boolean {
    return this.drawing !== undefined;
  }

  /** Milliseconds that the latest drawing took. */
  get drawMs(): number {
    return this.paintedMs;
  }

  /** Sets the scene of a new episode. */
  begin(episode: ServerMessageOf<'episode'>): void {
    this.timeline.begin(posesOf(episode.scene));
    this.painter.follow({ type: 'begin', episode });
    for (const [name, figure] of Object.entries(this.elements.figures))
      markEmpty(figure, this.lost || name !== 'physics');
    this.outdate();
  }

  /** Takes a tick that arrived at `now`. */
  push(tick: Tick, now: number): void {
    this.timeline.push(tick, now);
    this.changed();
    if (this.lost) this.pass(tick);
  }

  /** Stands at a tick at once, whose pictures are news then, whatever was on the screen. */
  jump(tick: Tick): void {
    this.timeline.jump(tick);
    this.outdate();
    if (this.lost) this.pass(tick);
  }

  /** Draws one iteration of the latest plan's fan, its first `elites` paths in another colour; nothing clears it. */
  fan(paths?: FanPaths, elites = 0): void {
    this.painter.follow({ type: 'fan', paths, elites });
    this.elements.root.dataset.fanPaths = String(paths === undefined ? 0 : paths.data.length / paths.points / 2);
    this.changed();
  }

  /** Moves ghosts of the goal, by place in its scene. */
  haunt(poses: ReadonlyMap<number, Pose>): void {
    this.painter.follow({ type: 'haunt', poses });
    this.changed();
  }

  /** Draws bodies in somebody's hand, by place in the scene; the others where they are. */
  carry(poses: ReadonlyMap<number, Pose>): void {
    this.painter.follow({ type: 'carry', poses });
    this.changed();
  }

  /** Has the instant `now` drawn, if anything has changed and the painter is free. */
  draw(now: number): void {
    if (this.lost || !this.stale || this.busy || now - this.drawnAt < this.drawGapMs) return;
    this.drawnAt = now;
    const { poses, tick, moving } = this.timeline.at(now);
    const news = tick === undefined || tick === this.shown ? undefined : newsOf(tick);
    this.stale = false;
    this.drawing = { moving, outdated: false, news };
    this.painter.follow({ type: 'draw', poses, pictures: news?.pictures, layout: this.layout() });
  }

  /** What is on the screen, or on its way there, counts no more. */
  private outdate(): void {
    if (this.drawing !== undefined) this.drawing.outdated = true;
    this.shown = undefined;
    this.changed();
  }

  /** What is on the screen is not all any more. */
  private changed(): void {
    this.stale = true;
    this.elements.root.dataset.still = 'false';
  }

  private drawn(ms: number): void {
    const { drawing } = this;
    this.paintedMs = ms;
    this.drawing = undefined;
    if (drawing === undefined || drawing.outdated) return;
    if (drawing.news !== undefined) this.tell(drawing.news);
    if (drawing.moving) this.stale = true;
    this.elements.root.dataset.still = String(!this.stale);
  }

  /** Nothing waits for the painter any more; it is said once. */
  private fail(): void {
    if (this.lost) return;
    this.lost = true;
    this.drawing = undefined;
    this.elements.root.dataset.lost = 'true';
    for (const figure of Object.values(this.elements.figures)) markEmpty(figure, true);
    this.listener.failed();
    const { tick } = this.timeline.at(Number.POSITIVE_INFINITY);
    if (tick !== undefined) this.pass(tick);
  }

  /** Says that a step has come which nobody paints. */
  private pass(tick: Tick): void {
    this.listener.shown(tick, newsOf(tick).difference);
  }

  /** Says what has come on the screen. */
  private tell({ tick, difference }: News): void {
    const { seen, dream, difference: heat } = this.elements.figures;
    this.shown = tick;
    this.elements.root.dataset.step = String(tick.envStep);
    if (tick.truth !== undefined) {
      this.note('truth', tick.truth);
      markEmpty(seen, false);
    }
    if (tick.dream !== undefined) this.note('dream', tick.dream);
    markEmpty(dream, tick.dream === undefined);
    markEmpty(heat, difference === undefined);
    this.listener.shown(tick, difference);
  }

  /** Measures where everything lies, and lays the canvas there. */
  private layout(): Layout {
    const { root, canvas, figures } = this.elements;
    const { layout, left, top } = stageLayout(root, figures);
    const { width, height } = layout;
    for (const [name, value] of Object.entries({ left, top, width, height }))
      canvas.style.setProperty(name, `${value}px`);
    return { ...layout, paper: this.paper };
  }

  private note(name: 'truth' | 'dream', picture: Uint8Array): void {
    this.counts[name]++;
    this.elements.root.dataset[`${name}Frames`] = String(this.counts[name]);
    this.elements.root.dataset[`${name}Sum`] = checksum(picture).toString(16);
  }
}

/** The pictures of a step, and how far its dream is from the truth. */
function newsOf(tick: Tick): News {
  const { truth: seen, dream } = tick;
  if (seen === undefined || dream === undefined)
    return { tick, pictures: { ...(seen && { seen }), ...(dream && { dream }) }, difference: undefined };
  const heat = new Uint8Array(seen.length);
  const mean = differ(seen, dream, heat);
  return { tick, pictures: { seen, dream, difference: heat }, difference: mean };
}

/** An empty figure says in words what it waits for, which as a picture it could not have read out. */
function markEmpty(figure: HTMLElement, empty: boolean): void {
  figure.dataset.empty = String(empty);
  figure.setAttribute('role', empty ? 'group' : 'img');
}

/** 32-bit FNV-1a. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function paperColor(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--paper').trim();
}
