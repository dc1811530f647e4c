/** The painter in a thread of its own: the canvas comes first, then orders, and every drawing is answered. */
import type { StageDrawn, StageOrder } from './stageOrders.ts';
import { type PainterOptions, StagePainter } from './stagePainter.ts';

let painter: StagePainter | undefined;

addEventListener('message', ({ data }: MessageEvent<PainterOptions | StageOrder>) => {
  if (!('type' in data)) {
    painter = new StagePainter(data);
    return;
  }
  const started = performance.now();
  painter?.follow(data);
  if (data.type !== 'draw') return;
  const drawn: StageDrawn = { type: 'drawn', ms: performance.now() - started };
  postMessage(drawn);
});
