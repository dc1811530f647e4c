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
export function stageLayout(
  root: HTMLElement,
  { physics, seen, dream, difference }: Readonly<Record<ViewName, HTMLElement>>,
): StageLayout {
  const figures = [physics, seen, dream, difference].map((figure) => figure.getBoundingClientRect());
  const { devicePixelRatio } = window;
  const left = Math.floor(Math.min(...figures.map((figure) => figure.left)) * devicePixelRatio) / devicePixelRatio;
  const top = Math.floor(Math.min(...figures.map((figure) => figure.top)) * devicePixelRatio) / devicePixelRatio;
  const right = Math.ceil(Math.max(...figures.map((figure) => figure.right)) * devicePixelRatio) / devicePixelRatio;
  const bottom = Math.ceil(Math.max(...figures.map((figure) => figure.bottom)) * devicePixelRatio) / devicePixelRatio;
  const places = figures.map((figure) => ({
    left: figure.left - left,
    bottom: bottom - figure.bottom,
    width: figure.width,
    height: figure.height,
  })) as [Place, Place, Place, Place];
  const stage = root.getBoundingClientRect();
  return {
    layout: {
      width: right - left,
      height: bottom - top,
      pixelRatio: Math.min(devicePixelRatio, MAX_PIXEL_RATIO),
      places: { physics: places[0], seen: places[1], dream: places[2], difference: places[3] },
    },
    left: left - stage.left,
    top: top - stage.top,
  };
}
