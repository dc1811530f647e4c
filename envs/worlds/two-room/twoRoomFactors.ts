/**
 * What can be varied about `two-room`. The ball's size, the door and the colours show in the frame; how strong the
 * ball's motor is and whether something carries it along do not: they show in how it moves.
 *
 * The ball fits through any of the doors, and its motor is stronger than any drift.
 */
import type { Factors } from '../../../shared/factors.ts';

export const twoRoomFactors = {
  ballRadius: { kind: 'number', default: 8, low: 6.5, high: 12, unit: 'units', hidden: false },
  doorHeight: { kind: 'number', default: 56, low: 36, high: 88, unit: 'units', hidden: false },
  /** Where the middle of the door is, from the top. */
  doorPosition: { kind: 'number', default: 112, low: 56, high: 168, unit: 'units', hidden: false },
  /** At full action along one axis. */
  ballSpeed: { kind: 'number', default: 5, low: 3.5, high: 7, unit: 'units/update', hidden: true },
  /** Carries the ball down the picture, whatever the action; up where it is negative. */
  drift: { kind: 'number', default: 0, low: -1, high: 1, unit: 'units/update', hidden: true },
  ballColor: { kind: 'color', object: 'ball', default: '#d6006c', choices: ['#0096c7', '#f77f00', '#38b000'] },
  backgroundColor: {
    kind: 'color',
    object: 'background',
    default: '#ffffff',
    choices: ['#f1e9da', '#dfe9f3', '#e4f0e0'],
  },
} satisfies Factors;
