import { NestFactory } from '@nestjs/core';
import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ThrottlerStorage } from '@nestjs/throttler';
import { PinoLogger } from 'nestjs-pino';
import { pino, type Logger } from 'pino';
import { measure } from './app.metrics.ts';
import { AppModule } from './app.module.ts';
import type { AppConfig } from './config/app-config.ts';
import { configuredKeyRing } from './crypto/configured-key-ring.ts';
import { ApplicationLogger } from './http/application-logger.ts';
import { accessLog } from './http/access-log.ts';
import { readRawBody } from './http/body.ts';
import { answerBrokenRequests } from './http/broken-request.ts';
import { admitRequests } from './http/front.ts';
import { ownOrigins, requireOwnAuthority } from './http/own-authority.ts';
import { findPage, openAtPublicUrl, servePage } from './http/page.ts';
import { limitByAddress } from './http/rate-limit/address-limit.ts';
import { uncounted } from './http/rate-limit/uncounted.ts';
import { requestId } from './http/request-id.ts';
import { securityHeaders } from './http/security-headers.ts';
import { DRAIN_TIMEOUT_MS } from './process/drain-time.ts';
import { RequestGate } from './process/request-gate.ts';
import { SlowReaders } from './process/slow-readers.ts';
import { serveOpenApi } from './operations/openapi.ts';

const IDLE_CHECK_MS = 50;
const REQUEST_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than a load balancer's, so that it is never the one to reuse a connection just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Logs to standard output unless a test listens elsewhere. */
export function createLogger(config: Pick<AppConfig, 'logLevel'>, destination?: { write(line: string): void }): Logger {
  const options = { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * The application as main and the tests run it, ready to listen.
 * @param page folder of the frontend's files. Default: where they are built.
 */
export async function createApplication(
  config: AppConfig,
  logger = createLogger(config),
  page = findPage(),
): Promise<NestExpressApplication> {
  configuredKeyRing(config, (path) =>
    logger.warn(`Made an encryption key in ${path}: back it up, the grants open with it alone.`),
  );
  const application = await NestFactory.create<NestExpressApplication>(AppModule.of(config, logger), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  application.useLogger(new ApplicationLogger(await application.resolve(PinoLogger), {}));
  mountEdge(application, config, logger, page);
  serveOpenApi(application, config.publicUrl);
  tuneServer(application, config);
  return application;
}

/** In the order a request meets it. */
function mountEdge(
  application: NestExpressApplication,
  config: AppConfig,
  logger: Logger,
  page: string | undefined,
): void {
  application.disable('x-powered-by');
  application.disable('etag');
  application.set('trust proxy', [...config.trustedProxies]);
  application.use(requestId, accessLog(logger), securityHeaders(config.publicUrl, config.allowedOrigins));
  // Answers preflights itself, so that they spend nobody's budget, and lets frontends read a refusal by what follows.
  application.enableCors({
    origin: [...config.allowedOrigins],
    credentials: true,
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'Warning', 'Accept-Signature', 'RateLimit', 'RateLimit-Policy'],
    maxAge: 600,
  });
  const windows = application.get<ThrottlerStorage>(ThrottlerStorage);
  application.use(limitByAddress(windows, config.rateLimitPerMinute, uncounted(page, config.metrics.token)));
  application.use(
    openAtPublicUrl(config.publicUrl, config.allowedOrigins),
    requireOwnAuthority(ownOrigins(config), config.metrics.token),
  );
  application.use(readRawBody());
  if (page === undefined) logger.warn('The page is not built: "npm run build" makes it. The API works without.');
  else application.use(servePage(page));
}

function tuneServer(application: NestExpressApplication, config: AppConfig): void {
  const server = application.getHttpServer();
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  const observe = measure(application);
  const gate = application.get(RequestGate, { strict: false });
  admitRequests(server, gate, {
    allowedOrigins: config.allowedOrigins,
    readers: application.get(SlowReaders, { strict: false }),
    observe,
  });
  // RFC 9110 §10.1.1 lets a server pass over an expectation it doesn't know. Node's own refusal has no body.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  answerBrokenRequests(server);
}

/**
 * Requests under way are served to their end; connections that won't end are cut. A connection that served one of them is
 * idle only afterwards, when Node no longer looks for idle ones by itself: its client would hold the process up.
 */
export function endInTime(server: Server): void {
  const looking = setInterval(() => {
    // As long as newcomers get an answer, a connection may bring one.
    if (!server.listening) server.closeIdleConnections();
  }, IDLE_CHECK_MS).unref();
  const waiting = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS).unref();
  server.once('close', () => {
    clearInterval(looking);
    clearTimeout(waiting);
  });
}
