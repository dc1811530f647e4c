/**
 * Holds the page's state and tells who listens when a part of it changes. Events go in by `dispatch`, one at a time;
 * `select` gives a stream of any value derived from the state, the present one first and then only real changes.
 */
import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import { initialPageState, type PageEvent, type PageState, reduce } from './pageState.ts';

export interface Store {
  readonly state: PageState;
  dispatch(event: PageEvent): void;
  /** A derived value and its changes; compared by identity. */
  select<T>(project: (state: PageState) => T): Observable<T>;
}

/** A store that starts out empty. */
export function createStore(): Store {
  const subject = new BehaviorSubject(initialPageState);
  return {
    get state() {
      return subject.value;
    },
    dispatch: (event) => subject.next(reduce(subject.value, event)),
    select: (project) => subject.pipe(map(project), distinctUntilChanged()),
  };
}
