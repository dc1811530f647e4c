/**
 * Everyone who watches one session, and what follows from there being several. All may control it, and all are told of
 * what was chosen; but the controls of a world are in one pair of hands at a time, and the others see whose. The clock
 * stands only where nobody looks: a viewer who has stalled holds nobody else up, and lets go of the controls. Of pages
 * that choose renderer steps for a budget of their own, one's counts.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { DrivenWorld, ServerMessageOf } from '../../shared/protocol/control.ts';
import { AutoClaims } from './autoClaims.ts';
import { type Asker, FillingIn } from './fillingIn.ts';
import type { AutoRequest, SessionRequest, ViewerRequest } from './sessionEvents.ts';
import type { WatchableSession } from './watchableSession.ts';

/** What is used of the session. */
export type WatchedSession = Pick<WatchableSession, 'receive' | 'hold' | 'filler'>;

type Refusal = ServerMessageOf<'error'>;
type ConfigureRequest = Extract<SessionRequest, { type: 'configure' }>;

export class Audience {
  private readonly session: WatchedSession;
  /** By number, whether they have stalled. */
  private readonly present = new Map<number, boolean>();
  private readonly told = new BehaviorSubject<ServerMessageOf<'audience'>>({ type: 'audience', viewers: 0 });
  private readonly filling = new FillingIn();
  private readonly autos = new AutoClaims();
  private hands: { readonly viewer: number; readonly world: DrivenWorld } | undefined;

  constructor(session: WatchedSession) {
    this.session = session;
  }

  /** Who watches and who drives: as it is now, then every change. */
  get changes(): Observable<ServerMessageOf<'audience'>> {
    return this.told.asObservable();
  }

  /** A viewer looks; coming again is as good as once. */
  join(viewer: number): void {
    this.present.set(viewer, false);
    this.update();
  }

  /** A viewer has gone. */
  leave(viewer: number): void {
    this.present.delete(viewer);
    this.autos.withdraw(viewer);
    this.letGo(viewer);
    this.update();
  }

  /** A viewer has stopped looking, or looks again. Whoever watches alone finds the controls where they left them. */
  stall(viewer: number, stalled: boolean): void {
    if (!this.present.has(viewer)) return;
    this.present.set(viewer, stalled);
    if (stalled && this.watched()) this.letGo(viewer);
    this.update();
  }

  /** Does what a viewer asks, or says why not. */
  request(viewer: number, request: ViewerRequest, asker: Asker): Refusal | undefined {
    if (request.type === 'fill') return this.filling.begin(request, this.session.filler, asker);
    if (request.type === 'auto') return this.claim(viewer, request);
    if (request.type === 'configure') return this.session.receive(this.mayChoose(viewer, request));
    if (request.type !== 'drive') return this.session.receive(request);
    const { direction, world } = request;
    const other = this.hands !== undefined && this.hands.viewer !== viewer ? this.hands.viewer : undefined;
    if (direction === null) {
      if (other === undefined) this.letGo(viewer);
      return undefined;
    }
    if (other !== undefined) {
      const message = `Viewer ${other} has the controls; take them when they have been given back.`;
      return { type: 'error', code: 'hands-taken', message };
    }
    this.hands = { viewer, world };
    this.update();
    return this.session.receive(request);
  }

  private claim(viewer: number, { on, chosen }: AutoRequest): undefined {
    if (on) this.autos.claim(viewer, chosen);
    else this.autos.withdraw(viewer);
    this.update();
  }

  /** What a viewer configures, without steps that its auto mode chose where its budget does not count. */
  private mayChoose(viewer: number, request: ConfigureRequest): ConfigureRequest {
    const { rendererSteps, ...settings } = request.settings;
    if (rendererSteps === undefined || this.chooser() === viewer) return request;
    if (request.auto) return { ...request, settings };
    this.autos.clear(); // somebody has chosen by hand
    this.update();
    return request;
  }

  /** Whose frame budget chooses the renderer steps. */
  private chooser(): number | undefined {
    return this.autos.owner((viewer) => this.present.get(viewer) === false);
  }

  private letGo(viewer: number): void {
    if (this.hands?.viewer !== viewer) return;
    const { world } = this.hands;
    this.hands = undefined;
    this.session.receive({ type: 'drive', request: 0, direction: null, world });
    this.update();
  }

  private watched(): boolean {
    return [...this.present.values()].some((stalled) => !stalled);
  }

  private update(): void {
    this.session.hold(!this.watched());
    const { hands, present } = this;
    const auto = this.chooser();
    const now = {
      type: 'audience',
      viewers: present.size,
      ...(hands && { hands }),
      ...(auto !== undefined && { auto }),
    } as const;
    const { value } = this.told;
    const same = value.viewers === now.viewers && value.hands?.viewer === hands?.viewer && value.auto === auto;
    if (!same || value.hands?.world !== hands?.world) this.told.next(now);
  }
}
