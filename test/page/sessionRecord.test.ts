/**
 * What the page keeps of a whole session, and the figures that it makes of it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCostData } from '../../client/panels/planCostPanel.ts';
import { surpriseData } from '../../client/panels/surprisePanel.ts';
import { CAPACITY, collect, horizonRows, horizonVerdict, noErrors } from '../../client/session/horizonErrors.ts';
import { quartilesOf } from '../../client/session/quartiles.ts';
import { emptyRecord, PLANS, recordPlan, recordStep, recordTask, STEPS } from '../../client/session/sessionRecord.ts';
import { SURPRISE_RATIO } from '../../client/timeline/events.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const errors = fc.record({
  ahead: fc.integer({ min: 1, max: 12 }),
  dream: share,
  still: fc.option(share, { nil: undefined }),
});

describe('quartilesOf', () => {
  it('interpolates as NumPy does', () => {
    expect(quartilesOf([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
    expect(quartilesOf([5])).toEqual({ low: 5, median: 5, high: 5 });
    expect(quartilesOf([])).toBeUndefined();
  });

  it('lies in order within the sample, whatever order the sample is in', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1 }), (values) => {
        const { low = Number.NaN, median = Number.NaN, high = Number.NaN } = quartilesOf(values) ?? {};
        expect(Math.min(...values)).toBeLessThanOrEqual(low);
        expect(low).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(Math.max(...values));
        expect(quartilesOf([...values].reverse())).toEqual({ low, median, high });
        expect(values.filter((value) => value <= median).length).toBeGreaterThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('errors by steps ahead', () => {
  it('come out under the k that they went in with, whatever came between', () => {
    fc.assert(
      fc.property(fc.array(errors), (all) => {
        const rows = horizonRows(all.reduce(collect, noErrors));
        expect(rows.map(({ ahead }) => ahead)).toEqual(rows.map((_, i) => i + 1));
        expect(rows.length).toBe(Math.max(0, ...all.map(({ ahead }) => ahead)));
        for (const { ahead, dream, still, dreams } of rows) {
          const same = all.filter((error) => error.ahead === ahead);
          expect(dreams).toBe(same.length);
          expect(dream).toEqual(quartilesOf(same.map((error) => error.dream)));
          expect(still).toEqual(quartilesOf(same.flatMap((error) => error.still ?? [])));
        }
      }),
    );
  });

  it('are kept up to a bound, the latest of them', () => {
    let kept = noErrors;
    for (let i = 0; i < CAPACITY + 5; i++) kept = collect(kept, { ahead: 2, dream: i, still: undefined });
    expect(kept.dream[1]?.length).toBe(CAPACITY);
    expect(kept.dream[1]?.[0]).toBe(5);
    expect(kept.dream[0]).toEqual([]);
  });

  it('say in words whether the dream beats a still picture', () => {
    expect(horizonVerdict([])).toBe('No dream has been compared with the truth.');
    const rows = (dream: number, still: number) => horizonRows(collect(noErrors, { ahead: 1, dream, still }));
    expect(horizonVerdict(rows(0.02, 0.1))).toMatch(/^1 step ahead .* 2\.0%, .* 10\.0%: the dream is better\.$/);
    expect(horizonVerdict(rows(0.2, 0.1))).toMatch(/the still picture is better\.$/);
    expect(horizonVerdict(rows(0.1, 0.1))).toMatch(/as much as a still picture\.$/);
    const alone = collect(noErrors, { ahead: 3, dream: 0.02, still: undefined });
    expect(horizonVerdict(horizonRows(alone))).toMatch(
      /^3 steps ahead the dream is off by 2\.0%; no still picture has been seen/,
    );
    const beside = collect(alone, { ahead: 1, dream: 0.01, still: 0.05 });
    expect(horizonVerdict(horizonRows(beside))).toMatch(/^1 step ahead .* the dream is better\.$/);
  });
});

describe('the record of a session', () => {
  const calm = { still: undefined, ratio: undefined, surprised: false };
  const step = (envStep: number, difference?: number) => ({ ...calm, envStep, ahead: envStep, difference });

  it('counts each step once, on through the tasks', () => {
    const first = [step(0), step(1, 0.1), step(3, 0.3), step(3, 0.9), step(2, 0.9)].reduce(recordStep, emptyRecord);
    expect(first).toMatchObject({ offset: 0, latest: 3, horizon: { dream: [[0.1], [], [0.3]] } });
    const second = [step(0), step(1, 0.2)].reduce(recordStep, recordTask(first));
    expect(second).toMatchObject({ offset: 3, latest: 4, horizon: { dream: [[0.1, 0.2], [], [0.3]] } });
  });

  it('keeps what plans cost in the end, each once, up to a bound', () => {
    const plan = (envStep: number, ...costs: number[]) => ({
      envStep,
      horizon: 4,
      costs: costs.map((best) => ({ best, mean: 9 })),
    });
    const first = [plan(0, 5, 3), plan(4, 2), plan(4, 1), plan(8)].reduce(recordPlan, recordTask(emptyRecord));
    expect(first.plans).toEqual([
      { task: 1, step: 0, best: 3 },
      { task: 1, step: 4, best: 1 },
    ]);
    const second = recordPlan(recordTask(recordStep(first, step(6))), plan(0, 7));
    expect(second.plans.at(-1)).toEqual({ task: 2, step: 6, best: 7 });
    expect(planCostData(second.plans)).toEqual([
      [0, 4, 5, 6],
      [3, 1, null, 7],
    ]);
    const many = Array.from({ length: PLANS + 3 }, (_, i) => plan(i, i)).reduce(recordPlan, emptyRecord);
    expect([many.plans.length, many.plans[0]?.best]).toEqual([PLANS, 3]);
  });

  it('keeps what was read from each plan, where anything was', () => {
    const reading = { truth: [1], seen: [2], foreseen: [3] };
    const plan = (envStep: number, read: boolean) => ({
      ...{ envStep, horizon: 4, costs: [] },
      ...(read && { reading }),
    });
    const { readings, plans } = [plan(0, false), plan(4, true), plan(4, true)].reduce(recordPlan, emptyRecord);
    expect(readings).toEqual([{ ...reading, step: 4, task: 0, horizon: 4 }]);
    expect(plans).toEqual([]);
  });

  it('keeps how unexpected the latest steps were, and charts no ratio that is infinite', () => {
    const steps = [0.5, 4, Number.POSITIVE_INFINITY].map((ratio, i) => ({
      ...step(i),
      ratio,
      surprised: ratio > 3,
    }));
    const { surprise } = steps.reduce(recordStep, emptyRecord);
    expect(surpriseData(surprise)).toEqual([
      [0, 1, 2],
      [0.5, 4, null],
      [SURPRISE_RATIO, SURPRISE_RATIO, SURPRISE_RATIO],
      [null, 4, null],
    ]);
    const many = Array.from({ length: STEPS + 2 }, (_, i) => step(i)).reduce(recordStep, emptyRecord);
    expect([many.surprise.length, many.surprise[0]?.step]).toEqual([STEPS, 2]);
  });

  it('has nothing of a moment that nobody foresaw', () => {
    const moments = [
      { ...calm, envStep: 1, ahead: undefined, difference: 0.5 },
      { ...calm, envStep: 2, ahead: 2, difference: undefined },
    ];
    expect(moments.reduce(recordStep, emptyRecord).horizon).toEqual(noErrors);
  });
});
