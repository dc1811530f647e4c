/** How many steps of a plan are executed before the next is made, unless told: in evaluations, and in practice alike. */
export const EXECUTED_STEPS = 1;
