/** Throws nothing at all. */
throw null;

export default undefined;
