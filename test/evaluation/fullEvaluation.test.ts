/** An evaluation as a whole, on few tasks: what is measured, what is left out, and the page that shows it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { describeEvaluation } from '../../server/cli/commands/describeEvaluation.ts';
import { noVariation } from '../../server/data/variationPlan.ts';
import { rankCorrelation } from '../../server/evaluation/candidateCosts.ts';
import { failureFilms } from '../../server/evaluation/failureFilms.ts';
import { evaluateFully, type FullResult } from '../../server/evaluation/fullEvaluation.ts';
import { htmlReport } from '../../server/evaluation/report/htmlReport.ts';
import { InlineExecutor } from '../../server/executor/inlineExecutor.ts';
import { barChart, lineChart } from '../../server/report/chart.ts';
import { ManualClock } from '../../shared/clock.ts';
import { WeightsError } from '../../shared/errors.ts';

const EPISODES = 4;

describe('of two-room', () => {
  let result: FullResult;
  const parts: string[] = [];
  beforeAll(async () => {
    const definition = await loadWorld('two-room');
    const common = {
      definition,
      source: 'two-room',
      seed: 1000,
      executor: new InlineExecutor(),
      clock: new ManualClock(),
    };
    result = await evaluateFully({
      common: { ...common, planning: { objective: 'latent' } },
      rows: ['agent', 'random'],
      episodes: EPISODES,
      difficulty: 'all',
      vary: noVariation,
      generalisation: false,
      understanding: false,
      report: true,
      onPart: (name) => {
        parts.push(name);
        return { update: () => {}, stop: () => {} };
      },
    });
  });

  test('has its rows at every difficulty, each with intervals', () => {
    expect(Object.keys(result.difficulties ?? {})).toEqual(['easy', 'default', 'hard']);
    expect(result.difficulties?.default).toEqual(result.rows);
    for (const rows of Object.values(result.difficulties ?? {})) {
      expect(Object.keys(rows)).toEqual(['agent', 'random']);
      for (const { moderate, ci95, strict, strictCi95 } of Object.values(rows)) {
        expect(ci95[0]).toBeLessThanOrEqual(moderate + 1e-9);
        expect(strictCi95[1]).toBeGreaterThanOrEqual(strict - 1e-9);
        expect(strict).toBeLessThanOrEqual(moderate);
      }
    }
    expect(parts).toContain('agent, hard');
  });

  test('films as many failures as there are, at most five', () => {
    const failed = EPISODES * (1 - (result.rows.agent?.moderate ?? 0));
    expect(result.failures).toHaveLength(Math.min(5, Math.round(failed)));
  });

  test('compares candidates by the order that costs put them in', () => {
    const { points = [], rankCorrelation: mean = 0 } = result.candidateCosts ?? {};
    expect(points).toHaveLength(EPISODES * 24);
    expect(mean).toBeGreaterThan(0.2);
    expect(mean).toBeLessThanOrEqual(1);
  });

  test('is a table for a terminal and a page for a browser', () => {
    const text = describeEvaluation(result);
    for (const word of ['easy', 'hard', 'agent', 'random', 'rank correlation']) expect(text).toContain(word);
    const settings = { world: 'two-room', episodes: EPISODES, seed: 1000, difficulty: 'all', solver: 'cem' };
    const frame = new Uint8Array(64 * 64 * 3);
    const failure = { taskSeed: 7, remaining: 0.5, goal: frame, frames: [frame, frame] };
    const evaluation = { ...result, ...settings, objective: 'latent', agent: '<b>"mine"</b>', failures: [failure] };
    const page = htmlReport(evaluation);
    expect(page).toContain('Success by difficulty');
    expect(page).toContain('Candidate cost against true cost');
    expect(page.match(/<img /g)).toHaveLength(3); // the goal and two moments
    expect(page).not.toContain('What probes read'); // nobody measured it
    expect(page).not.toContain('<b>"mine"');
    expect(page).not.toMatch(/NaN|undefined|<script|https?:/);
    for (const tag of ['section', 'svg', 'table', 'figure'])
      expect(page.split(`<${tag}`).length, tag).toBe(page.split(`</${tag}>`).length);
  });
});

describe('films of failures', () => {
  test('keep the worst, and none of what was solved', async () => {
    const definition = await loadWorld('two-room');
    const world = definition.create();
    const films = failureFilms(definition, 2, 3);
    const played = [11, 12, 13, 14].map((seed) => {
      const task = world.task(seed);
      world.place(task.start);
      const film = films.watch(world, task);
      const action = [0, seed === 12 ? 1 : -1];
      for (let step = 0; step < 4; step++) film.step(action, world.step(action));
      if (seed === 14) {
        world.place(task.goal);
        film.step(action, { terminated: false, truncated: false });
      }
      const remaining = world.distance(world.state(), task.goal);
      film.end();
      return { seed, remaining };
    });
    const worst = films.worst();
    expect(worst).toHaveLength(2);
    expect(worst[0]?.remaining).toBeGreaterThanOrEqual(worst[1]?.remaining as number);
    expect(worst.map(({ taskSeed }) => taskSeed)).not.toContain(14);
    expect(played.at(-1)?.remaining).toBeLessThan(1);
    for (const { frames } of worst) expect(frames).toHaveLength(3);
  });
});

test('rank correlation is that of the order alone', () => {
  expect(rankCorrelation([1, 2, 3, 4], [10, 100, 1000, 10000])).toBeCloseTo(1, 10);
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 10);
  // By hand: ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
  expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 10);
});

describe('charts', () => {
  test('draw a line a series and a bar a value, and say what they show', () => {
    const lines = lineChart(
      [
        { name: 'a<b', values: [0.01, 0.1, 1] },
        { name: 'c', values: [1, 1, 1] },
      ],
      { x: 'steps', y: 'error' },
      true,
    );
    expect(lines.match(/class="line/g)).toHaveLength(2);
    expect(lines).toContain('<title>error against steps</title>');
    expect(lines).toContain('a&lt;b');
    const bars = barChart(
      [{ name: 'easy', bars: [{ value: 0.5, interval: [0.4, 0.6] }, { value: 1 }] }],
      ['agent', 'oracle'],
      { x: 'difficulty', y: 'success' },
    );
    expect(bars.match(/class="bar/g)).toHaveLength(2);
    expect(bars.match(/class="whisker/g)).toHaveLength(1);
  });
});

describe('of an agent that is not there', () => {
  test('is refused before its rows are played', async () => {
    const played: string[] = [];
    const refused = evaluateFully({
      common: {
        definition: await loadWorld('two-room'),
        source: 'two-room',
        agent: 'no/agent/here',
        seed: 3,
        executor: new InlineExecutor(),
        clock: new ManualClock(),
      },
      rows: ['random'],
      episodes: 1,
      difficulty: 'default',
      vary: noVariation,
      generalisation: false,
      understanding: true,
      report: false,
      onPart: (name) => {
        played.push(name);
        return { update: () => {}, stop: () => {} };
      },
    });
    await expect(refused).rejects.toThrow(WeightsError);
    expect(played).toEqual([]);
  });
});

describe('under a variation of its own', () => {
  test('each factor is varied beside it', async () => {
    const definition = await loadWorld('two-room');
    const result = await evaluateFully({
      common: {
        definition,
        source: 'two-room',
        seed: 3,
        executor: new InlineExecutor(),
        clock: new ManualClock(),
      },
      rows: ['scripted'],
      episodes: 12,
      difficulty: 'default',
      vary: { fixed: { ballSpeed: 3.5 }, drawn: [] },
      generalisation: true,
      understanding: false,
      report: false,
      onPart: () => ({ update: () => {}, stop: () => {} }),
    });
    const { none, ballColor, ballSpeed } = result.generalisation ?? {};
    expect(none).toEqual(result.rows);
    expect(ballColor?.scripted, 'a colour changes nothing for the script').toEqual(none?.scripted);
    expect(ballSpeed?.scripted, 'drawn, in place of the one that was given').not.toEqual(none?.scripted);
  });
});
