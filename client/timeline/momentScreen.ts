/**
 * Shows a moment of the timeline, live or past: its episode on the stage, its film in the strip, what had happened of
 * the film until then. Scenes and films are set only where they differ from what is there.
 */
import type { FilmStrip } from '../panels/filmStrip.ts';
import type { Film } from '../readFrames.ts';
import type { Stage } from '../stage/stage.ts';
import type { EpisodeMessage, History, Moment } from './history.ts';
import type { Screen } from './player.ts';

export class MomentScreen implements Screen {
  private readonly stage: Stage;
  private readonly strip: FilmStrip;
  private readonly history: History;
  private episode: EpisodeMessage | undefined;
  private film: Film | undefined;

  constructor(stage: Stage, strip: FilmStrip, history: History) {
    this.stage = stage;
    this.strip = strip;
    this.history = history;
  }

  /** An episode that begins now. */
  begin(episode: EpisodeMessage): void {
    this.episode = episode;
    this.film = undefined;
    this.strip.clear();
    this.stage.begin(episode);
  }

  /** A plan that has been made now. */
  plan(film: Film): void {
    this.film = film;
    this.strip.show(film);
  }

  jump(moment: Moment): void {
    this.set(moment);
    this.stage.jump(moment.tick);
    const { film } = moment;
    if (film === undefined) return;
    for (const earlier of this.history.all()) {
      if (earlier.film === film && earlier.tick.envStep < moment.tick.envStep) this.strip.mark(earlier.tick);
    }
    this.strip.mark(moment.tick);
  }

  glide(moment: Moment, now: number): void {
    this.set(moment);
    this.stage.push(moment.tick, now);
  }

  private set({ episode, film }: Moment): void {
    if (episode !== this.episode) this.begin(episode);
    if (film === this.film) return;
    if (film === undefined) this.strip.clear();
    else this.strip.show(film);
    this.film = film;
  }
}
