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
  /** Whether edges are smoothed. */
  readonly smooth: boolean;
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
  private size = '';
  private last: DrawOrder | undefined;

  /** Tells `drawn` of every drawing, and the milliseconds that it took. @throws Error when there is no WebGL */
  constructor({ canvas, smooth }: PainterOptions, drawn: (ms: number) => void) {
    this.drawn = drawn;
    this.renderer = new WebGLRenderer({ canvas, antialias: smooth, alpha: true });
    this.renderer.debug.checkShaderErrors = false;
    this.renderer.setScissorTest(true);
    this.renderer.setClearAlpha(0);
    canvas.addEventListener('webglcontextrestored', () => {
      if (this.last !== undefined) this.draw(this.last);
    });
  }

  follow(order: StageOrder): void {
    const { physics, seen, dream, difference } = this.views;
    if (order.type === 'begin') {
      physics.begin(order.episode);
      for (const view of [seen, dream, difference]) view.show(undefined);
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
    for (const name of VIEW_NAMES) {
      const { left, bottom, width, height } = order.layout.places[name];
      this.renderer.setViewport(left, bottom, width, height);
      this.renderer.setScissor(left, bottom, width, height);
      const { scene, camera } = this.views[name];
      this.renderer.render(scene, camera);
    }
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
