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
import { SandboxControl, type Fault } from '../support/sandbox-control.ts';
import { fault, isSoak } from './fault-row.ts';
import { ServiceProcess } from './service.ts';

const MEGABYTE = 1024 * 1024;
const HUNG_CALLS = isSoak ? 20_000 : 1_000;
const AT_ONCE = 50;
const ATTEMPT_MS = 10_500;
const GROWTH_MB = 30;

const request = (url: URL) =>
  ({ integration: 'acme', endpoint: 'api', method: 'GET', url, repeatable: 'never' }) as const;

const active = (resource: string): number =>
  process.getActiveResourcesInfo().filter((name) => name === resource).length;

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

  fault('a provider hangs, or drips a byte a second', '≤ 10.5 s an attempt, sockets closed', async (report) => {
    const byPath: Readonly<Record<string, Answer>> = { '/hang': hang, '/drip': drip(1_000) };
    provider.answer = (response, received) => byPath[received.url.pathname]?.(response, received);
    const [hung, dripped] = await Promise.all([givenUpAfter('/hang'), givenUpAfter('/drip')]);
    report.say('all sockets closed');
    report.atMost('hang given up after', hung, ATTEMPT_MS);
    report.atMost('drip given up after', dripped, ATTEMPT_MS);
    expect(LIMITS.attemptTimeoutMs).toBe(10_000);
  });

  fault(`${HUNG_CALLS} calls hang`, '0 sockets, 0 timers leak', async (report) => {
    provider.answer = hang;
    const client = new OutboundClient({ limits: { connections: AT_ONCE } });
    const hung = () =>
      client.call({ ...request(new URL('/', provider.url)), attemptTimeoutMs: 30 }).catch(() => undefined);
    await hung();
    const before = { timers: active('Timeout'), sockets: active('TCPSocketWrap') };
    for (let made = 0; made < HUNG_CALLS; made += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, hung));
    await eventually(
      () => provider.sockets(),
      (open) => open === 0,
    );
    // Timers of the connections themselves end a moment later.
    const after = await eventually(
      () => ({ timers: active('Timeout'), sockets: active('TCPSocketWrap') }),
      (now) => now.sockets <= before.sockets && now.timers <= before.timers + 1,
    );
    report.say(`${after.sockets - before.sockets} sockets, ${after.timers - before.timers} timers more than before`);
    report.atLeast('reached the provider', (100 * provider.requests.length) / HUNG_CALLS, 50, '%');
    await client.close();
  });
});

describe('A server that does not prove to be the provider', () => {
  fault('a bad certificate', '0 requests, no fall-back to http', async (report) => {
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
    report.say(`${error.code}; ${requests} requests, ${plain} in plain text`);
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
  async function loadUnder(
    provider: keyof typeof ITEM_TYPE,
    mode: string,
    more: Partial<Fault> = {},
  ): Promise<OurAnswer> {
    const owner = { user_id: `user-${(user += 1)}`, org_id: 'acme' };
    await browser.connect(provider, owner);
    await control.fault({ provider, endpoint: 'api', mode, ...more });
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
    fault(WHAT[mode], 'typed 502, 0 unhandled rejections', async (report) => {
      const told = new Set<string>();
      for (const provider of PROVIDERS) {
        const { status, json } = await loadUnder(provider, mode);
        told.add(`${status} ${String(json['error'])}`);
      }
      report.say(`${[...told].join(', ')} from ${PROVIDERS.length} providers`);
      expect([...told]).toEqual(['502 provider_protocol_error']);
      await expectUnharmed();
    });
  }

  fault('200 with `ok: false`', 'typed 502', async (report) => {
    const { status, json } = await loadUnder('slack', 'status', { status: 200 });
    report.say(`${status} ${String(json['error'])}`);
    expect([status, json['error']]).toEqual([502, 'provider_error']);
  });

  for (const [mode, what] of [
    ['huge', 'a body of 1 GB'],
    ['gzip_bomb', 'a gzip bomb'],
  ] as const) {
    fault(what, 'cut at the cap, memory grows < 30 MB', async (report) => {
      for (let warm = 0; warm < 3; warm += 1) await loadUnder('hubspot', 'slow', { delay_ms: 1 });
      const before = service.memory().now;
      const { status, json } = await loadUnder('hubspot', mode);
      report.say(`${status} ${String(json['error'])}`);
      report.atMost('memory grown by', (service.memory().now - before) / MEGABYTE, GROWTH_MB, 'MB');
      expect([status, json['error']]).toEqual([502, 'provider_protocol_error']);
      await expectUnharmed();
    });
  }

  fault('a redirect to elsewhere', 'refused, 0 requests to the second host', async (report) => {
    const { status, json } = await loadUnder('notion', 'redirect');
    const { requests } = await control.stats('notion');
    const there = Object.entries(requests).filter(([route]) => route.includes('/elsewhere'));
    report.say(`${status} ${String(json['error'])}; ${there.length} requests`);
    expect([status, json['error'], there]).toEqual([502, 'provider_protocol_error', []]);
  });
});
