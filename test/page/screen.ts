/** What can be seen of an element on the screen. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Locator } from 'playwright-core';

/** Colour `[r, g, b]` at a place of an element's picture on the screen, by shares of its width and height. */
export async function screen(element: Locator): Promise<(x: number, y: number) => number[]> {
  const image = await loadImage(await element.screenshot());
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return (x, y) => [
    ...context.getImageData(Math.floor(x * image.width), Math.floor(y * image.height), 1, 1).data.slice(0, 3),
  ];
}
