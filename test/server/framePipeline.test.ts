import fc from 'fast-check';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import {
  type FlowEvent,
  type FlowState,
  flow,
  flowOf,
  IN_FLIGHT_LIMIT,
  initialFlow,
  isFrames,
  type Outgoing,
  released,
  stalled,
} from '../../server/live/framePipeline.ts';
import type { ServerMessage } from '../../shared/protocol/control.ts';
import type { FrameMessage } from '../../shared/protocol/frames.ts';

const frames = (kind: FrameMessage['kind'], seq: number): FrameMessage => ({
  kind,
  seq,
  envStep: seq,
  simTimeMs: 0,
  streams: [],
});
const tick = (seq: number) => frames('tick', seq);
const plan = (seq: number) => frames('plan', seq);
const futures = (seq: number) => frames('futures', seq);
const phase: ServerMessage = { type: 'phase', phase: 'running' };
const episode: ServerMessage = {
  type: 'episode',
  serial: 1,
  settings: { world: 'line', seed: 0, rendererSteps: 1 },
  arena: { width: 1, height: 1 },
  background: '#000000',
  stepSeconds: 0.1,
  budget: 1,
  scene: [],
  goal: [],
  grips: [],
};

const offer = (item: Outgoing): FlowEvent => ({ type: 'offer', item });
const ack = (seq: number): FlowEvent => ({ type: 'ack', seq });

/** The last state, and everything that was let go on the way. */
function run(events: readonly FlowEvent[]): FlowState & { readonly sent: Outgoing[] } {
  const sent: Outgoing[] = [];
  let state = initialFlow;
  for (const event of events) {
    state = flow(state, event);
    sent.push(...state.released);
  }
  return { ...state, sent };
}

describe('flow', () => {
  test('lets ticks go while there is room, then keeps only the latest', () => {
    const { sent, inFlight, waiting, dropped } = run([1, 2, 3, 4, 5, 6].map((seq) => offer(tick(seq))));
    expect(sent).toEqual([tick(1), tick(2), tick(3)]);
    expect(inFlight).toEqual([1, 2, 3]);
    expect(waiting).toEqual(tick(6));
    expect(dropped).toBe(2);
  });

  test('an acknowledgement makes room, for all that came before it too', () => {
    const full = [1, 2, 3, 4].map((seq) => offer(tick(seq)));
    expect(run([...full, ack(1)]).inFlight).toEqual([2, 3, 4]);
    expect(run([...full, ack(3)])).toMatchObject({ inFlight: [4], waiting: undefined, dropped: 0 });
  });

  test('an acknowledgement of what was never sent or is long gone lets nothing go twice', () => {
    expect(run([offer(tick(5)), ack(2), ack(5), ack(5), ack(99)]).sent).toEqual([tick(5)]);
  });

  test('plans and control messages go at once, full or not', () => {
    const full = [1, 2, 3].map((seq) => offer(tick(seq)));
    const { sent, inFlight } = run([...full, offer(phase), offer(plan(4)), offer(plan(5))]);
    expect(sent.slice(3)).toEqual([phase, plan(4), plan(5)]);
    expect(inFlight).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    { name: 'plan', item: plan(5) },
    { name: 'episode', item: episode },
  ])('a tick from before a $name is not shown after it', ({ item }) => {
    const { sent, dropped } = run([1, 2, 3, 4].map((seq) => offer(tick(seq))).concat(offer(item), ack(9)));
    expect(sent).not.toContainEqual(tick(4));
    expect(dropped).toBe(1);
  });

  test('a tick waits through other control messages', () => {
    expect(run([...[1, 2, 3, 4].map((seq) => offer(tick(seq))), offer(phase), ack(1)]).sent.at(-1)).toEqual(tick(4));
  });

  test('several futures go only where a tick still finds room after them', () => {
    expect(run([offer(tick(1)), offer(futures(2))]).sent).toEqual([tick(1), futures(2)]);
    const { sent, inFlight } = run([1, 2].map((seq) => offer(tick(seq))).concat(offer(futures(3)), offer(tick(4))));
    expect(sent).toEqual([tick(1), tick(2), tick(4)]);
    expect(inFlight).toEqual([1, 2, 4]);
  });

  test('several futures that wait go when there is room, after the tick that waits', () => {
    const full = [1, 2, 3, 4].map((seq) => offer(tick(seq)));
    const waiting = [...full, offer(futures(5))];
    expect(run([...waiting, ack(1)]).sent.at(-1)).toEqual(tick(4));
    expect(run([...waiting, ack(1), ack(3)]).sent.slice(-2)).toEqual([tick(4), futures(5)]);
  });

  test.each([
    { name: 'plan', item: plan(5) },
    { name: 'episode', item: episode },
    { name: 'newer futures', item: futures(5) },
  ])('several futures from before a $name are dropped, and counted apart from ticks', ({ item }) => {
    const full = [1, 2, 3].map((seq) => offer(tick(seq)));
    const { sent, dropped, droppedFutures } = run([...full, offer(futures(4)), offer(item), ack(9)]);
    expect(sent).not.toContainEqual(futures(4));
    expect([dropped, droppedFutures]).toEqual([0, 1]);
  });

  test('whatever happens, no tick is sent beyond the limit, every tick is sent, waiting or counted, and order is kept', () => {
    const said = fc.constantFrom('tick', 'plan', 'futures', 'phase', 'episode');
    const kinds = fc.array(fc.oneof(said, fc.nat(60)), { maxLength: 60 });
    fc.assert(
      fc.property(kinds, (script) => {
        let state = initialFlow;
        const sent: FrameMessage[] = [];
        const offered = { tick: 0, plan: 0, futures: 0 };
        script.forEach((entry, seq) => {
          if (typeof entry === 'number') state = flow(state, ack(entry));
          else if (entry === 'phase') state = flow(state, offer(phase));
          else if (entry === 'episode') state = flow(state, offer(episode));
          else {
            offered[entry as keyof typeof offered]++;
            state = flow(state, offer(frames(entry as FrameMessage['kind'], seq)));
          }
          const freed = state.released.filter(isFrames);
          if (freed.some(({ kind }) => kind !== 'plan'))
            expect(state.inFlight.length).toBeLessThanOrEqual(IN_FLIGHT_LIMIT);
          sent.push(...freed);
        });
        const count = (wanted: FrameMessage['kind']) => sent.filter(({ kind }) => kind === wanted).length;
        expect(count('tick') + state.dropped + (state.waiting ? 1 : 0)).toBe(offered.tick);
        expect(count('futures') + state.droppedFutures + (state.futures ? 1 : 0)).toBe(offered.futures);
        expect(count('plan')).toBe(offered.plan);
        const steps = sent.filter(({ kind }) => kind !== 'futures').map(({ seq }) => seq);
        expect(steps).toEqual([...steps].sort((a, b) => a - b));
      }),
    );
  });
});

