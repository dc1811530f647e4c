/** What a page is told that asks for recordings of a server which keeps none, whether it records, lists or replays them. */
export const NO_RECORDINGS =
  'This server has no folder for recordings; start it with `--recordings` and one that can be written.';
