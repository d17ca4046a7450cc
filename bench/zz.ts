import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Flooded } from './flood.ts';
import { connect, OWNER, startProvider, startService } from './service.ts';
const USERS = Array.from({ length: 40 }, (_, n) => ({ ...OWNER, user_id: `bench-user-${n}` }));
const q = (v: readonly number[], p: number) => { const s = v.toSorted((a, b) => a - b); return s[Math.min(s.length - 1, Math.floor(p * s.length))] ?? NaN; };
const provider = await startProvider(50);
const service = await startService(provider);
for (const owner of USERS) await connect(service, owner);
async function flood(asked: object): Promise<readonly [Flooded, Flooded]> {
  const plan = { url: new URL('/integrations/airtable/load', service.url).href, bodies: USERS.map((o) => JSON.stringify({ ...o, item_types: ['base'], page_size: 100 })), keyId: service.key.keyId, secret: service.secret, settleSeconds: 0, connections: 1000, ...asked };
  const child = fork(join(import.meta.dirname, 'flood.ts'), { execArgv: ['--disable-warning=ExperimentalWarning'] });
  child.send(plan);
  const [f] = (await once(child, 'message')) as [readonly [Flooded, Flooded]];
  return f;
}
await flood({ seconds: 2, rate: 40 });
const [, idle] = await flood({ seconds: 5, rate: 40 });
const rate = Number(process.env['RATE'] ?? 3000);
for (let i = 0; i < Number(process.env['TIMES'] ?? 1); i++) {
  const [first, busy] = await flood({ seconds: 8, settleSeconds: 2, rate });
  for (const [n, f] of Object.entries({ idle, first, busy })) console.log(n.padEnd(6), JSON.stringify(f.statuses), 'p50', q(f.served, 0.5).toFixed(0), 'p90', q(f.served, 0.9).toFixed(0), 'p99', q(f.served, 0.99).toFixed(0), 'max', q(f.served, 1).toFixed(0), 'ratio', (q(f.served, 0.99) / q(idle.served, 0.99)).toFixed(2));
}
service.stop(); provider.stop();
setTimeout(() => process.exit(), 6000);
