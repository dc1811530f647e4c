/** Compares what two worlds, or one world twice, answered: to the bit, with the first difference named. */
import type { Frame } from '../../shared/frame.ts';
import type { State, StepResult } from '../../shared/world.ts';
import { Fault, type Mend } from './fault.ts';

/** @throws Fault naming the first quantity that differs. */
export function expectSameState(expected: State, seen: State, where: string, mend: Mend): void {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(seen)])) {
    if (!Object.is(expected[name], seen[name])) {
      throw new Fault(`${name} is ${seen[name]} at ${where}`, `${expected[name]}, to the bit`, mend);
    }
  }
}

/** @throws Fault naming the first pixel that differs. */
export function expectSameFrame(expected: Frame, seen: Frame, where: string, mend: Mend): void {
  const at = expected.length === seen.length ? expected.findIndex((value, i) => value !== seen[i]) : 0;
  if (at < 0) return;
  const pixel = Math.floor(at / 3);
  const place = `column ${pixel % 64}, row ${Math.floor(pixel / 64)}`;
  throw new Fault(
    `the frame has ${seen[at]} in channel ${at % 3} of ${place} at ${where}`,
    `${expected[at]}, as before`,
    mend,
  );
}

/** @throws Fault naming the flag that differs. */
export function expectSameResult(expected: StepResult, seen: StepResult, where: string, mend: Mend): void {
  for (const flag of ['terminated', 'truncated'] as const) {
    if (expected[flag] !== seen[flag])
      throw new Fault(`${flag} is ${seen[flag]} at ${where}`, `${expected[flag]}`, mend);
  }
}

/** Whether two states have the same numbers, to the bit. */
export function sameState(a: State, b: State): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}

/** Whether two frames have the same bytes. */
export function sameFrame(a: Frame, b: Frame): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
