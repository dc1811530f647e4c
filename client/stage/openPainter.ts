/**
 * Where the stage is painted: in a worker, so that the page stays smooth while WebGL takes its time, above all where the
 * processor has to draw; in the page's own thread where the browser has no WebGL for workers.
 */
import type { StageOrder } from './stageOrders.ts';
import type { PainterOptions } from './stagePainter.ts';

export interface Painter {
  /** Whether the processor draws. */
  readonly inSoftware: boolean;
  follow(order: StageOrder): void;
}

export interface PainterListener {
  /** An order to draw has been followed, in so many milliseconds. */
  readonly drawn: (ms: number) => void;
  /** It cannot paint, and will not; perhaps said more than once. */
  readonly failed: () => void;
}

/** Takes the canvas over. Where the browser has no WebGL, nothing is painted, which is told as soon as all is set up. */
export function openPainter(canvas: HTMLCanvasElement, listener: PainterListener): Painter {
  const apart = 'transferControlToOffscreen' in canvas ? drawsBy(new OffscreenCanvas(1, 1)) : undefined;
  const by = apart ?? drawsBy(document.createElement('canvas'));
  if (by === undefined) {
    queueMicrotask(listener.failed);
    return { inSoftware: false, follow: () => {} };
  }
  const inSoftware = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(by);
  const follow =
    apart === undefined
      ? paintHere({ canvas, inSoftware }, listener)
      : paintApart({ canvas: canvas.transferControlToOffscreen(), inSoftware }, listener);
  return { inSoftware, follow };
}

type Follow = Painter['follow'];

function paintApart(
  options: { readonly canvas: OffscreenCanvas; readonly inSoftware: boolean },
  listener: PainterListener,
): Follow {
  const worker = new Worker(new URL('./painterWorker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<number>) => listener.drawn(data);
  worker.onerror = listener.failed;
  worker.postMessage(options, [options.canvas]);
  return (order) => worker.postMessage(order);
}

/** Code that most browsers do without is loaded when it is needed; orders wait for it in their order. */
function paintHere(options: PainterOptions, { drawn, failed }: PainterListener): Follow {
  const painter = import('./stagePainter.ts').then(({ StagePainter }) => new StagePainter(options, drawn));
  return (order) => void painter.then((ready) => ready.follow(order)).catch(failed);
}

/** What draws WebGL on a canvas of this kind. A context of its own is asked, which is given back. */
function drawsBy(canvas: HTMLCanvasElement | OffscreenCanvas): string | undefined {
  const gl = canvas.getContext('webgl2');
  if (!(gl instanceof WebGL2RenderingContext)) return undefined;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return String(name);
}
