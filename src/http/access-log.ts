import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { requestIdOf } from './request-id.ts';

const MAX_PATH_LENGTH = 200;
/** Longer than any word of ours: a state, say, in a request that was refused before it met its route. */
const OPAQUE_SEGMENT = /[^/]{24,}/g;

/**
 * One line a request: id, method, route, status, time, address. No header and no query is ever logged; where a route has
 * parameters, its pattern stands in for them (a state is nobody's business).
 */
export function accessLog(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: (_request, response) => requestIdOf(response),
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'request_id' },
    autoLogging: true,
    customLogLevel: (request, response) => {
      if (response.statusCode >= 500) return 'warn';
      return isProbeOrFile(request) ? 'debug' : 'info';
    },
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customSuccessObject: (request, response, value: object) => ({ ...value, ...line(request, response) }),
    customErrorObject: (request, response, _error, value: object) => ({ ...value, ...line(request, response) }),
  });
}

/** What the line has beside the request id, which pino-http binds to it. */
function line(request: Request, response: Response) {
  return {
    method: request.method,
    route: routeOf(request),
    status: response.statusCode,
    ip: request.ip,
  };
}

function routeOf(request: Request): string {
  const route: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof route === 'string' ? route : pathOf(request).replace(OPAQUE_SEGMENT, '…').slice(0, MAX_PATH_LENGTH);
}

function pathOf(request: Request): string {
  const [path = ''] = request.originalUrl.split('?', 1);
  // Of a path that met no route, as of a state in it, nobody need know more than its shape. Node lets bytes above ASCII in.
  return path.replace(/[^\x20-\x7e]/g, '?').replace(/[A-Za-z0-9_-]{32,}/g, '…');
}

function isProbeOrFile(request: Request): boolean {
  return /^\/(?:health|assets|docs|favicon)/.test(pathOf(request));
}
