/**
 * Whether a training learns nothing, told from the terms of its loss while there is time to stop it. Two ways to fail that
 * a falling loss hides: latents that collapse, all alike and so easy to predict, and predictions that do not depend on
 * the actions (both from lightly's notes on LeWorldModel).
 */

/** Fraction of a stage before which nothing is said: at its beginning nothing is learned yet. */
const BEGINNING = 0.25;
/** Way from the floor of SIGReg to its value for collapsed latents at which they count as collapsing. */
const COLLAPSING = 0.5;
/** Error with the true actions, as a share of that with others', from which on actions make no difference. */
const ALIKE = 0.9;

/** What is wrong with what a stage has learned, in words; nothing where nothing is. */
export function learningWarning(
  stage: string,
  progress: number,
  terms: Readonly<Record<string, number>>,
): string | undefined {
  if (progress < BEGINNING) return undefined;
  const { sigreg, sigregFloor, sigregCollapsed, trueActions, shuffledActions } = terms;
  if (sigreg !== undefined && sigregFloor !== undefined && sigregCollapsed !== undefined) {
    if (sigreg > sigregFloor + COLLAPSING * (sigregCollapsed - sigregFloor))
      return `the latents collapse in the stage "${stage}": sigreg is ${shown(sigreg)}, where spread latents have ${shown(sigregFloor)} and equal ones ${shown(sigregCollapsed)}; look at the frames of the world, which may show no motion, or try another --seed`;
  }
  if (trueActions !== undefined && shuffledActions !== undefined && trueActions > ALIKE * shuffledActions)
    return `predictions hardly depend on the actions in the stage "${stage}": their error is ${shown(trueActions)} with the actions that were taken and ${shown(shuffledActions)} with others; look whether the actions of the world move what its frames show, or train for more --minutes`;
  return undefined;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
