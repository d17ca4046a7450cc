import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { integrationNames } from './registry.ts';

/** @throws PatchbayError `unknown_integration` */
export function refuseUnknownIntegration(name: string): void {
  if (integrationNames.includes(name)) return;
  const message = `There is no such integration. There are: ${integrationNames.join(', ')}.`;
  throw new PatchbayError('unknown_integration', message);
}

/** Tells an integration that doesn't exist from a path that doesn't exist below one that does. */
@Injectable()
export class KnownIntegrationMiddleware implements NestMiddleware {
  use(request: Request, _response: Response, next: NextFunction): void {
    const [, , name] = request.originalUrl.split(/[/?]/, 3);
    if (name !== undefined && name !== '') refuseUnknownIntegration(name);
    next();
  }
}
