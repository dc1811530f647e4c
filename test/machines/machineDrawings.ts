/**
 * The state machines of session and connection, drawn in Mermaid (https://mermaid.js.org/syntax/stateDiagram.html) from
 * the machines that run. docs/machines.md holds the drawings.
 *
 * npx tsx test/machines/machineDrawings.ts           prints them
 * npx tsx test/machines/machineDrawings.ts --write   puts them into docs/machines.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { connectionMachine } from '../../client/connectionMachine.ts';
import { sessionMachine } from '../../server/live/sessionMachine.ts';

/** Marks around each drawing in docs/machines.md. */
const marks = (id: string) =>
  [`<!-- ${id}: made by test/machines/machineDrawings.ts -->\n`, `\n<!-- end of ${id} -->`] as const;

const page = fileURLToPath(new URL('../../docs/machines.md', import.meta.url));

export const machines: readonly AnyStateMachine[] = [sessionMachine, connectionMachine];

/** A machine as a Mermaid state diagram, in a fenced block. */
export function drawMachine(machine: AnyStateMachine): string {
  const lines = [...stateOf(machine.root, 1), ...arrowsOf(machine.root)];
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}

/** The drawing of this machine as it stands in docs/machines.md. */
export function drawingInDocs(id: string): string {
  return split(readFileSync(page, 'utf8'), id).drawing;
}

/** The states within a node, each with what it invokes. */
function statesOf(node: AnyStateNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const children = Object.values(node.states);
  const [initial] = node.initial?.target ?? [];
  const start = initial === undefined ? [] : [`${indent}[*] --> ${nameOf(initial)}`];
  const inner = children.flatMap((child, i) => {
    const divider = node.type === 'parallel' && i > 0 ? [`${indent}--`] : [];
    return [...divider, ...stateOf(child, depth)];
  });
  return [...start, ...inner];
}

function stateOf(node: AnyStateNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const name = nameOf(node);
  const title = `${indent}state "${node.key}" as ${name}`;
  if (Object.keys(node.states).length > 0) return [`${title} {`, ...statesOf(node, depth + 1), `${indent}}`];
  const work = node.invoke.map(({ src }) => `${indent}${name} : does ${String(src)}`);
  return [title, ...work, ...(node.type === 'final' ? [`${indent}${name} --> [*]`] : [])];
}

/** Every transition below a node; one that leads nowhere only acts, and is drawn as a loop. */
function arrowsOf(node: AnyStateNode): string[] {
  const own = [...node.transitions.values()].flat().flatMap((transition) => {
    const { eventType, guard, actions, target } = transition;
    const label = `${plainEvent(eventType)}${guard === undefined ? '' : ` [${guardName(guard)}]`}`;
    const acts = actions.map(actionName).filter((name) => name !== undefined);
    const text = acts.length === 0 ? label : `${label} / ${acts.join(', ')}`;
    const targets = target ?? [node];
    return targets.map((to) => `  ${nameOf(node)} --> ${nameOf(to)} : ${text}`);
  });
  const within = Object.values(node.states).flatMap(arrowsOf);
  return [...own, ...within];
}

function nameOf({ path, machine }: AnyStateNode): string {
  return path.length === 0 ? machine.id : path.join('_');
}

/** `xstate.done.actor.0.session.…` is what an invoked actor answers. */
function plainEvent(type: string): string {
  if (type.startsWith('xstate.done.actor')) return 'done';
  if (type.startsWith('xstate.error.actor')) return 'error';
  if (type.startsWith('xstate.after.')) return `after ${type.split('.')[2]}`;
  return type;
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type);
  if (typeof guard !== 'function' || !('guards' in guard) || !Array.isArray(guard.guards))
    throw new TypeError('a guard has no name to draw; name it in setup()');
  return guard.guards.map(guardName).join(` ${guard.name} `);
}

/** Named actions; what is written in place says nothing that can be drawn. */
function actionName(action: unknown): string | undefined {
  if (typeof action === 'string') return action;
  return typeof action === 'object' && action !== null && 'type' in action ? String(action.type) : undefined;
}

function split(text: string, id: string): { before: string; drawing: string; after: string } {
  const [opening, closing] = marks(id);
  const [start, end] = [text.indexOf(opening) + opening.length, text.indexOf(closing)];
  return { before: text.slice(0, start), drawing: text.slice(start, end), after: text.slice(end) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const machine of machines) {
    const drawing = drawMachine(machine);
    if (process.argv.includes('--write')) {
      const { before, after } = split(readFileSync(page, 'utf8'), machine.id);
      writeFileSync(page, before + drawing + after);
    } else process.stdout.write(`${drawing}\n\n`);
  }
}
