// What the same answers cost on Express 5 alone: no checks, no store, no log, no identity. Run as a child.
import express, { type Request, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { Agent, request as send } from 'undici';

/** What the parent tells: the answer to credentials, and of whom and from where items are loaded. */
export interface BareSetup {
  readonly credentials: unknown;
  readonly providerUrl: string;
  readonly connectionId: string;
}

interface Bases {
  readonly bases: readonly { readonly id: string; readonly name: string }[];
}

/** As long as one of ours. */
const CHECKPOINT = `pb1.generated-00000000.${'x'.repeat(440)}`;

async function load({ providerUrl, connectionId }: BareSetup, dispatcher: Agent) {
  const answer = await send(`${providerUrl}/meta/bases`, {
    dispatcher,
    headers: { authorization: 'Bearer bench-access' },
  });
  const { bases } = (await answer.body.json()) as Bases;
  return {
    items: bases.map(({ id, name }) => ({ ...item(id, name), integration: 'airtable', connection_id: connectionId })),
    next_cursor: null,
    checkpoint: CHECKPOINT,
    complete: true,
    stale: false,
    as_of: new Date().toISOString(),
    failures: [],
    changes: [],
  };
}

function item(id: string, name: string) {
  return {
    id,
    type: 'base',
    directory: true,
    parent_path_or_name: null,
    parent_id: null,
    name,
    creation_time: null,
    last_modified_time: null,
    url: `https://airtable.com/${id}`,
    children: null,
    mime_type: null,
    delta: null,
    drive_id: null,
    visibility: true,
  };
}

process.once('message', (setup: BareSetup) => {
  const dispatcher = new Agent({ connections: 64 });
  const application = express().disable('x-powered-by').disable('etag').use(express.json());
  application.post('/integrations/airtable/credentials', (_request: Request, response: Response) => {
    response.json(setup.credentials);
  });
  application.post('/integrations/airtable/load', async (_request: Request, response: Response) => {
    response.json(await load(setup, dispatcher));
  });
  const server = application.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
process.once('disconnect', () => process.exit(0));
