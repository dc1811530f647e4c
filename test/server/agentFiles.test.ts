/**
 * An agent's directory: what is written is read back, and what does not fit is refused by name before anything runs.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encoderSpecs, poseSizeOf } from '../../models/latent/keypointEncoder.ts';
import { type LatentModelConfig, latentModelConfig } from '../../models/latent/latentLoss.ts';
import { latentSizeOf } from '../../models/latent/motion.ts';
import { predictorSpecs } from '../../models/latent/predictor.ts';
import { defaultTemporalDistanceConfig, temporalDistanceSpecs } from '../../models/latent/temporalDistance.ts';
import { defaultThingDistanceConfig, THING_MASK, thingDistanceSpecs } from '../../models/latent/thingDistance.ts';
import { packBackdrop } from '../../models/pictures/backdrop.ts';
import { initialise } from '../../models/tensor/parameters.ts';
import { float32, type HostTensors } from '../../models/tensor/program.ts';
import { encodeSafetensors } from '../../models/tensor/safetensors.ts';
import type { AgentCard } from '../../server/agent/agentCard.ts';
import { readAgentFiles, writeAgentFiles } from '../../server/agent/agentFiles.ts';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import { WeightsError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { runCommand } from '../runCommand.ts';

const config = latentModelConfig({ kind: 'box', low: [-1, -1], high: [1, 1] });
const size = poseSizeOf(config.encoder);

const card: AgentCard = {
  cardVersion: 1,
  world: { id: 'two-room', version: 1 },
  supervision: 'frames and actions',
  recipe: { command: 'none', seed: 0, minutes: 0 },
  data: { episodes: 0, encodedEpisodes: 0, stepsPerEpisode: 0, behaviour: 'none' },
  latent: config,
  metrics: {},
  software: {},
  commit: 'unknown',
};

/** An agent that has learned nothing. */
function untrained(): HostTensors {
  const specs = {
    ...encoderSpecs(config.encoder),
    ...predictorSpecs(config.predictor, config, 2),
    ...temporalDistanceSpecs(defaultTemporalDistanceConfig, latentSizeOf(config)),
  };
  return {
    ...initialise(specs, new Random(1)),
    mean: float32(0, [size]),
    variance: float32(1, [size]),
    backdrop: packBackdrop(new Uint8Array(FRAME_BYTES).fill(255)),
  };
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reverie-agent-'));
  await writeAgentFiles(directory, { card, latent: { config, tensors: untrained() }, renderer: undefined });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** The message with which the directory is refused. */
async function refusal(): Promise<string> {
  const error = await readAgentFiles(directory).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WeightsError);
  return (error as WeightsError).message;
}

const latentFile = (): string => join(directory, 'latent.safetensors');

describe("an agent's directory", () => {
  test('is read back as it was written', async () => {
    const files = await readAgentFiles(directory);
    expect(files.card).toEqual(card);
    expect(files.latent.tensors).toEqual(untrained());
  });

  test('may tell things from its body, and then must say which numbers they are', async () => {
    const divided: LatentModelConfig = { ...config, things: { heads: 2 } };
    const specs = thingDistanceSpecs({ heads: 2, hidden: defaultThingDistanceConfig.hidden }, latentSizeOf(config));
    const heads = { ...untrained(), ...initialise(specs, new Random(2)) };
    const tensors = { ...heads, [THING_MASK]: float32(1, [latentSizeOf(config)]) };
    const write = (all: HostTensors): Promise<void> =>
      writeAgentFiles(directory, {
        card: { ...card, latent: divided },
        latent: { config: divided, tensors: all },
        renderer: undefined,
      });
    await write(tensors);
    const { latent } = await readAgentFiles(directory);
    expect(latent.config.things).toEqual({ heads: 2 });
    expect(Object.keys(latent.tensors).sort()).toEqual(Object.keys(tensors).sort());
    expect(latent.tensors[THING_MASK]).toEqual(tensors[THING_MASK]);
    await write(heads);
    expect(await refusal()).toContain(THING_MASK);
  });

  test('without a card holds no agent', async () => {
    await rm(join(directory, 'card.json'));
    expect(await refusal()).toMatch(/no card\.json/);
  });

  test('with a card of something else is refused with the field', async () => {
    await writeFile(join(directory, 'card.json'), JSON.stringify({ ...card, latent: { ...config, actions: 'two' } }));
    expect(await refusal()).toMatch(/latent\.actions/);
  });

  test.each(['', '{', '[]', 'null'])('with the card %j is refused', async (text) => {
    await writeFile(join(directory, 'card.json'), text);
    expect(await refusal()).toMatch(/card\.json/);
  });

  test('without weights names the file', async () => {
    await rm(latentFile());
    expect(await refusal()).toMatch(/latent\.safetensors/);
  });

  test('with truncated weights names the file', async () => {
    const bytes = await readFile(latentFile());
    await writeFile(latentFile(), bytes.subarray(0, bytes.length - 100));
    expect(await refusal()).toMatch(/latent\.safetensors/);
  });

  test('with a tensor of another shape names it', async () => {
    const tensors = { ...untrained(), 'predictor/out/bias': float32(0, [size + 1]) };
    await writeFile(latentFile(), encodeSafetensors({ tensors, metadata: {} }));
    expect(await refusal()).toMatch(/predictor\/out\/bias/);
  });
});

describe('an agent', () => {
  test('of another version of its world is not let loose in this one', async () => {
    await writeFile(join(directory, 'card.json'), JSON.stringify({ ...card, world: { id: 'two-room', version: 99 } }));
    await expect(loadLatentAgent({ directory })).rejects.toThrow(/version 99/);
  });

  test('of a module, whose version only whoever names it knows, is held against that', async () => {
    const world = join(import.meta.dirname, '../recording/driftModule.ts');
    const of = (version: number) => ({ ...card, world: { id: 'drift', version } });
    await writeFile(join(directory, 'card.json'), JSON.stringify(of(2)));
    await expect(loadLatentAgent({ directory, world })).rejects.toThrow(
      /version 2 of drift, which is now at version 1/,
    );
    await (await loadLatentAgent({ directory })).dispose();
    await writeFile(join(directory, 'card.json'), JSON.stringify(of(1)));
    await (await loadLatentAgent({ directory, world })).dispose();
  });

  test('without a renderer is not served by a method, and the command is named that gives it one', async () => {
    const { status, stderr } = await runCommand('serve', '--agent', directory, '--method', 'mct');
    expect(stderr).toContain(`\`reverie train --world two-room --stage renderer --out ${directory}\``);
    expect(status).toBe(1);
  });

  test('plans the same for the same seed, and says that it cannot paint yet', async () => {
    const agent = await loadLatentAgent({ directory });
    const frame = new Uint8Array(FRAME_BYTES).fill(255);
    const goal = frame.slice().fill(0, 3000, 3600);
    const [first, again] = [await agent.plan({ frame, goal, seed: 3 }), await agent.plan({ frame, goal, seed: 3 })];
    expect(again).toEqual(first);
    expect(first.actions).toHaveLength(2 * agent.horizon);
    expect(first.latents).toMatchObject({ rows: agent.horizon, columns: agent.latentSize });
    await expect(agent.render(first.latents, { steps: 1, seed: 0 })).rejects.toThrow(
      `--world two-room --stage renderer --out ${directory}\``,
    );
    await agent.dispose();
  });
});
