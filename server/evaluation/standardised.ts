/** Values with their mean taken away, over their deviation; all 0 where they deviate by no more than `still`. */
export function standardised(values: ArrayLike<number>, still = 0): number[] {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
  return list.map((value) => (deviation > still ? (value - mean) / deviation : 0));
}
