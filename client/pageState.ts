/**
 * All that the page knows, apart from pixels, and how each event changes it. `reduce` is a pure function of state and
 * event; panels draw the state and hold none of their own. Pictures stay outside, because they change many times a
 * second and only the stage needs them: of each, the state keeps the mean difference between truth and dream.
 */
import type {
  ClientMessage,
  DrivenWorld,
  ReplaySpeed,
  ServerMessage,
  ServerMessageOf,
  SessionPhase,
  Settings,
  WorldSummary,
} from '../shared/protocol/control.ts';
import { attend, endAuto } from './attend.ts';
import { type Budget, defaultBudget } from './budget.ts';
import type { Link } from './connection.ts';
import { afterChoice, lasting, type Notice } from './notice.ts';
import {
  emptyRecord,
  recordPlan,
  recordStep,
  recordTask,
  type SessionRecord,
  type StepMeasured,
} from './session/sessionRecord.ts';
import { showStep } from './shownSteps.ts';

/** The mean difference of truth and dream at one step, from 0 (the same) to 1 (black against white). */
export interface Measured {
  readonly envStep: number;
  readonly difference: number;
}

/** A moment of the past on the stage. */
export interface Viewed extends Pick<Measured, 'envStep'> {
  readonly difference: number | undefined;
  /** Step at which its plan was made. */
  readonly planStep: number | undefined;
}

export interface PageState {
  readonly link: Link;
  readonly session: string | undefined;
  /** Number of this viewer in the session. */
  readonly viewer: number | undefined;
  /** Who watches, and who of them has the controls. */
  readonly audience: Omit<ServerMessageOf<'audience'>, 'type'>;
  readonly worlds: readonly WorldSummary[];
  readonly settings: Settings | undefined;
  /**
   * Number of the latest request, and of the latest that the server has heard. While they differ, what the server says
   * of settings and transport is older than what the person chose, and the choice stands.
   */
  readonly asked: number;
  readonly heard: number;
  readonly phase: SessionPhase;
  /** Whether the session runs or will run once it has loaded. */
  readonly playing: boolean;
  /** What a person has the controls of, if anything. */
  readonly driving: DrivenWorld | undefined;
  readonly episode: ServerMessageOf<'episode'> | undefined;
  readonly envStep: number;
  readonly plan: ServerMessageOf<'plan'> | undefined;
  /** How far the agent has learned to read the state, if it was asked to. */
  readonly lesson: ServerMessageOf<'lesson'> | undefined;
  readonly stats: ServerMessageOf<'stats'> | undefined;
  readonly outcome: ServerMessageOf<'outcome'> | undefined;
  /** Tasks ended in this world since the page was opened. */
  readonly tally: { readonly reached: number; readonly ended: number };
  readonly notice: Notice | undefined;
  /** Whether tasks are recorded; unknown where the server keeps no recordings. */
  readonly recording: Pick<ServerMessageOf<'recording'>, 'on' | 'always'> | undefined;
  /** How fast a recording is replayed. */
  readonly replaySpeed: ReplaySpeed;
  /** What is known of the dream beside a replay. */
  readonly replayDream: ServerMessageOf<'replay'>['dream'];
  /** Whether the session that was left for a recording is known to have ended. */
  readonly leftEnded: boolean;
  /** By step of the current episode, and of the one before. */
  readonly measured: readonly Measured[];
  readonly measuredBefore: readonly Measured[];
  /** Of all tasks in this world since the page was opened. */
  readonly record: SessionRecord;
  readonly budget: Budget;
  /** How many times auto mode has been chosen, also where it was on already. */
  readonly autoChosen: number;
  /** Milliseconds of the latest drawing, smoothed. */
  readonly drawMs: number | undefined;
  /** Where the page looks back to, unless it shows what happens now. */
  readonly viewed: Viewed | undefined;
  /** Messages thrown away because they failed their check. */
  readonly garbage: number;
}

/** What a person may ask of the session: any request, before it is numbered. */
export type Choice = Unnumbered<Extract<ClientMessage, { readonly request: number }>>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'request'> : never;

export type PageEvent =
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'message'; readonly message: ServerMessage }
  | { readonly type: 'garbage'; readonly reason: string }
  /** A person's choice has been sent. */
  | { readonly type: 'asked'; readonly request: number; readonly choice: Choice }
  /** The pictures of a step are on the screen; no difference where there is no dream to compare. */
  | { readonly type: 'shown'; readonly envStep: number; readonly difference: number | undefined }
  /** A step of the truth has arrived, shown or not. */
  | { readonly type: 'stepped'; readonly measured: StepMeasured }
  | { readonly type: 'viewed'; readonly viewed: Viewed | undefined }
  | { readonly type: 'budgeted'; readonly budget: Partial<Budget> }
  | { readonly type: 'drawn'; readonly drawMs: number }
  | { readonly type: 'notice'; readonly notice: Notice | undefined };

