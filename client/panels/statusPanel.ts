/**
 * Puts the status line, the banner, the progress of the episode and the captions of the stage on the page.
 */
import { drivenWorld, driverBegins, driverDoes } from '../attend.ts';
import { element, setText } from '../element.ts';
import type { PageState } from '../pageState.ts';
import { replayCaption } from '../recordings/replayDream.ts';
import type { Store } from '../store.ts';
import { banner, outcomeLine, progressLine, type Remedy, statusLine } from './status.ts';

/** Keeps them up to date; `remedies` does what a banner offers. */
export function statusPanel(store: Store, remedies: Readonly<Record<Remedy, () => void>>): void {
  const status = element('status', HTMLElement);
  store
    .select((state) => state.link.status + state.phase)
    .subscribe(() => {
      const { text, tone } = statusLine(store.state);
      setText(status, text);
      status.dataset.tone = tone;
      document.body.dataset.tone = tone;
    });

  const box = element('banner', HTMLElement);
  const buttons = { retry: 'banner-retry', reload: 'banner-reload', dismiss: 'banner-dismiss' } as const;
  for (const name of ['retry', 'reload', 'dismiss'] as const)
    element(buttons[name], HTMLButtonElement).addEventListener('click', remedies[name]);
  store
    .select((state) => JSON.stringify(banner(state) ?? null))
    .subscribe(() => {
      const shown = banner(store.state);
      box.hidden = shown === undefined;
      setText(element('banner-title', HTMLElement), shown?.title ?? '');
      setText(element('banner-message', HTMLElement), shown?.message ?? '');
      for (const name of ['retry', 'reload', 'dismiss'] as const)
        element(buttons[name], HTMLButtonElement).hidden = shown?.remedies.includes(name) !== true;
    });

  const progress = element('progress', HTMLProgressElement);
  const line = element('progress-line', HTMLElement);
  store.select(progressLine).subscribe((text) => {
    const { envStep, episode, outcome } = store.state;
    setText(line, text);
    line.dataset.outcome = outcome === undefined ? 'open' : outcome.success ? 'reached' : 'missed';
    progress.max = episode?.budget ?? 1;
    progress.value = Math.min(envStep, progress.max);
  });
  store.select(outcomeLine).subscribe((text) => setText(element('outcome-said', HTMLElement), text));
  store.select(tallyLine).subscribe((text) => setText(element('tally', HTMLElement), text));
  store.select(dreamCaption).subscribe((text) => setText(element('dream-caption', HTMLElement), text));
  store.select(differenceCaption).subscribe((text) => setText(element('difference-mean', HTMLElement), text));
  store
    .select((state) => state.garbage)
    .subscribe((count) => {
      const line = element('garbage', HTMLElement);
      line.hidden = count === 0;
      setText(line, `${count} unreadable ${count === 1 ? 'message' : 'messages'} from the server left out`);
    });
}

function tallyLine({ tally }: PageState): string {
  return tally.ended === 0 ? '' : `${tally.reached} of ${tally.ended} goals reached`;
}

export function dreamCaption(state: PageState): string {
  const { plan, envStep, viewed, episode } = state;
  if (episode?.recording !== undefined) return replayCaption(state);
  if (viewed !== undefined) {
    const { planStep } = viewed;
    const ahead = planStep === undefined ? 0 : viewed.envStep - planStep;
    return ahead < 1 ? 'Painted from the imagined future of its plan.' : `Imagined ${steps(ahead)} before.`;
  }
  const driven = drivenWorld(state);
  if (driven === 'dream') return `${driverBegins(state, 'drive')} it; the truth stands still.`;
  if (driven === 'truth') return `Nothing is imagined while ${driverDoes(state, 'drive')}.`;
  const ahead = plan === undefined ? 0 : envStep - plan.envStep;
  if (plan === undefined || ahead < 1 || ahead > plan.horizon) return 'Painted from the imagined future of its plan.';
  return `Imagined ${steps(ahead)} ago, painted in ${plan.rendererSteps === 1 ? '1 pass' : `${plan.rendererSteps} passes`}.`;
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

export function differenceCaption(state: PageState): string {
  const { measured, envStep, viewed } = state;
  const last = measured.at(-1);
  const live = drivenWorld(state) === undefined && last?.envStep === envStep ? last.difference : undefined;
  const difference = viewed === undefined ? live : viewed.difference;
  return difference === undefined ? '–' : `${(difference * 100).toFixed(1)}%`;
}
