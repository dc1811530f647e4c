/**
 * The session as a strip: how far the dream was off at every moment, as a filled line, under marks for what happened.
 * Marks differ in shape as well as in colour: a thin line where a plan begins, a dot for a contact, a triangle for a
 * surprise, a square for an end, hollow where the goal was missed.
 */
import type { Moment, MomentEvent } from './history.ts';

/** Half the width of the slider's thumb, so that the strip's ends lie under its middle. */
const INSET = 8;
const MARKS_HEIGHT = 14;
/** Difference that fills the strip, unless a greater one has been seen. */
const FULL_SCALE = 0.05;

export interface StripColors {
  readonly accent: string;
  readonly line: string;
  readonly quiet: string;
  readonly good: string;
  readonly trouble: string;
}

/** Draws the moments over the whole canvas; `shown` is the place of the moment on the stage. */
export function drawStrip(
  canvas: HTMLCanvasElement,
  moments: readonly Moment[],
  shown: number,
  colors: StripColors,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = Math.min(2, window.devicePixelRatio);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  const x = (i: number): number => INSET + ((width - 2 * INSET) * i) / Math.max(1, moments.length - 1);
  const scale = moments.reduce((most, { difference = 0 }) => Math.max(most, difference), FULL_SCALE);
  const y = (difference = 0): number => height - (difference / scale) * (height - MARKS_HEIGHT - 2);

  context.beginPath();
  context.moveTo(x(0), height);
  for (const [i, { difference }] of moments.entries()) context.lineTo(x(i), y(difference));
  context.lineTo(x(moments.length - 1), height);
  context.globalAlpha = 0.35;
  context.fillStyle = colors.accent;
  context.fill();
  context.globalAlpha = 1;

  moments.forEach((moment, i) => {
    if (i > 0 && moment.task !== moments[i - 1]?.task) {
      context.fillStyle = colors.line;
      context.fillRect(x(i) - 1, 0, 2, height);
    }
    for (const event of moment.events) mark(context, event, x(i), height, colors);
  });
  context.fillStyle = colors.quiet;
  context.fillRect(x(shown) - 0.75, 0, 1.5, height);
}

function mark(
  context: CanvasRenderingContext2D,
  event: MomentEvent,
  x: number,
  height: number,
  colors: StripColors,
): void {
  const y = MARKS_HEIGHT / 2;
  context.beginPath();
  switch (event) {
    case 'plan':
      context.fillStyle = colors.line;
      context.fillRect(x - 0.5, MARKS_HEIGHT, 1, height - MARKS_HEIGHT);
      return;
    case 'contact':
      context.fillStyle = colors.quiet;
      context.arc(x, y, 2.5, 0, 2 * Math.PI);
      context.fill();
      return;
    case 'surprise':
      context.fillStyle = colors.accent;
      context.moveTo(x, y - 5);
      context.lineTo(x + 5, y + 4);
      context.lineTo(x - 5, y + 4);
      context.fill();
      return;
    case 'reached':
      context.fillStyle = colors.good;
      context.fillRect(x - 4, y - 4, 8, 8);
      return;
    case 'missed':
      context.strokeStyle = colors.trouble;
      context.lineWidth = 2;
      context.strokeRect(x - 3.5, y - 3.5, 7, 7);
  }
}
