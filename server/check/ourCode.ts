/** Tells the code that checks from the code that is checked, by where it lies. */

/** The folders of the checks; worlds that come with Reverie are somebody's world like any other. */
const folders = ['./', '../../envs/conformance/', '../../node_modules/tsx/', '../../node_modules/esbuild/'].map(
  (folder) => new URL(folder, import.meta.url),
);

/** Whether the text, an address or a line of a stack, names code of the checks. */
export function isOurCode(text: string): boolean {
  return folders.some((folder) => text.includes(folder.href) || text.includes(folder.pathname));
}
