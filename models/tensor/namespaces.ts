/**
 * Several named trees as one: `{ parameters: { 'a/kernel': … } }` ↔ `{ 'parameters:a/kernel': … }`. A program has one
 * flat list of inputs and one of outputs, and a checkpoint is one flat file.
 */

type Named<T> = Readonly<Record<string, T>>;

/** One tree of all, each name behind its group's. */
export function joined<T>(groups: Readonly<Record<string, Named<T>>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, tree]) =>
      Object.entries(tree).map(([name, value]): [string, T] => [`${group}:${name}`, value]),
    ),
  );
}

/** The groups back; empty ones are absent. */
export function grouped<T>(tree: Named<T>): Record<string, Record<string, T>> {
  const groups: Record<string, Record<string, T>> = {};
  for (const [path, value] of Object.entries(tree)) {
    const colon = path.indexOf(':');
    const group = path.slice(0, colon);
    groups[group] ??= {};
    groups[group][path.slice(colon + 1)] = value;
  }
  return groups;
}
