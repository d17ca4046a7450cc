import { Draw } from '../core/draw.ts';
import { hash53 } from '../core/hash.ts';
import { companyOf, personOf, titleOf } from '../core/names.ts';
import { iso, oldestFirst } from '../core/timeline.ts';
import { hubspotAccount, type HubspotAccount } from './account.ts';
import type { ObjectType } from './object-types.ts';

export interface CrmObject {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
  readonly url: string;
}

type Properties = Record<string, string | null>;

const DEAL_STAGES = ['appointmentscheduled', 'qualifiedtobuy', 'contractsent', 'closedwon', 'closedlost'] as const;

/** One account's records. Ids are consecutive numbers from where the type begins, in the order of creation. */
export class HubspotData {
  readonly account: HubspotAccount;
  readonly items: number;
  private readonly scope: string;

  constructor(seed: string, account: number, items: number) {
    this.scope = `${seed}/hubspot/${account}`;
    this.items = items;
    this.account = hubspotAccount(seed, account);
  }

  id(type: ObjectType, index: number): string {
    return String(this.firstId(type) + index);
  }

  /** The position of an id; `null` when the account has no such record. */
  index(type: ObjectType, id: string): number | null {
    const index = /^\d{1,15}$/.test(id) ? Number(id) - this.firstId(type) : -1;
    return index >= 0 && index < this.items ? index : null;
  }

  /** One in 41 lies in the bin: a listing shows it only with `archived=true`. */
  isArchived(index: number): boolean {
    return index % 41 === 40;
  }

  object(type: ObjectType, index: number, wanted: readonly string[]): CrmObject {
    const id = this.id(type, index);
    const { createdMs, updatedMs } = oldestFirst(`${this.scope}/${type.name}`, index, this.items);
    const all: Properties = {
      ...this.ownProperties(type, index, createdMs),
      createdate: iso(createdMs),
      [type.modifiedProperty]: iso(updatedMs),
      hs_object_id: id,
    };
    const names = [
      ...new Set([...(wanted.length > 0 ? wanted : type.defaultProperties), ...ALWAYS, type.modifiedProperty]),
    ];
    return {
      id,
      // Properties nobody knows are left out of the answer.
      properties: Object.fromEntries(
        names.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name] ?? null]),
      ),
      createdAt: iso(createdMs),
      updatedAt: iso(updatedMs),
      archived: this.isArchived(index),
      ...(this.isArchived(index) ? { archivedAt: iso(updatedMs + 60_000) } : {}),
      url: `https://app.hubspot.com/contacts/${this.account.hubId}/record/${type.typeId}/${id}`,
    };
  }

  private firstId(type: ObjectType): number {
    return 10_000_001 + (hash53(`${this.scope}/${type.name}/first`) % 900) * 100_000_000;
  }

  private ownProperties(type: ObjectType, index: number, createdMs: number): Properties {
    const scope = `${this.scope}/${type.name}`;
    const draw = new Draw(`${scope}/${index}`);
    switch (type.name) {
      case 'contacts':
        return contact(scope, index, draw);
      case 'companies': {
        const name = titleOf(scope, index) === null ? null : companyOf(scope, index);
        return {
          name,
          domain: draw.oneIn(9) ? null : `company-${index}.example`,
          city: draw.pick(CITIES),
          industry: null,
        };
      }
      case 'deals':
        return {
          dealname: titleOf(scope, index),
          amount: draw.oneIn(7) ? null : String(draw.int(90_000) + 100),
          closedate: draw.oneIn(5) ? null : iso(createdMs + draw.int(90) * 86_400_000),
          dealstage: draw.pick(DEAL_STAGES),
          pipeline: 'default',
        };
      default:
        return {
          subject: titleOf(scope, index),
          content: draw.oneIn(3) ? null : 'It stopped working after the update.\nCan you help?',
          hs_pipeline: '0',
          hs_pipeline_stage: String(1 + draw.int(4)),
          hs_ticket_priority: draw.oneIn(4) ? null : draw.pick(['LOW', 'MEDIUM', 'HIGH']),
        };
    }
  }
}

const ALWAYS = ['createdate', 'hs_object_id'];
const CITIES = ['Berlin', 'Lagos', 'Lima', 'Osaka', 'Tromsø', 'Zürich'] as const;

/** A contact may lack first and last name, e-mail, or all of them. */
function contact(scope: string, index: number, draw: Draw): Properties {
  const { first, last } = personOf(scope, index);
  return {
    firstname: first,
    lastname: draw.oneIn(11) ? null : last,
    email: index % 19 === 7 || index % 46 === 7 ? null : `contact-${index}@people.example`,
    phone: draw.oneIn(2) ? null : `+1 555 01${String(draw.int(100)).padStart(2, '0')}`,
    company: draw.oneIn(3) ? null : companyOf(scope, index),
    jobtitle: null,
    lifecyclestage: draw.pick(['lead', 'customer', 'subscriber']),
  };
}
