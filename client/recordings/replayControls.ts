/**
 * What can be done with a recording that is replayed: a slider that goes to any of its steps, and its speed. The line
 * above the stage says whose recording it is; what a replay does not accept is neither offered nor named. While a step
 * is asked for and not yet there (`sought.ts`), the slider stays where the person has put it.
 */
import { fromEvent, map, throttleTime } from 'rxjs';
import { REPLAY_SPEEDS } from '../../shared/protocol/control.ts';
import type { Ask } from '../controls.ts';
import { element, setText } from '../element.ts';
import type { Store } from '../store.ts';
import { Sought } from './sought.ts';

/** Between two steps that are asked for while the slider is dragged. */
const SEEK_MS = 50;

/** Connects the slider and the speeds, for a page that replays a recording. */
export function replayControls(store: Store, ask: Ask): void {
  const slider = element('replay-position', HTMLInputElement);
  const speed = element('replay-speed', HTMLSelectElement);
  let wanted: Sought | undefined;

  const show = (): void => {
    const { episode, envStep } = store.state;
    const length = episode?.budget ?? 0;
    const step = wanted?.step ?? envStep;
    slider.max = String(Math.max(1, length));
    slider.value = String(step);
    slider.setAttribute('aria-valuetext', `step ${step} of ${length}`);
    setText(element('replay-position-shown', HTMLElement), `${step} of ${length}`);
  };
  fromEvent(slider, 'input')
    .pipe(
      map(() => slider.valueAsNumber),
      throttleTime(SEEK_MS, undefined, { leading: true, trailing: true }),
    )
    .subscribe((seek) => {
      wanted = new Sought(seek, store.state.envStep);
      show();
      ask({ type: 'replay', seek });
    });
  speed.addEventListener('change', () => {
    const chosen = REPLAY_SPEEDS.find((each) => String(each) === speed.value);
    if (chosen !== undefined) ask({ type: 'replay', speed: chosen });
  });
  store
    .select(({ envStep, heard, playing }) => `${envStep} ${heard} ${playing}`)
    .subscribe(() => {
      const { asked, heard, envStep, playing } = store.state;
      if (wanted?.reachedBy(envStep, playing) && heard >= asked) wanted = undefined;
      show();
    });
  store.select((state) => state.episode).subscribe(show);
  store
    .select((state) => state.notice)
    .subscribe(() => {
      wanted = undefined;
      show();
    });
  store
    .select((state) => state.replaySpeed)
    .subscribe((chosen) => {
      speed.value = String(chosen);
    });
  store
    .select(({ link, episode }) => link.status === 'open' && episode?.recording !== undefined)
    .subscribe((ready) => {
      if (!ready) wanted = undefined;
      for (const control of [slider, speed]) control.disabled = !ready;
    });
}
