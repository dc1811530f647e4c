/** The engines' names, apart from what runs them: the command line knows them before it loads anything. */
export const engineNames = ['cpu', 'webgpu', 'cuda', 'tensorflow', 'wasm'] as const;

export type EngineName = (typeof engineNames)[number];
