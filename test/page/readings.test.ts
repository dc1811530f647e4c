/**
 * How what is read from latents lines up with the truth.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialPageState } from '../../client/pageState.ts';
import { lessonLine, readingLine } from '../../client/panels/readingPanel.ts';
import { type PlanReading, readingCourse, readingRows, wordsOf } from '../../client/session/readings.ts';
import { emptyRecord } from '../../client/session/sessionRecord.ts';

const quantities = [{ name: 'blockAngle', unit: 'rad', kind: 'angle' as const, r2: 0.9 }];

/** A plan at a step that reads 10 times its step, and foresees 100 times the step at its end. */
function plan(step: number, task = 1, horizon = 4): PlanReading {
  return { step, task, horizon, truth: [step], seen: [10 * step], foreseen: [100 * (step + horizon)] };
}

describe('a row of the table', () => {
  it('holds the latest plan, and what the plan before foresaw for its step', () => {
    const row = { name: 'block angle', unit: 'rad', r2: 0.9 };
    expect(readingRows(quantities, [])).toEqual([{ ...row, truth: undefined, seen: undefined, foreseen: undefined }]);
    expect(readingRows(quantities, [plan(0), plan(4)])).toEqual([{ ...row, truth: 4, seen: 40, foreseen: 400 }]);
  });

  it('compares nothing with what was foreseen for another step or another task', () => {
    for (const before of [plan(1), plan(0, 0)])
      expect(readingRows(quantities, [before, plan(4)])[0]?.foreseen).toBeUndefined();
  });
});

describe('the course of a quantity', () => {
  it('breaks between tasks, leaves out what never came, and ends with what is foreseen now', () => {
    const course = readingCourse([plan(0), plan(4), plan(6, 2)], 0);
    expect(course).toEqual([
      { step: 0, truth: 0, seen: 0, foreseen: null },
      { step: 4, truth: 4, seen: 40, foreseen: 400 },
      { step: 5, truth: null, seen: null, foreseen: null },
      { step: 6, truth: 6, seen: 60, foreseen: null },
      { step: 10, truth: null, seen: null, foreseen: 1000 },
    ]);
    expect(readingCourse([], 0)).toEqual([]);
  });

  it('never goes back, and holds every truth once, whatever the lengths of plans and tasks', () => {
    const lengths = fc.array(fc.record({ length: fc.integer({ min: 1, max: 9 }), ends: fc.boolean() }));
    fc.assert(
      fc.property(lengths, (plans) => {
        let [step, task] = [0, 1];
        const readings = plans.map(({ length, ends }) => {
          const reading = plan(step, task);
          step += length;
          if (ends) task++;
          return reading;
        });
        const course = readingCourse(readings, 0);
        const steps = course.map((point) => point.step);
        expect(steps).toEqual([...steps].sort((a, b) => a - b));
        expect(course.flatMap(({ truth }) => truth ?? [])).toEqual(readings.map(({ truth }) => truth[0]));
        for (const point of course.slice(0, -1))
          if (point.foreseen !== null) expect(point.foreseen).toBe(100 * point.step);
      }),
    );
  });
});

describe('words', () => {
  it('of a quantity are those of its name', () => {
    expect(['x', 'blockAngle', 'link1X', 'link12Y', 'cart'].map(wordsOf)).toEqual([
      'x',
      'block angle',
      'link 1 x',
      'link 12 y',
      'cart',
    ]);
  });

  it('say how far the learning is, from the asking to the reading', () => {
    const lesson = { type: 'lesson', done: 3, total: 32 } as const;
    const learned = { ...lesson, quantities };
    const notice = { code: 'reading', message: 'The world broke.' };
    const record = { ...emptyRecord, readings: [plan(8)] };
    const lines = [{}, { lesson }, { lesson: learned }, { lesson: learned, record }, { lesson, notice }];
    expect(lines.map((changes) => lessonLine({ ...initialPageState, ...changes }))).toEqual([
      'Learning to read the state: waiting for the agent.',
      'Learning to read the state from scripted episodes: 3 of 32.',
      'It has learned to read the state. The next plan will be read.',
      'It reads the state of every plan.',
      'It could not learn to read the state.',
    ]);
    expect(lines.map((changes) => readingLine({ ...initialPageState, ...changes }))).toEqual([
      '',
      '',
      '',
      'As the latest was made, at step 8 of the session:',
      '',
    ]);
  });
});
