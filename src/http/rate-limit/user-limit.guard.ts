import { Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { Response } from 'express';
import { spend } from './rate-limit.ts';

/**
 * The throttlers that need to know the caller: comes after the guard that finds out. Keys, headers and the refusal are
 * ours; the throttler's own key has the route in it, so that every route would have a budget of its own.
 */
@Injectable()
export class UserLimitGuard extends ThrottlerGuard {
  protected override async handleRequest(props: ThrottlerRequest): Promise<boolean> {
    const { req, res } = this.getRequestResponse(props.context);
    const { limit, ttl, throttler } = props;
    const tracker = await props.getTracker(req, props.context);
    const policy = { name: throttler.name ?? 'user', limit, windowMs: ttl };
    await spend(this.storageService, policy, tracker, res as Response);
    return true;
  }
}
