import { hash53 } from '../core/hash.ts';
import type { SandboxSettings } from '../core/settings.ts';
import { iso, oldestFirst, type Times } from '../core/timeline.ts';
import { hubspotAccount, type HubspotAccount } from './account.ts';
import type { ObjectType } from './object-types.ts';
import { ownProperties, type Properties } from './properties.ts';

export interface CrmObject {
  readonly id: string;
  readonly properties: Readonly<Properties>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
  readonly url: string;
}

/** When somebody edited many records at once. It is later than any of them was made. */
const BULK_EDIT_MS = Date.UTC(2026, 9, 1, 0, 5);

/** One account's records. Ids are consecutive numbers from where the type begins, in the order of creation. */
export class HubspotData {
  readonly account: HubspotAccount;
  readonly items: number;
  private readonly scope: string;
  private readonly editedAtOnce: number;
  private readonly firstIds = new Map<ObjectType, number>();

  constructor(seed: string, account: number, items: number, editedAtOnce = 0) {
    this.scope = `${seed}/hubspot/${account}`;
    this.items = items;
    this.editedAtOnce = editedAtOnce;
    this.account = hubspotAccount(seed, account);
  }

  static of({ seed, items, hubspot }: SandboxSettings, account: number): HubspotData {
    return new HubspotData(seed, account, items, hubspot.editedAtOnce);
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

  /** The same for the same records. */
  get key(): string {
    return `${this.scope}/${this.items}/${this.editedAtOnce}`;
  }

  /** How many of a type don't. */
  get live(): number {
    return this.items - Math.floor(this.items / 41);
  }

  times(type: ObjectType, index: number): Times {
    const times = oldestFirst(`${this.scope}/${type.name}`, index, this.items);
    return index < this.editedAtOnce ? { ...times, updatedMs: BULK_EDIT_MS } : times;
  }

  /** Every property a record has. */
  allProperties(type: ObjectType, index: number): Properties {
    const { createdMs, updatedMs } = this.times(type, index);
    // Not spread into another object: some properties are drawn when they are read.
    const properties = ownProperties(type, `${this.scope}/${type.name}`, index, createdMs);
    properties[type.createdProperty] = iso(createdMs);
    properties[type.modifiedProperty] = iso(updatedMs);
    properties['hs_object_id'] = this.id(type, index);
    return properties;
  }

  object(type: ObjectType, index: number, wanted: readonly string[]): CrmObject {
    const all = this.allProperties(type, index);
    const { [type.createdProperty]: createdAt, [type.modifiedProperty]: updatedAt, hs_object_id: id } = all;
    const properties: Properties = {};
    // Properties nobody knows are left out of the answer.
    const add = (name: string): void => {
      const value = all[name];
      if (value !== undefined && Object.hasOwn(all, name)) properties[name] = value;
    };
    (wanted.length > 0 ? wanted : type.defaultProperties).forEach(add);
    [type.createdProperty, 'hs_object_id', type.modifiedProperty].forEach(add);
    const archived = this.isArchived(index);
    return {
      id: id ?? '',
      properties,
      createdAt: createdAt ?? '',
      updatedAt: updatedAt ?? '',
      archived,
      ...(archived ? { archivedAt: iso(this.times(type, index).updatedMs + 60_000) } : {}),
      url: `https://app.hubspot.com/contacts/${this.account.hubId}/record/${type.typeId}/${id ?? ''}`,
    };
  }

  firstId(type: ObjectType): number {
    const known = this.firstIds.get(type);
    if (known !== undefined) return known;
    const first = 10_000_001 + (hash53(`${this.scope}/${type.name}/first`) % 900) * 100_000_000;
    this.firstIds.set(type, first);
    return first;
  }
}
