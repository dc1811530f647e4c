/**
 * Painting over: a dialog with the frame of the moment, truth or dream, a brush, and what the agent's renderer fills in
 * beside it. The session goes on meanwhile; the frame is a copy, so that nothing that happens changes it. What goes
 * wrong is said in the dialog.
 */
import { type Frame, toRgb } from '../../shared/frame.ts';
import type { Guide, ServerMessageOf } from '../../shared/protocol/control.ts';
import { frameToText, maskToText } from '../../shared/protocol/pixels.ts';
import type { Ask } from '../controls.ts';
import { element, setText } from '../element.ts';
import type { Tick } from '../readFrames.ts';
import type { Store } from '../store.ts';
import { painted } from './brush.ts';
import { type Asked, describeFilled, sampleFigure } from './filledSamples.ts';
import { PaintCanvas } from './paintCanvas.ts';

export interface PaintDialog {
  /** A sample has come. */
  filled(message: ServerMessageOf<'filled'>): void;
  /** Says what went wrong where that concerns something that is being filled in; whether it was said. */
  failed(error: ServerMessageOf<'error'>): boolean;
}

/** For which the brush rests before what it has done is read out. */
const REST_MS = 400;

const OFFLINE = 'There is no connection; nothing can be filled in until it is back.';
const LOST = 'The connection was lost before it was filled in; try again.';

type Pictures = Readonly<Partial<Pick<Tick, 'truth' | 'dream'>>>;

/** Connects the button, its key and the dialog; `pictures` gives those on the stage. */
export function paintDialog(store: Store, ask: Ask, pictures: () => Pictures | undefined): PaintDialog {
  const dialog = element('paint', HTMLDialogElement);
  const open = element('paint-open', HTMLButtonElement);
  const fill = element('paint-fill', HTMLButtonElement);
  const size = element('paint-size', HTMLInputElement);
  const rub = element('paint-rub', HTMLInputElement);
  const samples = element('paint-samples', HTMLInputElement);
  const seed = element('paint-seed', HTMLInputElement);
  const which = element('paint-which', HTMLFieldSetElement);
  const results = element('paint-results', HTMLElement);
  let taken: Pictures = {};
  let frame: Frame = new Uint8Array();
  let asked: Asked | undefined;

  const surface = element('paint-surface', HTMLElement);
  const said = element('paint-said', HTMLElement);
  const say = (text: string): void => setText(said, text);
  const canvas = new PaintCanvas(
    surface,
    element('paint-canvas', HTMLCanvasElement),
    () => ({ size: size.valueAsNumber, rubs: rub.checked }),
    () => told(),
  );
  let rest: ReturnType<typeof setTimeout> | undefined;
  const told = (): void => {
    const count = painted(canvas.mask);
    const { x, y } = canvas.place;
    const line = `Brush at ${x}, ${y}. ${count} pixels painted over.`;
    setText(element('paint-count', HTMLElement), line);
    clearTimeout(rest);
    rest = setTimeout(() => setText(element('paint-counted', HTMLElement), line), REST_MS);
    which.disabled = asked !== undefined;
    fill.disabled = count === 0 || asked !== undefined || store.state.link.status !== 'open';
    setText(element('paint-size-shown', HTMLElement), `${size.value} px`);
    setText(element('paint-samples-shown', HTMLElement), samples.value);
  };
  const take = (name: keyof Pictures): void => {
    const picture = taken[name];
    if (picture === undefined) return;
    frame = toRgb(picture);
    results.replaceChildren();
    say('');
    canvas.begin(frame);
  };
  const begin = (): void => {
    if (open.disabled || dialog.open) return;
    taken = pictures() ?? {};
    const first = (['dream', 'truth'] as const).find((name) => taken[name] !== undefined);
    if (first === undefined) return;
    for (const radio of which.querySelectorAll('input')) {
      radio.disabled = taken[radio.value as keyof Pictures] === undefined;
      radio.checked = radio.value === first;
    }
    dialog.showModal();
    take(first);
    surface.focus();
  };
  const end = (): void => {
    asked = undefined;
    told();
  };

  open.addEventListener('click', begin);
  element('paint-close', HTMLButtonElement).addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', end);
  element('paint-clear', HTMLButtonElement).addEventListener('click', () => canvas.clear());
  which.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) take(target.value === 'truth' ? 'truth' : 'dream');
  });
  for (const input of [size, rub, samples]) input.addEventListener('input', () => canvas.draw());
  element('paint-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    if (fill.disabled) return;
    if (!seed.reportValidity()) return;
    const mask = canvas.mask.slice();
    asked = { request: store.state.asked + 1, frame, mask, seed: seed.valueAsNumber };
    results.replaceChildren();
    say('Filling in…');
    told();
    const guide: Guide = element('paint-whole', HTMLInputElement).checked ? 'whole' : 'visible';
    const what = { frame: frameToText(frame), hidden: maskToText(mask), guide };
    ask({ type: 'fill', ...what, seed: asked.seed, samples: samples.valueAsNumber });
  });
  store
    .select(({ link, episode }) => link.status === 'open' && episode !== undefined && episode.recording === undefined)
    .subscribe((ready) => {
      open.disabled = !ready;
      if (!ready) say(asked === undefined ? OFFLINE : LOST);
      else if (said.textContent === OFFLINE) say('');
      end();
    });

  return {
    filled(message) {
      if (asked === undefined || message.request !== asked.request) return;
      results.append(sampleFigure(asked, message));
      say(describeFilled(asked, message));
      results.scrollIntoView({ block: 'nearest' });
      if (message.sample + 1 === message.samples) end();
    },
    failed({ code, message }) {
      if (code !== 'fill' || asked === undefined) return false;
      say(message);
      end();
      return true;
    },
  };
}
