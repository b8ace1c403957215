// The kinds of sets: SET_KIND of kernels.ts.

export const LIST: i32 = 1;
export const COMPLEMENT: i32 = 33;
export const RUNS: i32 = 64;
export const PLANES: i32 = 65;
export const MAX_PARAMETER: i32 = 24;
export const EMPTY: i32 = 0;
