/**
 * Whose frame budget chooses the renderer steps of a session. A page in auto mode chooses them for its own budget, and
 * two that did so would take turns; so one owns the choice: whoever chose auto last, or its budget in it, of those who
 * look. A page that merely came with auto, by its address or after a lost connection, takes it from nobody. Whoever
 * chooses a number of steps by hand ends the auto mode of all.
 */
export class AutoClaims {
  /** Viewers in auto mode, the latest choice last. */
  private claims: readonly number[] = [];

  /** A viewer is in auto mode: by a choice made now, or as it came. */
  claim(viewer: number, chosen: boolean): void {
    const others = this.claims.filter((each) => each !== viewer);
    this.claims = chosen ? [...others, viewer] : [viewer, ...others];
  }

  /** A viewer is not, or not any more. */
  withdraw(viewer: number): void {
    this.claims = this.claims.filter((each) => each !== viewer);
  }

  /** Nobody is in auto mode any more. */
  clear(): void {
    this.claims = [];
  }

  /** Whose budget counts, given who looks; nobody's where none is in auto mode. */
  owner(looks: (viewer: number) => boolean): number | undefined {
    return this.claims.findLast(looks) ?? this.claims.at(-1);
  }
}
