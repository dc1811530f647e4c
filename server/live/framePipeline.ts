/**
 * The way from a session to one viewer, with back-pressure by acknowledgement: a socket's own `bufferedAmount` stays 0
 * until megabytes are queued, so that only the page knows what it has drawn. At most `limit` frame messages are in
 * flight. A tick that finds no room waits in a slot that holds the latest one; the tick it replaces is dropped and
 * counted. Control messages and plans are never dropped, and nothing old is shown after them: a plan or an episode
 * empties the slot.
 *
 * Several futures of a plan are many frames that nobody waits for. They have a slot of their own, leave it only where a
 * tick still finds room after them, and are dropped, and counted apart, when they are replaced or a plan or an episode
 * has made them old.
 *
 * The rules are one pure function, `flow`; the operators below are thin shells around it.
 */
import {
  concatMap,
  distinctUntilChanged,
  map,
  merge,
  type Observable,
  type OperatorFunction,
  of,
  type SchedulerLike,
  scan,
  switchMap,
  timer,
} from 'rxjs';
import type { ServerMessage } from '../../shared/protocol/control.ts';
import type { FrameMessage } from '../../shared/protocol/frames.ts';

/** Anything that a session says: a control message or frames. */
export type Outgoing = ServerMessage | FrameMessage;

/** Frame messages that may be unacknowledged at once. */
export const IN_FLIGHT_LIMIT = 3;

export type FlowEvent =
  | { readonly type: 'offer'; readonly item: Outgoing }
  /** The page has drawn this frame message and all before it. */
  | { readonly type: 'ack'; readonly seq: number };

export interface FlowState {
  /** Sequence numbers of unacknowledged frame messages, oldest first. */
  readonly inFlight: readonly number[];
  /** The latest tick, while there is no room for it. */
  readonly waiting: FrameMessage | undefined;
  /** Ticks that will never be sent. */
  readonly dropped: number;
  /** The latest several futures, while there is no room for them. */
  readonly futures: FrameMessage | undefined;
  /** Several futures that will never be sent. */
  readonly droppedFutures: number;
  /** What the latest event lets go. */
  readonly released: readonly Outgoing[];
}

export const initialFlow: FlowState = {
  inFlight: [],
  waiting: undefined,
  dropped: 0,
  futures: undefined,
  droppedFutures: 0,
  released: [],
};

/** Whether an outgoing item carries frames. */
export function isFrames(item: Outgoing): item is FrameMessage {
  return 'streams' in item;
}

/** The state after an event, and in `released` what may be sent because of it. */
export function flow(state: FlowState, event: FlowEvent, limit = IN_FLIGHT_LIMIT): FlowState {
  if (event.type === 'ack') {
    const inFlight = state.inFlight.filter((seq) => seq > event.seq);
    const { waiting } = state;
    if (waiting === undefined || inFlight.length >= limit)
      return withFutures({ ...state, inFlight, released: [] }, limit);
    return withFutures(
      { ...state, inFlight: [...inFlight, waiting.seq], waiting: undefined, released: [waiting] },
      limit,
    );
  }
  const { item } = event;
  if (isFrames(item) && item.kind === 'futures') {
    const droppedFutures = state.droppedFutures + (state.futures ? 1 : 0);
    return withFutures({ ...state, futures: item, droppedFutures, released: [] }, limit);
  }
  if (isFrames(item) && item.kind === 'tick' && state.inFlight.length >= limit)
    return { ...state, waiting: item, dropped: state.dropped + (state.waiting ? 1 : 0), released: [] };
  const overtakes = isFrames(item) || item.type === 'episode';
  const outdates = overtakes && !(isFrames(item) && item.kind === 'tick');
  return {
    futures: outdates ? undefined : state.futures,
    droppedFutures: state.droppedFutures + (outdates && state.futures ? 1 : 0),
    inFlight: isFrames(item) ? [...state.inFlight, item.seq] : state.inFlight,
    waiting: overtakes ? undefined : state.waiting,
    dropped: state.dropped + (overtakes && state.waiting ? 1 : 0),
    released: [item],
  };
}

/** Lets futures that wait go too, where no tick waits and one still finds room after them. */
function withFutures(state: FlowState, limit: number): FlowState {
  const { futures, inFlight, waiting, released } = state;
  if (futures === undefined || waiting !== undefined || inFlight.length >= limit - 1) return state;
  return { ...state, futures: undefined, inFlight: [...inFlight, futures.seq], released: [...released, futures] };
}

/** The states of the flow of `items` under `acks`, one for each event. */
export function flowOf(
  items: Observable<Outgoing>,
  acks: Observable<number>,
  limit = IN_FLIGHT_LIMIT,
): Observable<FlowState> {
  const events = merge(
    acks.pipe(map((seq): FlowEvent => ({ type: 'ack', seq }))),
    items.pipe(map((item): FlowEvent => ({ type: 'offer', item }))),
  );
  return events.pipe(scan((state, event) => flow(state, event, limit), initialFlow));
}

/** What the flow lets go, in order. */
export function released(): OperatorFunction<FlowState, Outgoing> {
  return concatMap((state) => state.released);
}

/**
 * Whether the viewer has stalled: no room, and the oldest message unacknowledged for `patienceMs`. A page in a hidden
 * tab draws nothing and so stalls; its session then stands still until the page looks again.
 */
export function stalled(
  patienceMs: number,
  scheduler?: SchedulerLike,
  limit = IN_FLIGHT_LIMIT,
): OperatorFunction<FlowState, boolean> {
  return (states) =>
    states.pipe(
      map(({ inFlight }) => (inFlight.length >= limit ? inFlight[0] : undefined)),
      distinctUntilChanged(),
      switchMap((oldest) =>
        oldest === undefined ? of(false) : merge(of(false), timer(patienceMs, scheduler).pipe(map(() => true))),
      ),
      distinctUntilChanged(),
    );
}
