import { availabilityStrings } from './strings/availability.ts';
import { connectStrings } from './strings/connect.ts';
import { connectionsStrings } from './strings/connections.ts';
import { disconnectStrings } from './strings/disconnect.ts';
import { failuresStrings } from './strings/failures.ts';
import { focusedStrings } from './strings/focused.ts';
import { integrationsStrings } from './strings/integrations.ts';
import { itemsStrings } from './strings/items.ts';
import { ownerStrings } from './strings/owner.ts';
import { pageStrings } from './strings/page.ts';
import { returnedStrings } from './strings/returned.ts';
import { sessionStrings } from './strings/session.ts';
import { statusStrings } from './strings/status.ts';

/** Every word the page says, by the room that says it. A translation is another such object. */
export const strings = {
  page: pageStrings,
  availability: availabilityStrings,
  focused: focusedStrings,
  owner: ownerStrings,
  session: sessionStrings,
  integrations: integrationsStrings,
  connections: connectionsStrings,
  disconnect: disconnectStrings,
  connect: connectStrings,
  returned: returnedStrings,
  load: itemsStrings,
  status: statusStrings,
  failures: failuresStrings,
};
