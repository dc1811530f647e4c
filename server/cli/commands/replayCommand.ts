/** `reverie replay`: whether a recorded episode still happens, to the bit, and if not, where it stops and why. */
import type { Command } from 'commander';
import type { State } from '../../../shared/world.ts';
import type { ReplayReport } from '../../recording/replayRecording.ts';
import type { CommandContext } from '../commandContext.ts';

export function addReplayCommand(program: Command, { output, setExitCode }: CommandContext): void {
  program
    .command('replay')
    .description('play a recording again and compare the state after every step')
    .argument('<file>', 'a recording')
    .option('--world <world>', 'path or package of the module that it was recorded in, if that is not a built-in world')
    .action(async (file: string, { world: given }: { readonly world?: string }) => {
      const { readRecording } = await import('../../recording/recordingFile.ts');
      const { replayRecording } = await import('../../recording/replayRecording.ts');
      const { worldOfRecording } = await import('../../recording/worldOfRecording.ts');
      const recording = await readRecording(file);
      const { header } = recording;
      const replayed = replayRecording(recording, await worldOfRecording(header, given));
      const { world, actor, createdAt } = header;
      const { ok, steps, mismatch, differences } = replayed;
      output.report(
        {
          file,
          world: world.id,
          version: world.version,
          actor,
          createdAt,
          ok,
          steps,
          of: header.steps,
          ...(mismatch ? { mismatch } : {}),
          differences,
        },
        () => describe(replayed, world.id, header.steps),
      );
      setExitCode(ok ? 0 : 1);
    });
}

function describe({ ok, mismatch, differences }: ReplayReport, world: string, steps: number): string {
  const others = differences.map(({ what, recorded, here }) => `  ${what}: ${recorded} then, ${here} here`);
  if (ok || mismatch === undefined)
    return [
      `ok: ${steps} steps of ${world}, each state as recorded to the bit`,
      ...(others.length > 0 ? ['What is other here did not matter:', ...others] : []),
    ].join('\n');
  const { step, expected, seen, state, likelyCause } = mismatch;
  return [
    `differs at ${step === 0 ? 'the beginning' : `step ${step} of ${steps}`}`,
    `  recorded: ${expected}`,
    `  seen: ${seen}${state ? `: ${describeState(state)}` : ''}`,
    `  likely cause: ${likelyCause}`,
    ...(others.length > 1 ? ['All that is other here:', ...others] : []),
  ].join('\n');
}

function describeState(state: State): string {
  return Object.entries(state)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
