/** A process that refreshes one connection, finishes one authorization or seals all anew, and is killed at it. */
import { Secret } from '../../src/errors/secret.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { airtableClient, identifyAt } from './airtable-client.ts';
import { connectionsRoom, type ConnectionsRoom } from './connections-room.ts';
import { ownerOf, SIGNS, type CrashJob } from './crash-job.ts';
import { reseal } from './resealing.ts';
import { openStoreAt } from './store-place.ts';
import { say, Steps } from './watched-ports.ts';

const job = JSON.parse(process.argv[2] ?? '') as CrashJob;
const store = await openStoreAt(job.store);
await store.ping();
const steps = new Steps(job.blow);
const outbound = new OutboundClient();
const watchedOutbound = steps.watchOutbound(outbound);
const watchedStore = steps.watchStore(store);
const room = connectionsRoom(watchedStore, watchedOutbound, job.encryptionKeys);
say(SIGNS.ready);
await work(room);
await room.settled();
say(SIGNS.finished);
await outbound.close();
await store.close();

async function work({ tokens, flow }: ConnectionsRoom): Promise<void> {
  const { task, providerUrl } = job;
  const client = airtableClient(providerUrl);
  if (task.kind === 'refresh') {
    await tokens.use(client, { owner: ownerOf(task.orgId), connectionId: task.connectionId });
  } else if (task.kind === 'reseal') {
    await reseal(watchedStore, task.encryptionKeys);
  } else {
    const response = { kind: 'code', state: task.state, code: new Secret(task.code) } as const;
    await flow.complete(client, response, undefined, identifyAt(watchedOutbound, providerUrl));
  }
}
