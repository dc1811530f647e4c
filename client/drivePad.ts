/**
 * The world's controls as buttons on the page: what each direction does, with its keys, held by finger, mouse or, where
 * one has the focus, by Space. Several may be held at once, and each is let go by whatever pressed it. The list of keys
 * in the footer is written from the same map.
 */
import type { DirectionName } from '../shared/controls.ts';
import { type DriveKey, driveKeys } from './driveKeys.ts';
import { element, setText } from './element.ts';
import type { Store } from './store.ts';

/** Told that a direction is pressed, or let go. */
export type PadListener = (name: DirectionName, pressed: boolean) => void;

export interface DrivePad {
  /** Lights up the directions that are held, by whatever holds them. */
  show(held: ReadonlySet<DirectionName>): void;
}

/** Keeps the pad, the footer's keys and what is said of rest in step with the world. */
export function drivePad(store: Store, press: PadListener): DrivePad {
  const pad = element('drive-pad', HTMLElement);
  store
    .select((state) => JSON.stringify(state.episode?.controls ?? {}))
    .subscribe(() => {
      const controls = store.state.episode?.controls;
      const keys = driveKeys(controls);
      pad.replaceChildren(...keys.map((key) => padButton(key, press)));
      element('drive-keys', HTMLElement).replaceChildren(...keys.flatMap((key) => [...written(key), ' ']));
      setText(
        element('drive-rest', HTMLElement),
        controls?.rest === undefined ? '' : ` Nothing pressed: ${controls.rest}.`,
      );
    });
  return {
    show(held) {
      for (const button of pad.querySelectorAll('button'))
        button.dataset.lit = String([...held].some((name) => name === button.dataset.direction));
    },
  };
}

function padButton(key: DriveKey, press: PadListener): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.direction = key.name;
  button.append(...written(key));
  const hold = (held: boolean): void => {
    if (held === (button.dataset.held === 'true')) return;
    button.dataset.held = String(held);
    press(key.name, held);
  };
  button.addEventListener('pointerdown', ({ pointerId }) => {
    button.setPointerCapture(pointerId);
    hold(true);
  });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const)
    button.addEventListener(type, () => hold(false));
  button.addEventListener('keydown', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    hold(true);
  });
  button.addEventListener('keyup', (event) => {
    if (event.key === ' ' || event.key === 'Enter') hold(false);
  });
  // A long press is not for the browser's menu.
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  return button;
}

/** `W ↑ engine`. */
function written({ keys, label }: DriveKey): Node[] {
  const caps = keys.map((key) => {
    const cap = document.createElement('kbd');
    cap.textContent = key;
    return cap;
  });
  return [...caps.flatMap((cap) => [cap, document.createTextNode(' ')]), document.createTextNode(label)];
}
