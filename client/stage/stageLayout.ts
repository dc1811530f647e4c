/**
 * Where the stage's canvas lies, and its views on it: the smallest rectangle of whole device pixels around all views. A
 * compositor that works on the processor copies such a canvas as it is; laid between pixels it would have to filter it.
 */
import type { Layout, Place, ViewName } from './stageOrders.ts';

const MAX_PIXEL_RATIO = 2;

export interface StageLayout {
  readonly layout: Omit<Layout, 'paper'>;
  /** From the upper left corner of the stage, in CSS pixels. */
  readonly left: number;
  readonly top: number;
}

/** Measures the figures in which the views are shown. */
export function stageLayout(root: HTMLElement, figures: Readonly<Record<ViewName, HTMLElement>>): StageLayout {
  const { devicePixelRatio } = window;
  const wholeBelow = (length: number): number => Math.floor(length * devicePixelRatio) / devicePixelRatio;
  const wholeAbove = (length: number): number => Math.ceil(length * devicePixelRatio) / devicePixelRatio;

  const physics = figures.physics.getBoundingClientRect();
  const seen = figures.seen.getBoundingClientRect();
  const dream = figures.dream.getBoundingClientRect();
  const difference = figures.difference.getBoundingClientRect();
  const boxes = [physics, seen, dream, difference];
  const left = wholeBelow(Math.min(...boxes.map((box) => box.left)));
  const top = wholeBelow(Math.min(...boxes.map((box) => box.top)));
  const right = wholeAbove(Math.max(...boxes.map((box) => box.right)));
  const bottom = wholeAbove(Math.max(...boxes.map((box) => box.bottom)));
  const placeOf = (box: DOMRect): Place => ({
    left: box.left - left,
    bottom: bottom - box.bottom,
    width: box.width,
    height: box.height,
  });
  const stage = root.getBoundingClientRect();
  return {
    layout: {
      width: right - left,
      height: bottom - top,
      pixelRatio: Math.min(devicePixelRatio, MAX_PIXEL_RATIO),
      places: {
        physics: placeOf(physics),
        seen: placeOf(seen),
        dream: placeOf(dream),
        difference: placeOf(difference),
      },
    },
    left: left - stage.left,
    top: top - stage.top,
  };
}
