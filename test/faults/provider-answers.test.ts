import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import {
  drip,
  hang,
  startProviderStub,
  type Answer,
  type ProviderStub,
} from '../../src/outbound/fixtures/provider-stub.ts';
import { SELF_SIGNED } from '../../src/outbound/fixtures/self-signed.ts';
import { LIMITS, OutboundClient } from '../../src/outbound/outbound-client.ts';
import type { OutboundError } from '../../src/outbound/outbound-error.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer as OurAnswer, Browser } from '../support/http-browser.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, isSoak, ms } from './fault-row.ts';
import { ServiceProcess } from './service.ts';

const MEGABYTE = 1024 * 1024;
const HUNG_CALLS = isSoak ? 20_000 : 1_000;
const AT_ONCE = 50;

const request = (url: URL) =>
  ({ integration: 'acme', endpoint: 'api', method: 'GET', url, repeatable: 'never' }) as const;

const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('A provider that takes its time', () => {
  let provider: ProviderStub;

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(async () => {
    provider = await startProviderStub();
  });
  afterEach(() => provider.close());

  /** Milliseconds until such an answer is given up, with the deadlines that the product has. */
  async function givenUpAfter(path: string): Promise<number> {
    const client = new OutboundClient();
    const durations: number[] = [];
    client.observe(({ durationMs }) => void durations.push(durationMs));
    const refused = client.call(request(new URL(path, provider.url)));
    await expect(refused).rejects.toMatchObject({ code: 'provider_timeout' });
    await eventually(
      () => provider.sockets(),
      (open) => open === 0,
    );
    await client.close();
    return durations[0] ?? Number.NaN;
  }

  fault('a provider hangs, or drips a byte a second', '≤ 10.5 s an attempt, sockets closed', async (measured) => {
    const byPath: Readonly<Record<string, Answer>> = { '/hang': hang, '/drip': drip(1_000) };
    provider.answer = (response, received) => byPath[received.url.pathname]?.(response, received);
    const [hung, dripped] = await Promise.all([givenUpAfter('/hang'), givenUpAfter('/drip')]);
    measured(`hang given up after ${ms(hung)}, drip after ${ms(dripped)}, ${await provider.sockets()} sockets open`);
    expect(LIMITS.attemptTimeoutMs).toBe(10_000);
    expect(Math.max(hung, dripped)).toBeLessThanOrEqual(10_500);
  });

  fault(`${HUNG_CALLS} calls hang`, '0 sockets, 0 timers leak', async (measured) => {
    provider.answer = hang;
    const client = new OutboundClient({ limits: { connections: AT_ONCE } });
    const hung = () =>
      client.call({ ...request(new URL('/', provider.url)), attemptTimeoutMs: 30 }).catch(() => undefined);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await hung();
    const before = { timers: timers(), sockets: sockets() };
    for (let made = 0; made < HUNG_CALLS; made += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, hung));
    await eventually(
      () => provider.sockets(),
      (open) => open === 0,
    );
    const after = { timers: timers(), sockets: sockets() };
    measured(`${after.sockets - before.sockets} sockets, ${after.timers - before.timers} timers more than before`);
    expect(provider.requests.length).toBeGreaterThan(HUNG_CALLS / 2);
    expect(after.sockets).toBeLessThanOrEqual(before.sockets);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 1);
    await client.close();
  });
});

