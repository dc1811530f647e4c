/** The rows that put the model's parts beside the true world's: each is made of what it says it is made of. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorld } from '../../envs/registry.ts';
import { goalObjectives } from '../../models/latent/goalObjective.ts';
import { createCemSolver, defaultCemConfig } from '../../models/planning/cemSolver.ts';
import { SeenOracle } from '../../models/planning/seenOracle.ts';
import { type LoadedModel, loadModel } from '../../server/agent/loadedModel.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { noVariation } from '../../server/data/variationPlan.ts';
import {
  type DiagnosticParts,
  learnedStateController,
  oracleLatentController,
} from '../../server/evaluation/diagnosticControllers.ts';
import { drawTasks, evaluateRow } from '../../server/evaluation/evaluate.ts';
import { evaluateFully, type FullEvaluationRequest } from '../../server/evaluation/fullEvaluation.ts';
import { InlineExecutor } from '../../server/executor/inlineExecutor.ts';
import { RecordingFolder } from '../../server/recording/recordingFolder.ts';
import { ManualClock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';

test('the oracle with the agent’s eyes sees what the true world shows', async () => {
  const definition = await loadWorld('two-room');
  const [world, played] = [definition.create(), definition.create()];
  world.reset(3);
  played.reset(3);
  // The latent of a frame is the sum of its bytes, and how that changed since the frame before.
  const eyes = {
    latentSize: 2,
    encode: async (frames: readonly Uint8Array[]) => {
      const sums = frames.map((frame) => frame.reduce((sum, byte) => sum + byte, 0));
      const data = sums.flatMap((sum, t) => [sum, sum - (sums[t - 1] ?? sum)]);
      return { rows: frames.length, columns: 2, data: Float32Array.from(data) };
    },
  };
  const oracle = new SeenOracle(eyes, definition.create(), world.snapshot());
  const actions = Float32Array.of(1, 0, 0.5, -1, 0, 0, -1, -1); // two candidates of two steps
  const { latents } = await oracle.rollout(new Float32Array(2), actions, 2, 2);
  const expected: number[] = [];
  for (const candidate of [0, 1]) {
    played.restore(world.snapshot());
    const clip = [played.frame()];
    for (const t of [0, 1]) {
      const at = 4 * candidate + 2 * t;
      played.step([actions[at] as number, actions[at + 1] as number]);
      clip.push(played.frame());
    }
    expected.push(...(await eyes.encode(clip)).data.subarray(2)); // without the present
  }
  expect(Array.from(latents)).toEqual(expected);
});

describe('in two-room, with the shipped model', () => {
  let model: LoadedModel;
  let parts: DiagnosticParts;
  const clock = new ManualClock();
  beforeAll(async () => {
    const definition = await loadWorld('two-room');
    model = await loadModel(weightsDirectory('two-room'), (await loadWorld('two-room')).spec, 1);
    const solver = createCemSolver({ ...defaultCemConfig, candidates: 32, iterations: 3, elites: 6 });
    parts = { definition, dynamics: model.dynamics, objective: goalObjectives.sum, solver, seed: 1, clock };
  });
  afterAll(() => model.dispose());

  test('predictions judged by the state that is read from them solve tasks', async () => {
    const tasks = drawTasks(parts.definition.create(), 3, 1000);
    const { moderate } = await evaluateRow(parts.definition, tasks, await learnedStateController(parts));
    expect(moderate).toBeGreaterThan(0.5);
  });

  test('true futures judged by the latent come nearer to the goal', async () => {
    const solver = createCemSolver({ ...defaultCemConfig, candidates: 12, iterations: 2, elites: 3 });
    const world = parts.definition.create();
    const [task] = drawTasks(world, 1, 1000);
    const { start, goal } = task as NonNullable<typeof task>;
    const controller = oracleLatentController({ ...parts, solver });
    world.place(goal);
    await controller.begin({ task: task as NonNullable<typeof task>, goalFrame: world.frame() });
    world.place(start);
    const before = world.distance(world.state(), goal);
    for (let step = 0; step < 4; step++) world.step(await controller.act(world));
    expect(world.distance(world.state(), goal)).toBeLessThan(before);
  });

  test('cannot be recorded, and say so before anything is played', async () => {
    const folder = Object.create(RecordingFolder.prototype) as RecordingFolder;
    const common = {
      definition: parts.definition,
      source: 'two-room',
      seed: 1,
      executor: new InlineExecutor(),
      folder,
      clock,
    };
    const played: string[] = [];
    const request: FullEvaluationRequest = {
      common,
      rows: ['random', 'oracle-latent-cost'],
      episodes: 1,
      difficulty: 'default',
      vary: noVariation,
      generalisation: false,
      understanding: false,
      report: false,
      onPart: (name) => {
        played.push(name);
        return { update() {}, stop() {} };
      },
    };
    await expect(evaluateFully(request)).rejects.toThrow(UsageError);
    expect(played, 'nothing is played in vain').toEqual([]);
  });
});
