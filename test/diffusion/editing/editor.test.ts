/** Edits by the networks of a shipped agent: reproducible, exact where observed, and better than what was given. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWorld } from '../../../envs/registry.ts';
import { type Combine, ddimStep, noising } from '../../../models/diffusion/cosine/ddim.ts';
import { ddimSampler } from '../../../models/diffusion/cosine/ddimSampler.ts';
import { evenTime, stepTime } from '../../../models/diffusion/cosine/stepTimes.ts';
import { colourise, greyOf } from '../../../models/diffusion/editing/colourise.ts';
import { addNoise, denoiseFrame } from '../../../models/diffusion/editing/denoiseFrame.ts';
import { editSampler, timesBelow } from '../../../models/diffusion/editing/editSampler.ts';
import type { FrameEdit } from '../../../models/diffusion/editing/frameEdit.ts';
import { createFrameEditor, type FrameEditor } from '../../../models/diffusion/editing/frameEditor.ts';
import { hiddenRectangle, inpaint } from '../../../models/diffusion/editing/inpaint.ts';
import { scaledDown, superResolve } from '../../../models/diffusion/editing/superResolve.ts';
import type { RenderMethod } from '../../../models/diffusion/methodNames.ts';
import { poseSizeOf } from '../../../models/latent/keypointEncoder.ts';
import { LearnedDynamics } from '../../../models/latent/learnedDynamics.ts';
import { createCpuEngine } from '../../../models/tensor/cpuEngine.ts';
import { readAgentFiles } from '../../../server/agent/agentFiles.ts';
import { weightsDirectory } from '../../../server/agent/weightsDirectory.ts';
import { psnr } from '../../../server/bench/pictureMetrics.ts';
import type { Frame } from '../../../shared/frame.ts';
import { Random } from '../../../shared/random.ts';

const engine = createCpuEngine({ threads: 1 });
let editor: FrameEditor;
let truth: Frame;
let latent: Float32Array;

beforeAll(async () => {
  const { card, latent: model, renderer } = await readAgentFiles(weightsDirectory('push-t'));
  if (!renderer) throw new Error('push-t ships a renderer');
  editor = createFrameEditor(engine, renderer);
  const world = (await loadWorld(card.world.id)).create();
  world.reset(11);
  truth = Uint8Array.from(world.frame());
  const dynamics = new LearnedDynamics(engine, model);
  latent = (await dynamics.encodeMoment(truth)).slice(0, poseSizeOf(model.config.encoder));
});
afterAll(() => engine.dispose());

const edited = (edit: FrameEdit, method: RenderMethod = 'mcm', steps = 2, seed = 1): Promise<Frame> =>
  editor.edit({ edit, latent, method, steps, seed });

describe('an edit by a shipped agent', () => {
  const hidden = hiddenRectangle({ x: 0, y: 0, width: 64, height: 40 });

  it('is a function of its request', async () => {
    const first = await edited(inpaint(truth, hidden));
    expect(await edited(inpaint(truth, hidden))).toEqual(first);
    expect(await edited(inpaint(truth, hidden), 'mcm', 2, 2)).not.toEqual(first);
    expect(await edited(inpaint(truth, hidden), 'ddim', 3)).not.toEqual(first);
  });

  it('keeps observed bytes by every method that it has', async () => {
    for (const [method, steps] of [
      ['mcm', 2],
      ['ddim', 3],
      ['regression', 1],
    ] as const) {
      const frame = await edited(inpaint(truth, hidden), method, steps);
      expect(frame.every((byte, at) => hidden[Math.floor(at / 3)] === 1 || byte === truth[at])).toBe(true);
    }
    const [grey, small] = [greyOf(truth), scaledDown(truth, 4)];
    expect(greyOf(await edited(colourise(grey), 'mcm', 2))).toEqual(grey);
    expect(scaledDown(await edited(superResolve(small, 4), 'mcm', 2), 4)).toEqual(small);
  });

  it('comes nearer to the true frame than what it was given', async () => {
    const noisy = addNoise(truth, 30, new Random(2));
    for (const edit of [
      inpaint(truth, hidden),
      colourise(greyOf(truth)),
      superResolve(scaledDown(truth, 4), 4),
      denoiseFrame(noisy, 30),
    ]) {
      const given = edit.visible(new Uint8Array(truth.length).fill(truth[0] as number));
      expect(psnr([await edited(edit)], [truth])).toBeGreaterThan(psnr([given], [truth]) + 2);
    }
  });

  it('refuses a method that the agent has not, and steps that the method has not', async () => {
    await expect(edited(inpaint(truth, hidden), 'ect')).rejects.toThrow(/not learned the method "ect"/);
    await expect(edited(inpaint(truth, hidden), 'mcm', 3)).rejects.toThrow(/no 3 steps/);
    await expect(
      editor.edit({ edit: inpaint(truth, hidden), latent: new Float32Array(3), method: 'mcm', steps: 1, seed: 1 }),
    ).rejects.toThrow(/not 3/);
  });
});

describe('the sampler of edits', () => {
  const combine: Combine<number> = ([a, b], x, y) => a * x + b * y;
  const denoise = (z: number, time: number): number => Math.tanh(z) * (1 - time / 2);

  it('with nothing known is DDIM', () => {
    for (const steps of [1, 2, 5]) {
      const sampling = {
        denoise,
        impose: (x: number) => x,
        times: timesBelow(1, steps, stepTime),
        noisy: 0.7,
        combine,
      };
      expect(editSampler(sampling)).toBeCloseTo(ddimSampler(denoise, 0.7, steps, combine), 12);
    }
  });

  it('begins anywhere, and ends with what is known', () => {
    expect(timesBelow(0.3, 4, evenTime)).toEqual([0.3, 0.25, 0]);
    expect(timesBelow(0.25, 4, evenTime)).toEqual([0.25, 0]);
    const seen: number[] = [];
    const impose = (x: number): number => {
      seen.push(x);
      return 5;
    };
    expect(editSampler({ denoise, impose, times: timesBelow(0.3, 4, evenTime), noisy: 1, combine })).toBe(5);
    const second = combine(ddimStep(0.3, 0.25), 5, 1);
    expect(seen).toEqual([denoise(1, 0.3), denoise(second, 0.25)]);
  });

  it('jumps with fresh noise where it is given some', () => {
    const impose = (x: number): number => x;
    const result = editSampler({ denoise, impose, times: [1, 0.5, 0], noisy: 1, fresh: [0.4], combine });
    expect(result).toBe(denoise(combine(noising(0.5), denoise(1, 1), 0.4), 0.5));
  });
});
