/**
 * The frame that is painted over, with the mask on it: by mouse, pen or finger, or by keys, where the arrows move the
 * brush (eight pixels with Shift) and Space puts it down, to be drawn along for as long as it is held. What is painted
 * over is shown as a checkerboard, which no frame has.
 */
import { FRAME_SIZE, type Frame } from '../../shared/frame.ts';
import type { Point } from '../../shared/scene.ts';
import { type Brush, dab, emptyMask, stroke, under } from './brush.ts';

const MOVES: ReadonlyMap<string, Point> = new Map([
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
]);
const FAR = 8;
/** Colours of the checkerboard, and of the brush where nothing is painted over. */
const PAINT = [
  [185, 67, 15],
  [255, 190, 140],
] as const;
const BRUSH = [120, 120, 120] as const;

export class PaintCanvas {
  readonly mask = emptyMask();
  private readonly canvas: HTMLCanvasElement;
  private readonly brush: () => Brush;
  private readonly changed: () => void;
  private frame: Frame = new Uint8Array(FRAME_SIZE * FRAME_SIZE * 3);
  private at: Point = { x: FRAME_SIZE / 2, y: FRAME_SIZE / 2 };
  private down = false;

  /**
   * `surface`, around the canvas, hears pointers and keys; `brush` tells of the brush in hand; `changed` is called when
   * mask or brush have changed.
   */
  constructor(surface: HTMLElement, canvas: HTMLCanvasElement, brush: () => Brush, changed: () => void) {
    this.canvas = canvas;
    this.brush = brush;
    this.changed = changed;
    surface.addEventListener('pointerdown', (event) => {
      surface.setPointerCapture(event.pointerId);
      this.press(this.placeOf(event));
    });
    surface.addEventListener('pointermove', (event) => this.go(this.placeOf(event)));
    for (const type of ['pointerup', 'pointercancel', 'blur'] as const)
      surface.addEventListener(type, () => {
        this.down = false;
      });
    surface.addEventListener('keydown', (event) => this.key(event));
    surface.addEventListener('keyup', ({ key }) => {
      if (key === ' ') this.down = false;
    });
  }

  /** Where the brush is, in whole pixels. */
  get place(): Point {
    return { x: Math.round(this.at.x), y: Math.round(this.at.y) };
  }

  /** Begins with a frame that nothing is painted over. */
  begin(frame: Frame): void {
    this.frame = frame;
    this.clear();
  }

  clear(): void {
    this.mask.fill(0);
    this.draw();
  }

  draw(): void {
    const context = this.canvas.getContext('2d');
    if (context === null) return;
    const picture = context.createImageData(FRAME_SIZE, FRAME_SIZE);
    const brush = new Set(under(this.at, this.brush().size));
    for (let pixel = 0; pixel < FRAME_SIZE * FRAME_SIZE; pixel++) {
      const tile = ((pixel % FRAME_SIZE) + Math.floor(pixel / FRAME_SIZE)) % 2 === 0 ? PAINT[0] : PAINT[1];
      const below = this.mask[pixel] === 1 ? tile : this.frame.subarray(3 * pixel, 3 * pixel + 3);
      for (let channel = 0; channel < 3; channel++) {
        const value = below[channel] ?? 0;
        picture.data[4 * pixel + channel] = brush.has(pixel) ? (value + (BRUSH[channel] ?? 0)) / 2 : value;
      }
      picture.data[4 * pixel + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
    this.changed();
  }

  private key(event: KeyboardEvent): void {
    const move = MOVES.get(event.key);
    if (move === undefined && event.key !== ' ') return;
    event.preventDefault();
    if (move === undefined) this.press(this.at);
    else {
      const by = event.shiftKey ? FAR : 1;
      const { x, y } = this.place;
      const within = (at: number): number => Math.min(FRAME_SIZE - 1, Math.max(0, at));
      this.go({ x: within(x + by * move.x), y: within(y + by * move.y) });
    }
  }

  private press(to: Point): void {
    this.at = to;
    this.down = true;
    dab(this.mask, to, this.brush());
    this.draw();
  }

  private go(to: Point): void {
    if (this.down) stroke(this.mask, this.at, to, this.brush());
    this.at = to;
    this.draw();
  }

  private placeOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: ((clientX - left) / width) * FRAME_SIZE - 0.5,
      y: ((clientY - top) / height) * FRAME_SIZE - 0.5,
    };
  }
}
