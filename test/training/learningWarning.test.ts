/** What is said of a training that learns nothing, and that nothing is said of one that learns. */
import { describe, expect, it } from 'vitest';
import { learningWarning } from '../../server/training/learningWarning.ts';
import { loggedProgress } from '../../server/training/loggedProgress.ts';
import type { MetricsLine } from '../../shared/protocol/metrics.ts';

const lines = { sigregFloor: 1.05, sigregCollapsed: 67.5 };

describe('a warning of collapse', () => {
  it('comes where SIGReg is nearer to equal latents than to spread ones', () => {
    expect(learningWarning('latent', 0.5, { sigreg: 18, ...lines })).toBeUndefined();
    expect(learningWarning('latent', 0.5, { sigreg: 60, ...lines })).toMatch(
      /the latents collapse in the stage "latent": sigreg is 60, where spread latents have 1\.05 and equal ones 67\.5/,
    );
  });

  it('does not come at the beginning, nor where nothing is known', () => {
    expect(learningWarning('latent', 0.1, { sigreg: 60, ...lines })).toBeUndefined();
    expect(learningWarning('latent', 0.5, { sigreg: 60 })).toBeUndefined();
    expect(learningWarning('base', 0.5, { loss: 1 })).toBeUndefined();
  });
});

it('is logged with every line and told once a stage', () => {
  const logged: MetricsLine[] = [];
  const shown: string[] = [];
  const told: string[] = [];
  const progress = loggedProgress(
    { add: (line) => logged.push(line) },
    { onProgress: (stage) => shown.push(stage), onWarning: (warning) => told.push(warning) },
  );
  const collapsed = { sigreg: 60, ...lines };
  progress('collect', 1, {});
  progress('latent', 0.1, collapsed, { step: 1, elapsed: 1000 });
  progress('latent', 0.5, collapsed, { step: 2, elapsed: 2000 });
  progress('latent', 0.6, collapsed, { step: 3, elapsed: 3000 });
  progress('latent', 0.9, { ...collapsed, sigreg: 10 }, { step: 4, elapsed: 4000 });
  expect(shown).toEqual(['collect', 'latent', 'latent', 'latent', 'latent']);
  expect(logged.map(({ seconds, warning }) => [seconds, warning !== undefined])).toEqual([
    [1, false],
    [2, true],
    [3, true],
    [4, false],
  ]);
  expect(told).toEqual([logged[1]?.warning]);
});
