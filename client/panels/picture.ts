/** A canvas of a frame's size, to draw frames on; its class says what they are. */
import { FRAME_SIZE } from '../../shared/frame.ts';

export function picture(kind: string): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = FRAME_SIZE;
  canvas.height = FRAME_SIZE;
  canvas.className = kind;
  const context = canvas.getContext('2d');
  if (context === null) throw new TypeError('this browser gives no 2D canvas');
  return context;
}
