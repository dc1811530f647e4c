/**
 * What a new training is asked with: one of the session's worlds, the world of the session to begin with, minutes and a
 * seed. What a server would refuse at once is said beside the form instead.
 */
import { MOST_MINUTES, type TrainingRequest, trainingRequestSchema } from '../../shared/protocol/trainings.ts';
import { element } from '../element.ts';
import type { Store } from '../store.ts';

export interface TrainingFormActs {
  /** Begins the training; the form waits for it. */
  readonly train: (request: TrainingRequest) => Promise<void>;
  /** Says what is wrong with what was typed. */
  readonly refuse: (message: string) => void;
}

const WRONG: Readonly<Record<keyof TrainingRequest, string>> = {
  world: 'Choose a world to train in.',
  minutes: `A training takes more than 0 minutes and at most ${MOST_MINUTES}; change the minutes.`,
  seed: 'A training seed is a whole number from 0 to 4294967295; change the seed.',
};

/** Connects the form. */
export function trainingForm(store: Store, { train, refuse }: TrainingFormActs): void {
  const world = element('training-world', HTMLSelectElement);
  const minutes = element('training-minutes', HTMLInputElement);
  const seed = element('training-seed', HTMLInputElement);
  const start = element('training-start', HTMLButtonElement);
  const inputs = { world, minutes, seed };
  store
    .select((state) => state.worlds)
    .subscribe((worlds) => {
      const chosen = world.value || store.state.settings?.world;
      world.replaceChildren(...worlds.map(({ id, title }) => new Option(title, id)));
      if (worlds.some(({ id }) => id === chosen)) world.value = chosen ?? '';
      start.disabled = worlds.length === 0;
    });
  element('training-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    if (start.disabled || start.ariaBusy === 'true') return;
    const { data, error } = trainingRequestSchema.safeParse({
      world: world.value,
      minutes: minutes.valueAsNumber,
      seed: seed.valueAsNumber,
    });
    for (const input of Object.values(inputs)) input.ariaInvalid = null;
    if (data === undefined) {
      const wrong = keyOf(error.issues[0]?.path[0]);
      inputs[wrong].ariaInvalid = 'true';
      inputs[wrong].focus();
      refuse(WRONG[wrong]);
      return;
    }
    start.ariaBusy = 'true';
    void train(data).finally(() => {
      start.ariaBusy = 'false';
    });
  });
}

function keyOf(path: PropertyKey | undefined): keyof TrainingRequest {
  return path === 'minutes' || path === 'seed' ? path : 'world';
}
