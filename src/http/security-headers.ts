import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { FRAMED_PATH } from './page.ts';

/**
 * Headers on every answer. Pages with other needs (the callback page) set their own policy over these.
 * @param allowedOrigins whose pages may frame the one page that is made for it
 */
export function securityHeaders(publicUrl: string, allowedOrigins: readonly string[]): RequestHandler {
  const https = publicUrl.startsWith('https:');
  const unframed = headers(https, ["'none'"]);
  const framed = headers(https, allowedOrigins);
  return (request, response, next) => (request.path === FRAMED_PATH ? framed : unframed)(request, response, next);
}

/** @param frameAncestors as in the policy; X-Frame-Options can't name an origin, and is sent where nobody may */
function headers(https: boolean, frameAncestors: readonly string[]): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The component library styles elements as it goes; a style can't act.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors,
        // Over plain http (loopback) this would send the page's own scripts to an https that isn't there.
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https,
    // A popup must keep its way back to the page that opened it.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: frameAncestors.includes("'none'") ? { action: 'deny' } : false,
  });
}
