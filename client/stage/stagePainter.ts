/**
 * Draws the stage: one WebGL renderer and one canvas for all four views, each in its rectangle, so that they can never
 * show different instants. It runs in a worker where the browser lets it (`openPainter.ts`), and knows no document.
 */
import { WebGLRenderer } from 'three';
import { FrameView } from './frameView.ts';
import { PhysicsView } from './physicsView.ts';
import { type Layout, type Pictures, type StageOrder, VIEW_NAMES } from './stageOrders.ts';

type DrawOrder = Extract<StageOrder, { readonly type: 'draw' }>;

export interface PainterOptions {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  /** The processor draws: edges are not smoothed, four times over, and only what has changed is drawn again. */
  readonly inSoftware: boolean;
}

export class StagePainter {
  private readonly renderer: WebGLRenderer;
  private readonly views = {
    physics: new PhysicsView(),
    seen: new FrameView(),
    dream: new FrameView(),
    difference: new FrameView(),
  };
  private readonly drawn: (ms: number) => void;
  private readonly inSoftware: boolean;
  private size = '';
  /** The layout for which all views are on the canvas as they are; none while one of the pictures is not. */
  private drawnFor = '';
  private last: DrawOrder | undefined;

  /** Tells `drawn` of every drawing, and the milliseconds that it took. @throws Error when there is no WebGL */
  constructor({ canvas, inSoftware }: PainterOptions, drawn: (ms: number) => void) {
    this.drawn = drawn;
    this.inSoftware = inSoftware;
    this.renderer = new WebGLRenderer({
      canvas,
      alpha: false,
      antialias: !inSoftware,
      preserveDrawingBuffer: inSoftware,
    });
    this.renderer.debug.checkShaderErrors = false;
    this.renderer.autoClear = false;
    canvas.addEventListener('webglcontextrestored', () => {
      this.drawnFor = '';
      if (this.last !== undefined) this.draw(this.last);
    });
  }

  follow(order: StageOrder): void {
    const { physics, seen, dream, difference } = this.views;
    if (order.type === 'begin') {
      physics.begin(order.episode);
      for (const view of [seen, dream, difference]) view.show(undefined);
      this.drawnFor = '';
    } else if (order.type === 'fan') physics.fan.show(order.paths, order.elites);
    else if (order.type === 'haunt') physics.haunt(order.poses);
    else if (order.type === 'carry') physics.carry(order.poses);
    else {
      const started = performance.now();
      this.draw(order);
      this.drawn(performance.now() - started);
    }
  }

  private draw(order: DrawOrder): void {
    this.last = order;
    this.fit(order.layout);
    this.views.physics.pose(order.poses);
    if (order.pictures !== undefined) this.show(order.pictures);
    const layout = JSON.stringify(order.layout);
    const all = !this.inSoftware || order.pictures !== undefined || layout !== this.drawnFor;
    if (all) this.clear(order.layout.paper);
    for (const name of all ? VIEW_NAMES : (['physics'] as const)) {
      const { left, bottom, width, height } = order.layout.places[name];
      this.renderer.setViewport(left, bottom, width, height);
      this.renderer.setScissor(left, bottom, width, height);
      const { scene, camera } = this.views[name];
      this.renderer.render(scene, camera);
    }
    this.drawnFor = layout;
  }

  /** The whole canvas becomes paper; views are drawn within their rectangles afterwards. */
  private clear(paper: string): void {
    this.renderer.setClearColor(paper);
    this.renderer.setScissorTest(false);
    this.renderer.clear();
    this.renderer.setScissorTest(true);
  }

  private show({ seen, dream, difference }: Pictures): void {
    if (seen !== undefined) this.views.seen.show(seen);
    this.views.dream.show(dream);
    this.views.difference.show(difference);
  }

  /** Gives the canvas its size, if that is another: it loses its picture by that. */
  private fit({ width, height, pixelRatio }: Layout): void {
    const size = `${width} ${height} ${pixelRatio}`;
    if (size === this.size) return;
    this.size = size;
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(width, height, false);
  }
}
