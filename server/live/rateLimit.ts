/**
 * A token bucket: `perSecond` events on average and `burst` at once, by an injected clock.
 */
import type { Clock } from '../../shared/clock.ts';

export interface RateLimitConfig {
  readonly perSecond: number;
  readonly burst: number;
}

export class RateLimit {
  private readonly config: RateLimitConfig;
  private readonly clock: Clock;
  private tokens: number;
  private filledAt: number;

  constructor(config: RateLimitConfig, clock: Clock) {
    this.config = config;
    this.clock = clock;
    this.tokens = config.burst;
    this.filledAt = clock.now();
  }

  /** Whether one more event is within the limit; if so, it is counted. */
  take(): boolean {
    const now = this.clock.now();
    const { perSecond, burst } = this.config;
    this.tokens = Math.min(burst, this.tokens + (perSecond * (now - this.filledAt)) / 1000);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
