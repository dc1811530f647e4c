/** The types of `resolveHook.mjs`, as far as `importPlugin.ts` uses it. */
export function initialize(data: { readonly installation: string; readonly workingDirectory: string }): void;

export interface Resolution {
  readonly url: string;
  readonly format?: string | null;
}

export function resolveSync(
  specifier: string,
  context: unknown,
  nextResolve: (specifier: string, context: unknown) => Resolution,
): Resolution;