describe('A server that does not prove to be the provider', () => {
  fault('a bad certificate', '0 requests, no fall-back to http', async (measured) => {
    let requests = 0;
    let plain = 0;
    const server = createTlsServer(SELF_SIGNED, (_received, response) => {
      requests += 1;
      response.end('{}');
    });
    server.on(
      'tlsClientError',
      (error: NodeJS.ErrnoException) => (plain += Number(error.code === 'ERR_SSL_HTTP_REQUEST')),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = new OutboundClient();
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const error = (await client
      .call({ ...request(url), repeatable: 'freely' })
      .catch((reason: unknown) => reason)) as OutboundError;
    measured(`${error.code}; ${requests} requests, ${plain} in plain text`);
    expect([error.code, requests, plain]).toEqual(['provider_protocol_error', 0, 0]);
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('A provider that lies', () => {
  /** One type of item, and so one call, each: no circuit opens by what a row does to the next. */
  const ITEM_TYPE = { airtable: 'base', notion: 'page', hubspot: 'contact', slack: 'channel' } as const;
  const PROVIDERS = Object.keys(ITEM_TYPE) as (keyof typeof ITEM_TYPE)[];
  let sandbox: Sandbox;
  let control: SandboxControl;
  let service: ServiceProcess;
  let browser: Browser;
  let user = 0;

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    control = new SandboxControl(sandbox);
    service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url });
    browser = service.newBrowser();
  });
  beforeEach(() => control.reset());
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
  });

  /** Somebody's first load while the provider's answers are like that: there is no earlier one to be shown. */
  async function loadUnder(provider: keyof typeof ITEM_TYPE, mode: string, status?: number): Promise<OurAnswer> {
    const owner = { user_id: `user-${(user += 1)}`, org_id: 'acme' };
    await browser.connect(provider, owner);
    await control.fault({ provider, endpoint: 'api', mode, ...(status === undefined ? {} : { status }) });
    const answer = await browser.post(`/integrations/${provider}/load`, {
      ...owner,
      item_types: [ITEM_TYPE[provider]],
    });
    await control.clearFaults();
    return answer;
  }

  /** Whether it serves on, and has had nothing to say that nobody caught. */
  async function expectUnharmed(): Promise<void> {
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('# TYPE patchbay_stray_errors_total counter');
    const strays = [...metrics.matchAll(/^patchbay_stray_errors_total\S* (\d+)$/gm)].map(([, count]) => Number(count));
    expect(strays.filter((count) => count > 0)).toEqual([]);
  }

  for (const mode of ['truncate', 'html'] as const) {
    const WHAT = { truncate: 'an answer shorter than its length', html: 'HTML with 200' };
    fault(WHAT[mode], 'typed 502, 0 unhandled rejections', async (measured) => {
      const told = new Set<string>();
      for (const provider of PROVIDERS) {
        const { status, json } = await loadUnder(provider, mode);
        told.add(`${status} ${String(json['error'])}`);
      }
      measured(`${[...told].join(', ')} from ${PROVIDERS.length} providers`);
      expect([...told]).toEqual(['502 provider_protocol_error']);
      await expectUnharmed();
    });
  }

  fault('200 with `ok: false`', 'typed 502', async (measured) => {
    const { status, json } = await loadUnder('slack', 'status', 200);
    measured(`${status} ${String(json['error'])}`);
    expect([status, json['error']]).toEqual([502, 'provider_error']);
  });

  for (const [mode, what] of [
    ['huge', 'a body of 1 GB'],
    ['gzip_bomb', 'a gzip bomb'],
  ] as const) {
    fault(what, 'cut at the cap, memory grows < 30 MB', async (measured) => {
      for (let warm = 0; warm < 3; warm += 1) await loadUnder('hubspot', 'slow');
      const before = service.memory().now;
      const { status, json } = await loadUnder('hubspot', mode);
      const grownMb = (service.memory().now - before) / MEGABYTE;
      measured(`${status} ${String(json['error'])}; ${grownMb.toFixed(1)} MB`);
      expect([status, json['error']]).toEqual([502, 'provider_protocol_error']);
      expect(grownMb).toBeLessThan(30);
      await expectUnharmed();
    });
  }

  fault('a redirect to elsewhere', 'refused, 0 requests to the second host', async (measured) => {
    const { status, json } = await loadUnder('notion', 'redirect');
    const { requests } = await control.stats('notion');
    const there = Object.entries(requests).filter(([route]) => route.includes('/elsewhere'));
    measured(`${status} ${String(json['error'])}; ${there.length} requests`);
    expect([status, json['error'], there]).toEqual([502, 'provider_protocol_error', []]);
  });
});
