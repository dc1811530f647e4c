/**
 * The buttons by which a panel gives away what it shows: its numbers as CSV, its picture as PNG, its film as GIF. They
 * are made here, since they are the same on every panel. A film says how far it is; what has been saved is told to whoever
 * cannot see the browser's own list of downloads, and why something was not to everyone.
 */
import { element, setText } from '../element.ts';
import type { Store } from '../store.ts';
import { fileName, ofTask, type Source } from './fileName.ts';
import { type FilmMoment, gifFilm } from './gifFilm.ts';
import { framed, type Picture, pngOf } from './pngPicture.ts';
import { csvText, type Table } from './table.ts';

/** What a panel can give away. */
export interface Exportable {
  /** Its part of a file's name: `error-by-horizon`. */
  readonly name: string;
  /** Where what it shows comes from; the present task unless told. */
  readonly source?: () => Source | undefined;
  /** What is said where there is nothing to save; that a plan must be waited for unless told. */
  readonly nothing?: string;
  readonly table?: () => Table;
  readonly picture?: () => Picture;
  /** Nothing while there is nothing to film. */
  readonly film?: () => readonly FilmMoment[];
  /** What the film is of, if not all of the panel. */
  readonly filmTitle?: string;
}

type Kind = 'csv' | 'png' | 'gif';

const NOTHING_YET = 'There is nothing to save yet: wait until the agent has imagined something.';

/** Puts the buttons of a panel beside its title, the heading `titleId`. */
export function exportButtons(store: Store, titleId: string, exportable: Exportable): void {
  const heading = element(titleId, HTMLHeadingElement);
  const title = heading.textContent ?? '';
  const group = document.createElement('span');
  group.className = 'exports';
  const makers: Readonly<Record<Kind, Maker | undefined>> = {
    csv: exportable.table && csvMaker(exportable.table),
    png: exportable.picture && pngMaker(exportable.picture, title),
    gif: exportable.film && gifMaker(exportable.film),
  };
  for (const kind of ['csv', 'png', 'gif'] as const) {
    const make = makers[kind];
    if (make === undefined) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = kind.toUpperCase();
    const what = kind === 'gif' && exportable.filmTitle !== undefined ? exportable.filmTitle : `“${title}”`;
    button.setAttribute('aria-label', `Save ${what} as ${kind.toUpperCase()}`);
    button.title = `Save ${what} as ${kind.toUpperCase()}`;
    button.addEventListener('click', () => void save(store, button, make, exportable, kind));
    group.append(button);
  }
  heading.after(group);
}

/** Makes a file; nothing where there is nothing to put into it. */
type Maker = (source: Source, progress: (share: number) => Promise<void>) => Promise<Blob | undefined>;

function csvMaker(table: () => Table): Maker {
  return async () => new Blob([csvText(table())], { type: 'text/csv;charset=utf-8' });
}

function pngMaker(picture: () => Picture, title: string): Maker {
  return ({ words }) => pngOf(framed(picture(), title, `Reverie: ${words}`));
}

function gifMaker(film: () => readonly FilmMoment[]): Maker {
  return async (_, progress) => {
    const moments = film();
    return moments.length === 0 ? undefined : new Blob([await gifFilm(moments, progress)], { type: 'image/gif' });
  };
}

/** Makes the file and hands it to the browser; a second click meanwhile does nothing. */
async function save(
  store: Store,
  button: HTMLButtonElement,
  make: Maker,
  { name, source: sourceOf = () => presentTask(store), nothing = NOTHING_YET }: Exportable,
  kind: Kind,
): Promise<void> {
  if (button.ariaBusy === 'true') return;
  const source = sourceOf();
  const refuse = (message: string): void => store.dispatch({ type: 'notice', notice: { code: 'export', message } });
  if (source === undefined) {
    refuse(nothing);
    return;
  }
  const progress = async (share: number): Promise<void> => {
    setText(button, `${Math.floor(100 * share)}%`);
    await new Promise((resolve) => setTimeout(resolve));
  };
  button.ariaBusy = 'true';
  try {
    const blob = await make(source, progress);
    if (blob === undefined) refuse(nothing);
    else {
      const file = fileName(source, name, kind);
      download(blob, file);
      setText(element('export-status', HTMLElement), `Saved ${file}.`);
    }
  } catch (error) {
    refuse(`${error instanceof Error ? error.message : String(error)}; try again, or in another browser.`);
  } finally {
    button.ariaBusy = 'false';
    setText(button, kind.toUpperCase());
  }
}

function presentTask({ state: { episode } }: Store): Source | undefined {
  return episode && ofTask(episode.settings);
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Long after the browser has taken the file.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
