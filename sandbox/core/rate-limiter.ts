export interface Limit {
  readonly max: number;
  readonly windowMs: number;
  /** How long everything is refused once the limit was broken; 0: only until the window has room. */
  readonly penaltyMs?: number;
}

export interface LimitState {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Whole seconds, at least 1, until a request passes again; 0 when this one did. */
  readonly retryAfterSeconds: number;
}

interface Window {
  hits: number[];
  blockedUntil: number;
}

const MAX_WINDOWS = 10_000;

/** Sliding windows by key: at most `max` requests in any `windowMs`. Refused requests don't count. */
export class RateLimiter {
  private readonly windows = new Map<string, Window>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  take(key: string, limit: Limit): LimitState {
    const now = this.now();
    const window = this.windowOf(key);
    window.hits = window.hits.filter((hit) => hit > now - limit.windowMs);
    if (window.blockedUntil > now) return refused(window.blockedUntil - now);
    const oldest = window.hits[0];
    if (window.hits.length >= limit.max && oldest !== undefined) {
      const penaltyMs = limit.penaltyMs ?? 0;
      if (penaltyMs > 0) window.blockedUntil = now + penaltyMs;
      return refused(penaltyMs > 0 ? penaltyMs : oldest + limit.windowMs - now);
    }
    window.hits.push(now);
    return { allowed: true, remaining: limit.max - window.hits.length, retryAfterSeconds: 0 };
  }

  private windowOf(key: string): Window {
    const known = this.windows.get(key) ?? { hits: [], blockedUntil: 0 };
    // Re-inserted so that the map stays in order of use and the least recently used goes first.
    this.windows.delete(key);
    this.windows.set(key, known);
    if (this.windows.size > MAX_WINDOWS) {
      const oldest = this.windows.keys().next().value;
      if (oldest !== undefined) this.windows.delete(oldest);
    }
    return known;
  }
}

function refused(waitMs: number): LimitState {
  return { allowed: false, remaining: 0, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
}
