/** The painter in a thread of its own: the canvas comes first, then orders; every drawing is answered by its milliseconds. */
import type { StageOrder } from './stageOrders.ts';
import { type PainterOptions, StagePainter } from './stagePainter.ts';

let painter: StagePainter | undefined;

addEventListener('message', ({ data }: MessageEvent<PainterOptions | StageOrder>) => {
  if ('type' in data) painter?.follow(data);
  else painter = new StagePainter(data, (ms) => postMessage(ms));
});
