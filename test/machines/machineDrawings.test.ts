/** The drawings of the state machines are of the machines that run. */
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { drawingInDocs, drawMachine, machines } from './machineDrawings.ts';

describe('a drawing', () => {
  it.each(machines.map((machine) => [machine.id, machine]))(
    'of the %s stands in docs/machines.md (npx tsx test/machines/machineDrawings.ts --write)',
    (id, machine) => {
      expect(drawingInDocs(id)).toBe(drawMachine(machine));
    },
  );

  it('shows states, events, conditions, actions and delays', () => {
    const machine = setup({
      types: { context: {} as { count: number }, events: {} as { type: 'coin' } | { type: 'push' } },
      guards: { paid: ({ context }) => context.count > 0 },
      actions: { count: assign(({ context }) => ({ count: context.count + 1 })) },
      delays: { patience: 5 },
    }).createMachine({
      id: 'turnstile',
      context: { count: 0 },
      initial: 'locked',
      states: {
        locked: { on: { coin: { actions: 'count' }, push: { guard: 'paid', target: 'open' } } },
        open: { after: { patience: 'locked' } },
      },
    });
    expect(drawMachine(machine).split('\n')).toEqual([
      '```mermaid',
      'stateDiagram-v2',
      '  state "turnstile" as turnstile {',
      '    [*] --> locked',
      '    state "locked" as locked',
      '    state "open" as open',
      '  }',
      '  locked --> locked : coin / count',
      '  locked --> open : push [paid]',
      '  open --> locked : after patience',
      '```',
    ]);
  });
});
