import { describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { startPatchbay } from '../support/patchbay.ts';

const API_POLICY = "default-src 'none'";

/** What a proxy in front would send on: the Host that people see, over plain http. */
function asked(url: string, host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer)).on('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
}

describe('Every answer', () => {
  it('tells browsers to stay on https where people see https, and only there', async () => {
    const plain = await startPatchbay();
    const secure = await startPatchbay({ environment: { DEMO: 'false', PUBLIC_URL: 'https://patchbay.example' } });
    try {
      const overHttp = await asked(plain.url, new URL(plain.url).host, '/integrations');
      expect(overHttp).not.toMatch(/strict-transport-security/i);
      expect(overHttp).not.toContain('upgrade-insecure-requests');
      const overHttps = await asked(secure.url, 'patchbay.example', '/integrations');
      expect(overHttps).toMatch(/strict-transport-security: max-age=\d{8}/i);
      expect(overHttps).toContain('upgrade-insecure-requests');
    } finally {
      await Promise.all([plain.close(), secure.close()]);
    }
  });

  it.each(['/', '/docs', '/health/live', '/openapi.json', '/integrations', '/nothing/here'])(
    'to %s keeps scripts, frames and types to what is ours',
    async (path) => {
      const patchbay = await startPatchbay();
      try {
        const { headers } = await patchbay.newBrowser().unsigned('GET', path);
        const policy = headers.get('content-security-policy') ?? '';
        expect(policy).toContain(API_POLICY);
        expect(policy).toMatch(/script-src 'self'(?:;|$)/);
        expect(policy).toContain("frame-ancestors 'none'");
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('x-powered-by')).toBeNull();
      } finally {
        await patchbay.close();
      }
    },
  );

  it('lets pages of ALLOWED_ORIGINS, and no others, frame what a connect link opens, and nothing else', async () => {
    const patchbay = await startPatchbay();
    try {
      await patchbay.restart({ DEMO: 'false', ALLOWED_ORIGINS: `${patchbay.url},https://app.example` });
      const headersOf = async (path: string) => (await patchbay.newBrowser().unsigned('GET', path)).headers;
      const framed = await headersOf('/connect');
      expect(framed.get('content-security-policy')).toContain(`frame-ancestors ${patchbay.url} https://app.example`);
      expect(framed.get('x-frame-options')).toBeNull();
      expect(framed.get('content-security-policy')).toMatch(/script-src 'self'(?:;|$)/);
      for (const path of [
        '/',
        '/explore',
        '/connect/',
        '/connect/x',
        '/docs',
        '/connections',
        '/integrations/slack/oauth2callback',
      ]) {
        const others = await headersOf(path);
        expect([path, others.get('content-security-policy')]).toEqual([
          path,
          expect.stringContaining("frame-ancestors 'none'"),
        ]);
        expect([path, others.get('x-frame-options')]).toEqual([path, 'DENY']);
      }
    } finally {
      await patchbay.close();
    }
  });
});
