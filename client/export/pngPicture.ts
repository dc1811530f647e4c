/**
 * A panel as a picture that says by itself what it shows: title, key, drawing, what it says in words, and where it comes
 * from, in the page's colours and type at the time. Drawn at the resolution of the screen.
 */

/** A line of the key. */
export interface KeyEntry {
  readonly name: string;
  readonly color: string;
  readonly mark: 'line' | 'dot' | 'ring' | 'box' | 'hollow' | 'triangle';
  /** Of a line: the lengths of its dashes and of what is between them, if it has any. */
  readonly dash?: readonly number[] | undefined;
}

export interface Picture {
  readonly drawing: HTMLCanvasElement;
  readonly key: readonly KeyEntry[];
  /** What it says, in words. */
  readonly caption: string;
}

/** All lengths in CSS pixels. */
const MARGIN = 16;
const LINE = 18;
const TITLE = 24;
const SMALL = 12;
const LEAST_WIDTH = 320;
const MARK_WIDTH = 20;
const KEY_GAP = 14;

/** The picture with everything around it; `source` says where it comes from. */
export function framed({ drawing, key, caption }: Picture, title: string, source: string): HTMLCanvasElement {
  const ratio = window.devicePixelRatio;
  const styles = getComputedStyle(document.documentElement);
  const font = getComputedStyle(document.body).fontFamily;
  const color = (name: string): string => styles.getPropertyValue(name).trim();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) throw new TypeError('this browser gives no 2D canvas');
  const inner = Math.max(LEAST_WIDTH, drawing.width / ratio);
  const small = `${SMALL}px ${font}`;
  context.font = small;
  const lines = [caption, source].flatMap((text) => wrapped(context, text, inner));
  const places = keyPlaces(context, key, inner);
  const keyHeight = LINE * ((places.at(-1)?.line ?? -1) + 1);
  const height = TITLE + keyHeight + drawing.height / ratio + 8 + lines.length * LINE;
  canvas.width = Math.round((inner + 2 * MARGIN) * ratio);
  canvas.height = Math.round((height + 2 * MARGIN) * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = color('--raised');
  context.fillRect(0, 0, inner + 2 * MARGIN, height + 2 * MARGIN);
  context.textBaseline = 'top';
  context.fillStyle = color('--ink');
  context.font = `620 15px ${font}`;
  context.fillText(title, MARGIN, MARGIN);
  let y = MARGIN + TITLE;
  context.font = small;
  for (const { entry, x, line } of places) drawEntry(context, entry, MARGIN + x, y + line * LINE, color('--ink-quiet'));
  y += keyHeight;
  context.drawImage(drawing, MARGIN, y, drawing.width / ratio, drawing.height / ratio);
  y += drawing.height / ratio + 8;
  context.fillStyle = color('--ink-quiet');
  for (const line of lines) {
    context.fillText(line, MARGIN, y);
    y += LINE;
  }
  return canvas;
}

/**
 * The canvas as a PNG file.
 * @throws RangeError when the browser cannot encode it, as when it is empty.
 */
export async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new RangeError(`a picture of ${canvas.width}×${canvas.height} cannot be saved`);
  return blob;
}

/** An entry of the key, from the left and from the top. */
interface KeyPlace {
  readonly entry: KeyEntry;
  readonly x: number;
  readonly line: number;
}

/** The key in lines that fit. */
function keyPlaces(context: CanvasRenderingContext2D, key: readonly KeyEntry[], width: number): KeyPlace[] {
  let [x, line] = [0, 0];
  return key.map((entry) => {
    const wide = MARK_WIDTH + context.measureText(entry.name).width;
    if (x > 0 && x + wide > width) [x, line] = [0, line + 1];
    const place = { entry, x, line };
    x += wide + KEY_GAP;
    return place;
  });
}

function drawEntry(context: CanvasRenderingContext2D, entry: KeyEntry, x: number, y: number, ink: string): void {
  drawMark(context, entry, x, y + SMALL / 2);
  context.fillStyle = ink;
  context.fillText(entry.name, x + MARK_WIDTH, y);
}

function drawMark(context: CanvasRenderingContext2D, { mark, color, dash = [] }: KeyEntry, x: number, y: number): void {
  context.fillStyle = color;
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  if (mark === 'box') context.fillRect(x + 3, y - 5, 10, 10);
  else if (mark === 'hollow') context.strokeRect(x + 4, y - 4, 8, 8);
  else if (mark === 'triangle') {
    context.moveTo(x + 8, y - 5);
    context.lineTo(x + 13, y + 4);
    context.lineTo(x + 3, y + 4);
    context.fill();
  } else if (mark === 'dot' || mark === 'ring') {
    context.arc(x + 8, y, 4, 0, 2 * Math.PI);
    if (mark === 'dot') context.fill();
    else context.stroke();
  } else {
    context.setLineDash([...dash]);
    context.moveTo(x, y);
    context.lineTo(x + 15, y);
    context.stroke();
    context.setLineDash([]);
  }
}

/** The text in lines that fit, broken between words. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}