export const initialPageState: PageState = {
  link: { status: 'connecting' },
  session: undefined,
  viewer: undefined,
  audience: { viewers: 0 },
  worlds: [],
  settings: undefined,
  asked: 0,
  heard: 0,
  phase: 'loading',
  playing: true,
  driving: undefined,
  episode: undefined,
  envStep: 0,
  plan: undefined,
  lesson: undefined,
  stats: undefined,
  outcome: undefined,
  tally: { reached: 0, ended: 0 },
  notice: undefined,
  recording: undefined,
  replaySpeed: 1,
  replayDream: undefined,
  leftEnded: false,
  measured: [],
  measuredBefore: [],
  record: emptyRecord,
  budget: defaultBudget,
  autoChosen: 0,
  drawMs: undefined,
  viewed: undefined,
  garbage: 0,
};

/** The state after the event. */
export function reduce(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case 'link':
      return { ...state, link: event.link };
    case 'message':
      return receive(state, event.message);
    case 'garbage':
      return { ...state, garbage: state.garbage + 1 };
    case 'asked':
      return { ...choose(state, event.choice), asked: event.request };
    case 'shown':
      return showStep(state, event.envStep, event.difference);
    case 'stepped':
      return { ...state, record: recordStep(state.record, event.measured) };
    case 'viewed':
      return { ...state, viewed: event.viewed };
    case 'budgeted':
      return {
        ...state,
        budget: { ...state.budget, ...event.budget },
        autoChosen: state.autoChosen + (event.budget.auto === true ? 1 : 0),
      };
    case 'drawn':
      return { ...state, drawMs: smooth(state.drawMs, event.drawMs) };
    case 'notice':
      return { ...state, notice: event.notice };
  }
}

/** Shows a choice at once, before the server has heard of it. */
function choose(state: PageState, choice: Choice): PageState {
  if (choice.type === 'transport') {
    const { command } = choice;
    return command === 'play' || command === 'pause' ? { ...state, playing: command === 'play' } : state;
  }
  const notice = afterChoice(state.notice, choice);
  if (choice.type === 'drive') return { ...state, driving: choice.direction === null ? undefined : choice.world };
  if (choice.type !== 'configure') return { ...state, notice };
  const settings = state.settings === undefined ? undefined : { ...state.settings, ...choice.settings };
  return { ...state, settings, notice };
}

function receive(state: PageState, message: ServerMessage): PageState {
  switch (message.type) {
    case 'welcome':
      return {
        ...state,
        session: message.session,
        viewer: message.viewer,
        worlds: message.worlds,
        settings: message.settings,
        audience: initialPageState.audience,
        heard: state.asked,
        driving: undefined,
        recording: undefined,
        notice: message.session === state.session ? state.notice : lasting(state.notice),
      };
    case 'heard': {
      const heard = { ...state, heard: message.request };
      return current(heard) ? endAuto({ ...heard, settings: message.settings, playing: message.playing }) : heard;
    }
    case 'settings':
      return current(state) ? { ...state, settings: message.settings } : state;
    case 'audience':
      return attend(state, message, current(state));
    case 'episode':
      return begin(state, message);
    case 'plan':
      return { ...state, plan: message, record: recordPlan(state.record, message) };
    case 'recording':
      return { ...state, recording: { on: message.on, always: message.always } };
    case 'filled':
      return state;
    case 'replay':
      return { ...state, replaySpeed: message.speed, replayDream: message.dream };
    case 'leftEnded':
      return { ...state, leftEnded: true };
    case 'lesson':
      return { ...state, lesson: message };
    case 'stats':
      return { ...enter(state, message.phase), stats: message };
    case 'phase':
      return enter(state, message.phase);
    case 'outcome': {
      // What is replayed has been counted when it happened.
      const counts = state.episode?.recording === undefined ? 1 : 0;
      const { reached, ended } = state.tally;
      const tally = { reached: reached + (message.success ? counts : 0), ended: ended + counts };
      return { ...state, outcome: message, tally };
    }
    case 'error':
      return {
        ...state,
        driving: message.code === 'hands-taken' ? undefined : state.driving,
        notice: { code: message.code, message: message.message },
      };
  }
}

/** Whether the server has heard all that was asked, so that its word is the latest. */
function current({ asked, heard }: PageState): boolean {
  return heard >= asked;
}

/** The same task again is an episode taken up after a lost connection: what is known of it stays. */
function begin(state: PageState, episode: ServerMessageOf<'episode'>): PageState {
  const { settings, serial } = episode;
  const known = state.episode?.settings;
  const begun = { ...state, settings: current(state) ? settings : state.settings, episode };
  const again = settings.world === known?.world && settings.seed === known.seed && serial === state.episode?.serial;
  if (again) return begun;
  return {
    ...begun,
    envStep: 0,
    plan: undefined,
    outcome: undefined,
    tally: settings.world === known?.world ? state.tally : initialPageState.tally,
    lesson: settings.world === known?.world ? state.lesson : undefined,
    record: settings.world === known?.world ? recordTask(state.record) : recordTask(emptyRecord),
    measured: [],
    measuredBefore: state.measured.length > 0 ? state.measured : state.measuredBefore,
  };
}

/** A session that works again has nothing left to complain of; its browser may have. */
function enter(state: PageState, phase: SessionPhase): PageState {
  const recovered = state.phase === 'failed' && phase !== 'failed';
  const told = current(state) && (phase === 'running' || phase === 'paused');
  const playing = told ? phase === 'running' : state.playing;
  return { ...state, phase, playing, notice: recovered ? lasting(state.notice) : state.notice };
}

function smooth(before: number | undefined, value: number): number {
  return before === undefined ? value : before + 0.1 * (value - before);
}