describe('streams', () => {
  const scheduler = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

  test('a page that draws every second tick is sent every second tick', () => {
    scheduler().run(({ hot, expectObservable }) => {
      const ticks = hot<Outgoing>(
        'abcdefgh',
        Object.fromEntries([...'abcdefgh'].map((name, i) => [name, tick(i + 1)])),
      );
      const acks = hot<number>('----x-y-z', { x: 1, y: 2, z: 3 });
      const seqs = flowOf(ticks, acks).pipe(
        released(),
        map((item) => (isFrames(item) ? item.seq : -1)),
      );
      expectObservable(seqs).toBe('abc-e-g-h', { a: 1, b: 2, c: 3, e: 5, g: 7, h: 8 });
    });
  });

  test('a viewer has stalled when its oldest message stays unacknowledged, and recovers with the acknowledgement', () => {
    scheduler().run(({ hot, expectObservable }) => {
      const full = { ...initialFlow, inFlight: [1, 2, 3] };
      const states = hot<FlowState>('e-f 199ms f 899ms e', { e: initialFlow, f: full });
      expectObservable(states.pipe(stalled(1000))).toBe('n 1001ms y 99ms n', { n: false, y: true });
    });
  });

  test('a slow viewer that keeps acknowledging has not stalled', () => {
    scheduler().run(({ hot, expectObservable }) => {
      const fullFrom = (first: number) => ({ ...initialFlow, inFlight: [first, first + 1, first + 2] });
      const states = hot<FlowState>('a 899ms b 899ms c', { a: fullFrom(1), b: fullFrom(2), c: fullFrom(3) });
      expectObservable(states.pipe(stalled(1000)), '^ 2700ms !').toBe('n', { n: false });
    });
  });
});
