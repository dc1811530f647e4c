/**
 * The process in which a world is tried out. It starts its watchdog, loads the world, runs the checks and says each
 * result before the next begins; whatever the world does then, it does here. The world is loaded like anybody's would
 * be; only `process.argv` no longer tells the job, and globals are put back after every check.
 */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { type CheckResult, checkNames, checkWorld, lacksBasics } from '../../envs/conformance/checkWorld.ts';
import { describeThrown, placeOfThrow } from '../../envs/conformance/describeThrown.ts';
import { Subject } from '../../envs/conformance/subject.ts';
import { traceOf } from '../../envs/conformance/trace.ts';
import { importPlugin } from '../../envs/plugin/importPlugin.ts';
import { loadWorld, worldIds } from '../../envs/registry.ts';
import type { Clock } from '../../shared/clock.ts';
import { UsageError } from '../../shared/errors.ts';
import { startWorker } from '../../shared/startWorker.ts';
import type { WorldDefinition } from '../../shared/world.ts';
import { GlobalsGuard } from './globalsGuard.ts';
import { killGroup } from './killGroup.ts';
import { type Job, readJob } from './messages.ts';
import { isOurCode } from './ourCode.ts';
import { createReport, type Report } from './reporter.ts';
import { StrayEffects } from './strayEffects.ts';
import type { WatchdogData } from './watchdog.ts';

const job = readJob(process.argv[2]);
process.argv.length = 2;
const report = createReport(job.token);
const begun = new SharedArrayBuffer(4);
let current = 'definition';

/** Counts processor time in milliseconds, so that a busy machine doesn't make the world look slow. */
const clock: Clock = {
  now() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

await startWatchdog(job);
reportExit(report);
const effects = new StrayEffects(() => current);
const guard = new GlobalsGuard();
try {
  begin('definition');
  const definition = await load(job.source);
  if (definition) await tryOut(definition);
  report({ kind: 'done' });
} catch (error) {
  // No world is to blame: checks catch what worlds throw.
  process.stderr.write(`the check itself failed: ${describeThrown(error)}\n`);
}
killGroup(process.pid);

/** The watchdog must be awake before the world's first line runs. */
async function startWatchdog({ token, seconds, megabytes }: Job): Promise<void> {
  const data: WatchdogData = { token, seconds, megabytes, begun };
  const watchdog = startWorker(new URL('./watchdog.ts', import.meta.url), data);
  await once(watchdog, 'message');
  watchdog.unref();
}

function begin(check: string): void {
  current = check;
  Atomics.add(new Int32Array(begun), 0, 1);
  report({ kind: 'begin', check });
}

/**
 * Says so when the process ends before it is done: because something ended it, and where from, or because it waits for
 * what nothing is left to bring about.
 */
function reportExit(say: Report): void {
  process.on('beforeExit', () => {
    say({ kind: 'stopped', reason: 'idle', amount: 0 });
    killGroup(process.pid);
  });
  process.on('exit', (status) => {
    const at = placeOfThrow(new Error('exit'), isOurCode);
    say({ kind: 'stopped', reason: 'exit', amount: status, ...(at !== undefined && { at }) });
    killGroup(process.pid);
  });
}

async function load(source: string): Promise<WorldDefinition | undefined> {
  try {
    // The module runs here, and is not run again below: what it replaces is put back before it is judged by that.
    if (!worldIds().includes(source)) await importPlugin(source).catch(() => undefined);
    guard.restore();
    return await loadWorld(source);
  } catch (error) {
    if (error instanceof UsageError) {
      report({ kind: 'unknown', message: error.message, stack: error.stack ?? '' });
      return undefined;
    }
    const mend =
      'its default export must be { spec, create }; `new-world` writes an example, and docs/worlds.md tells more';
    say({ name: 'definition', ok: false, detail: describeThrown(error), mend });
    return undefined;
  } finally {
    guard.restore();
  }
}

function say(result: CheckResult): void {
  guard.restore();
  const { name, ok, detail, mend, remarks } = result;
  report({
    kind: 'result',
    result: { name, ok, detail, ...(mend !== undefined && { mend }), ...(remarks && { remarks: [...remarks] }) },
  });
}

async function tryOut(world: WorldDefinition): Promise<void> {
  report({ kind: 'world', id: world.spec.id });
  const { only, size } = job;
  if (checkNames.some((name) => only.includes(name))) {
    const results = await checkWorld(world, { clock, only, begin, observe: say, ...(size && { size }) });
    if (lacksBasics(results)) return;
  }
  if (only.includes('processes')) await trace(world);
  if (only.includes('isolation')) await isolation();
}

async function trace(world: WorldDefinition): Promise<void> {
  begin('processes');
  await setImmediate();
  try {
    report({ kind: 'trace', trace: asMessage(traceOf(new Subject(world, job.size ?? 'full'))) });
  } catch (error) {
    const detail = `an episode could not be played: ${describeThrown(error)}`;
    say({ name: 'processes', ok: false, detail, mend: 'mend the other checks first' });
  }
}

function asMessage({ entries, mend }: ReturnType<typeof traceOf>) {
  return { entries: entries.map(({ where, state, frame }) => ({ where, state: { ...state }, frame })), mend };
}

async function isolation(): Promise<void> {
  begin('isolation');
  const { thrown, open } = await effects.collect();
  guard.restore();
  report({ kind: 'effects', effects: { ...guard.findings(), thrown, open } });
}
