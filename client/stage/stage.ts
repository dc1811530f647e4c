/**
 * Four views on one clock: the physics, what the agent sees of it, what it had imagined, and their difference. One
 * WebGL renderer draws them all into one canvas behind the page's figures, each in the rectangle of its figure, so that
 * they can never show different instants. Nothing is drawn while nothing moves. What has been drawn is written to the
 * element's data attributes, where people with developer tools and tests find it: pictures so far, a checksum of the
 * latest, the step shown, and whether everything that has come is on the screen.
 */
import { WebGLRenderer } from 'three';
import type { ServerMessageOf } from '../../shared/protocol/control.ts';
import type { Pose } from '../../shared/scene.ts';
import type { FanPaths, Tick } from '../readFrames.ts';
import { differ } from './difference.ts';
import { FrameView } from './frameView.ts';
import { PhysicsView } from './physicsView.ts';
import { Timeline } from './timeline.ts';

/** The elements that the stage fills. */
export interface StageElements {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly figures: Readonly<Record<'physics' | 'seen' | 'dream' | 'difference', HTMLElement>>;
}

/** Called when the pictures of a step have come on the screen; no difference where there was no dream. */
export type ShownListener = (tick: Tick, difference: number | undefined) => void;

const MAX_PIXEL_RATIO = 2;

/**
 * Where the processor draws, it has better things to do (the agent may be thinking on it) than to draw 60 times a
 * second, or every edge four times over.
 */
const SOFTWARE_DRAW_GAP_MS = 30;

export class Stage {
  private readonly elements: StageElements;
  private readonly onShown: ShownListener;
  private readonly renderer: WebGLRenderer;
  private readonly timeline = new Timeline();
  private readonly views = {
    physics: new PhysicsView(),
    seen: new FrameView(),
    dream: new FrameView(),
    difference: new FrameView(),
  };
  private readonly counts = { truth: 0, dream: 0 };
  private shown: Tick | undefined;
  private stale = true;
  private readonly drawGapMs: number;
  private drawnAt = Number.NEGATIVE_INFINITY;

  /**
   * Calls `onShown` during `draw`.
   * @throws Error when the browser has no WebGL.
   */
  constructor(elements: StageElements, onShown: ShownListener) {
    this.elements = elements;
    this.onShown = onShown;
    const inSoftware = drawsInSoftware();
    this.renderer = new WebGLRenderer({ canvas: elements.canvas, antialias: !inSoftware, alpha: true });
    this.renderer.debug.checkShaderErrors = false;
    this.renderer.setScissorTest(true);
    this.drawGapMs = inSoftware ? SOFTWARE_DRAW_GAP_MS : 0;
    this.renderer.setClearAlpha(0);
    const observer = new ResizeObserver(() => this.resize());
    for (const watched of [elements.root, ...Object.values(elements.figures)]) observer.observe(watched);
    elements.canvas.addEventListener('webglcontextrestored', () => this.resize());
  }

  /** The step whose pictures are on the screen. */
  get showing(): Tick | undefined {
    return this.shown;
  }

  /** Sets the scene of a new episode. */
  begin(episode: ServerMessageOf<'episode'>): void {
    this.timeline.begin(this.views.physics.begin(episode));
    for (const view of [this.views.seen, this.views.dream, this.views.difference]) view.clear();
    for (const [name, figure] of Object.entries(this.elements.figures)) markEmpty(figure, name !== 'physics');
    this.shown = undefined;
    this.stale = true;
  }

  /** Takes a tick that arrived at `now`. */
  push(tick: Tick, now: number): void {
    this.timeline.push(tick, now);
    this.elements.root.dataset.still = 'false';
    this.stale = true;
  }

  /** Stands at a tick at once. */
  jump(tick: Tick): void {
    this.timeline.jump(tick);
    this.elements.root.dataset.still = 'false';
    this.stale = true;
  }

  /** Draws one iteration of the latest plan's fan, its first `elites` paths in another colour; nothing clears it. */
  fan(paths?: FanPaths, elites = 0): void {
    if (paths === undefined) this.views.physics.fan.clear();
    else this.views.physics.fan.show(paths, elites);
    this.elements.root.dataset.fanPaths = String(paths === undefined ? 0 : paths.data.length / paths.points / 2);
    this.stale = true;
  }

  /** Moves ghosts of the goal, by place in its scene. */
  haunt(poses: ReadonlyMap<number, Pose>): void {
    this.views.physics.haunt(poses);
    this.stale = true;
  }

  /** Draws bodies in somebody's hand, by place in the scene; the others where they are. */
  carry(poses: ReadonlyMap<number, Pose>): void {
    this.views.physics.carry(poses);
    this.stale = true;
  }

  /** Draws the instant `now`, if anything has changed. */
  draw(now: number): void {
    if (!this.stale || now - this.drawnAt < this.drawGapMs) return;
    this.drawnAt = now;
    const { poses, tick, moving } = this.timeline.at(now);
    this.views.physics.pose(poses);
    if (tick !== undefined && tick !== this.shown) this.show(tick);
    for (const name of ['physics', 'seen', 'dream', 'difference'] as const) this.drawView(name);
    this.stale = moving;
    this.elements.root.dataset.still = String(!moving);
  }

  private show(tick: Tick): void {
    this.shown = tick;
    this.elements.root.dataset.step = String(tick.envStep);
    const { seen, dream, difference } = this.views;
    const { figures } = this.elements;
    if (tick.truth !== undefined) {
      seen.show(tick.truth);
      this.note('truth', tick.truth);
    }
    if (tick.dream === undefined) dream.clear();
    else {
      dream.show(tick.dream);
      this.note('dream', tick.dream);
    }
    let mean: number | undefined;
    if (tick.truth === undefined || tick.dream === undefined) difference.clear();
    else {
      mean = differ(tick.truth, tick.dream, difference.pixels);
      difference.changed();
    }
    if (tick.truth !== undefined) markEmpty(figures.seen, false);
    markEmpty(figures.dream, tick.dream === undefined);
    markEmpty(figures.difference, mean === undefined);
    this.onShown(tick, mean);
  }

  private drawView(name: keyof StageElements['figures']): void {
    const canvas = this.elements.canvas.getBoundingClientRect();
    const figure = this.elements.figures[name].getBoundingClientRect();
    const left = figure.left - canvas.left;
    const bottom = canvas.bottom - figure.bottom;
    this.renderer.setViewport(left, bottom, figure.width, figure.height);
    this.renderer.setScissor(left, bottom, figure.width, figure.height);
    const { scene, camera } = this.views[name];
    this.renderer.render(scene, camera);
  }

  private resize(): void {
    const { width, height } = this.elements.root.getBoundingClientRect();
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO));
    this.renderer.setSize(width, height, false);
    this.stale = true;
  }

  private note(name: 'truth' | 'dream', picture: Uint8Array): void {
    this.counts[name]++;
    this.elements.root.dataset[`${name}Frames`] = String(this.counts[name]);
    this.elements.root.dataset[`${name}Sum`] = checksum(picture).toString(16);
  }
}

/** Asks a context of its own, since the stage's must be told whether to smooth edges when it is made. */
function drawsInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (gl === null) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name));
}

/** An empty figure says in words what it waits for. */
function markEmpty(figure: HTMLElement, empty: boolean): void {
  figure.dataset.empty = String(empty);
}

/** 32-bit FNV-1a. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
