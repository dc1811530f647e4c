/** Guidance, and the frames before, wherever a renderer that was trained for them paints, and nowhere else. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadLatentAgent } from '../../server/agent/latentAgent.ts';
import type { ConditionOptions } from '../../server/agent/paintingOptions.ts';
import { startProcessAgent } from '../../server/agent/processAgent.ts';
import { weightsDirectory } from '../../server/agent/weightsDirectory.ts';
import { chooseRows } from '../../server/bench/rendererRows.ts';
import { encodeStrip } from '../../server/edit/pictureFile.ts';
import { writeAtomically } from '../../server/files/writeAtomically.ts';
import { UsageError } from '../../shared/errors.ts';
import { FRAME_BYTES } from '../../shared/frame.ts';
import { Random } from '../../shared/random.ts';
import { runCommand } from '../runCommand.ts';
import { writeConditionedAgent } from './conditionedAgent.ts';

let directory: string;
beforeAll(async () => {
  directory = await writeConditionedAgent();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const shipped = weightsDirectory('two-room');
const seen = (value: number) => new Uint8Array(FRAME_BYTES).fill(value);

describe('an agent', () => {
  const load = (options: ConditionOptions) => loadLatentAgent({ directory, threads: 1, ...options });
  const rolloutOf = async (options: ConditionOptions, before = [seen(90)]) => {
    const agent = await load(options);
    const latents = { rows: 2, columns: agent.latentSize, data: new Random(5).normals(2 * agent.latentSize) };
    const frames = await agent.render(latents, { steps: 2, seed: 3, before });
    await agent.dispose();
    return frames;
  };

  test('is guided by the weight, and not at all by 1', async () => {
    const plainly = await rolloutOf({});
    expect(await rolloutOf({ guidance: 1 })).toEqual(plainly);
    expect(await rolloutOf({ guidance: 2 })).not.toEqual(plainly);
  });

  test('is told the frames before only where it is to be, and then goes on from its own', async () => {
    expect(await rolloutOf({}, [seen(200)])).toEqual(await rolloutOf({}, []));
    const told = await rolloutOf({ contextNoise: 0 });
    expect((await rolloutOf({ contextNoise: 0 }, [seen(200)]))[0]).not.toEqual(told[0]);
    expect(await rolloutOf({ contextNoise: 0.4 })).not.toEqual(told);
    const agent = await load({ contextNoise: 0.4 });
    const data = new Random(5).normals(2 * agent.latentSize);
    const row = (i: number) => data.slice(i * agent.latentSize, (i + 1) * agent.latentSize);
    const one = (i: number) => ({ rows: 1, columns: agent.latentSize, data: row(i) });
    const [first] = await agent.render(one(0), { steps: 2, seed: 3, before: [seen(90)] });
    const before = [seen(90), first as Uint8Array];
    const [second] = await agent.render(one(1), { steps: 2, seed: 3, before, first: 1 });
    await agent.dispose();
    expect([first, second]).toEqual(await rolloutOf({ contextNoise: 0.4 }));
  });

  test('paints in a thread as it does in this one', async () => {
    const options = { guidance: 1.5, contextNoise: 0.2 };
    const agent = await startProcessAgent({ directory, threads: 1, ...options });
    const latents = { rows: 2, columns: agent.latentSize, data: new Random(5).normals(2 * agent.latentSize) };
    const before = [seen(90)];
    expect(await agent.render(latents, { steps: 2, seed: 3, before })).toEqual(await rolloutOf(options));
    expect(before[0]).toEqual(seen(90));
    await agent.dispose();
  }, 60_000);

  test.each([
    [{ guidance: 2 }, /has never been without a latent; train one with .*--guidable/],
    [{ contextNoise: 0 }, /sees no frames before; train one with .*--context 1/],
    [{ guidance: 2, method: 'regression' }, /"regression" is the mean frame and cannot be guided/],
  ] as const)('that was not trained for it refuses %j', async (options, says) => {
    const loading = loadLatentAgent({ directory: shipped, ...options });
    await expect(loading).rejects.toThrow(UsageError);
    await expect(loadLatentAgent({ directory: shipped, ...options })).rejects.toThrow(says);
  });
});

describe('the commands', () => {
  const commands = [
    ['serve', ['serve', '--world', 'two-room', '--port', '0']],
    ['edit', ['edit', '--world', 'two-room', '--colourise', '--out', 'nowhere/a.png']],
    ['bench renderer', ['bench', 'renderer', '--world', 'two-room', '--frames', '40']],
  ] as const;
  const refusals = [
    [['--guidance', '2'], /has never been without a latent/],
    [['--context'], /sees no frames before/],
    [['--context-noise', '0.1'], /add --context, or leave out --context-noise 0\.1/],
    [['--context', '--context-noise', '1'], /from 0 to below 1/],
    [['--guidance', '-1'], /a number of at least 0/],
    [['--guidance', 'much'], /a number of at least 0/],
  ] as const;

  test.each(commands.flatMap(([name, command]) => refusals.map(([asked, says]) => ({ name, asked, command, says }))))(
    'refuse: $name $asked',
    async ({ command, asked, says }) => {
      const { status, stdout, stderr } = await runCommand(...command, ...asked);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(says);
    },
  );

  const edit = async (name: string, ...asked: string[]) => {
    const out = join(directory, `${name}.png`);
    const whole = ['--world', 'two-room', '--agent', directory, '--steps', '2', '--seed', '3', '--out', out];
    const result = await runCommand('--json', 'edit', ...whole, ...asked);
    return { ...result, picture: await readFile(out).catch(() => undefined) };
  };

  test('edit guided, and told what was before in the episode', async () => {
    const task = ['--frame', '6', '--inpaint', '0,0,32,64'];
    const plainly = await edit('plain', ...task);
    const guided = await edit('guided', ...task, '--guidance', '3');
    const told = await edit('told', ...task, '--context', '--context-noise', '0.2');
    expect(JSON.parse(plainly.stdout)).not.toHaveProperty('guidance');
    expect(JSON.parse(guided.stdout)).toMatchObject({ guidance: 3 });
    expect(JSON.parse(told.stdout)).toMatchObject({ contextNoise: 0.2 });
    expect(guided.picture).not.toEqual(plainly.picture);
    expect(told.picture).not.toEqual(plainly.picture);
    expect((await edit('first', '--frame', '0', '--colourise', '--context')).status).toBe(0);
  });

  test('paint between pictures as a rollout, and say that a picture alone has nothing before it', async () => {
    const picture = join(directory, 'given.png');
    await writeAtomically(picture, await encodeStrip([seen(70)]));
    const between = ['--between', picture, picture, '--frames', '3'];
    const plainly = await edit('between', ...between);
    expect(plainly.status).toBe(0);
    expect((await edit('rollout', ...between, '--context')).picture).not.toEqual(plainly.picture);
    const refused = await edit('none', picture, '--colourise', '--context');
    expect([refused.status, refused.picture]).toEqual([2, undefined]);
    expect(refused.stderr).toMatch(/a picture has no frames before it; .*leave out --context/);
  });

  test('measure what guidance and the frames before do, and say so in the document', async () => {
    const bench = async (...asked: string[]) => {
      const whole = ['--world', 'two-room', '--agent', directory, '--frames', '40', '--methods', 'mcm', '--steps', '1'];
      const { status, stdout } = await runCommand('--json', 'bench', 'renderer', ...whole, ...asked);
      expect(status).toBe(0);
      return JSON.parse(stdout);
    };
    const plainly = await bench();
    const guided = await bench('--guidance', '2', '--context', '--context-noise', '0.1');
    expect(plainly).not.toHaveProperty('guidance');
    expect(guided).toMatchObject({ guidance: 2, contextNoise: 0.1 });
    expect(guided.rows[0].psnrAll).not.toBe(plainly.rows[0].psnrAll);
    expect(await bench('--guidance', '1').then(({ rows }) => rows[0].psnrAll)).toBe(plainly.rows[0].psnrAll);
  }, 60_000);
});

describe('the rows of the renderer bench', () => {
  const guidable = { 'none/latent': { shape: [1], data: new Float32Array(1), dtype: 'float32' as const } };
  const networks = { regression: guidable, base: guidable, student: guidable };
  const methodsIn = (rows: ReturnType<typeof chooseRows>) => [...new Set(rows.map(({ method }) => method))];

  test('leave the mean frame out where frames are guided, unless it is asked for by name', () => {
    expect(methodsIn(chooseRows(networks, undefined, undefined, 2))).toEqual(['mcm', 'ddim']);
    expect(methodsIn(chooseRows(networks, 'all', [1], 2))).not.toContain('regression');
    expect(methodsIn(chooseRows(networks, undefined, undefined, 1))).toContain('regression');
    expect(() => chooseRows(networks, ['regression'], [1], 2)).toThrow(/cannot be guided/);
    expect(() => chooseRows({ regression: {}, base: {}, student: {} }, 'all', [1], 2)).toThrow(/--guidable/);
  });
});
