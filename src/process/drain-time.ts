/** How long requests that are under way may go on after a process was asked to end. */
export const DRAIN_TIMEOUT_MS = 25_000;
