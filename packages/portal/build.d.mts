/** Resolves when `dist` holds the portal as the server serves it at /portal/. */
export function buildPortal(options?: { quiet?: boolean }): Promise<void>;
