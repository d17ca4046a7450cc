import { accountOf, type Account } from '../core/accounts.ts';
import { Draw } from '../core/draw.ts';
import { airtableId } from '../core/identifiers.ts';
import { oddityOf, personOf, titleOf } from '../core/names.ts';
import { iso, oldestFirst, type Times } from '../core/timeline.ts';
import { fieldsOf, STATUSES, type Field } from './fields.ts';
import { PRIMARY_KINDS, TEXT_PRIMARY, type PrimaryKind } from './primary-field.ts';
import type { Sizes } from './sizes.ts';

const PERMISSION_LEVELS = ['create', 'create', 'edit', 'comment', 'read'] as const;
const TABLE_NAMES = ['Tasks', 'People', 'Companies', 'Content calendar', 'Assets'] as const;

export interface AirtableUser extends Account {
  readonly id: string;
}

export interface Base {
  readonly id: string;
  readonly name: string;
  readonly permissionLevel: string;
}

export interface Table {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly primaryFieldId: string;
  readonly fields: readonly Field[];
  readonly views: readonly { readonly id: string; readonly name: string; readonly type: string }[];
}

export interface AirtableRecord {
  readonly id: string;
  readonly createdTime: string;
  readonly commentCount?: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A table with what its records are drawn from. */
export interface TableSpot {
  readonly table: Table;
  readonly scope: string;
  readonly primary: PrimaryKind;
}

/** Everything one account can see. */
export class AirtableData {
  readonly user: AirtableUser;
  readonly sizes: Sizes;
  private readonly scope: string;

  constructor(seed: string, account: number, sizes: Sizes) {
    this.scope = `${seed}/airtable/${account}`;
    this.sizes = sizes;
    this.user = { ...accountOf(seed, 'airtable', account), id: airtableId.make('usr', this.scope, account) };
  }

  base(index: number): Base {
    const draw = new Draw(`${this.scope}/base/${index}`);
    return {
      id: airtableId.make('app', this.scope, index),
      name: titleOf(`${this.scope}/base`, index) ?? 'Untitled Base',
      permissionLevel: draw.pick(PERMISSION_LEVELS),
    };
  }

  /** The position of a base, `null` when the account has none of this id. */
  baseIndex(id: string): number | null {
    const index = airtableId.index('app', this.scope, id);
    return index !== null && index < this.sizes.bases ? index : null;
  }

  tables(baseIndex: number): Table[] {
    return Array.from({ length: this.tableCount(baseIndex) }, (_, index) => this.spot(baseIndex, index).table);
  }

  /** A table by its id or, as the API allows, its name. */
  tableCalled(baseIndex: number, wanted: string): TableSpot | null {
    const count = this.tableCount(baseIndex);
    const index = airtableId.index('tbl', `${this.scope}/${baseIndex}`, wanted);
    if (index !== null) return index < count ? this.spot(baseIndex, index) : null;
    for (let other = 0; other < count; other++) {
      if (this.tableName(baseIndex, other) === wanted) return this.spot(baseIndex, other);
    }
    return null;
  }

  times({ scope }: TableSpot, index: number): Times {
    return oldestFirst(scope, index, this.sizes.recordsPerTable);
  }

  recordId({ scope }: TableSpot, index: number): string {
    return airtableId.make('rec', scope, index);
  }

  record(spot: TableSpot, index: number): AirtableRecord {
    const { scope, primary } = spot;
    const draw = new Draw(`${scope}/record/${index}`);
    const { createdMs, updatedMs } = this.times(spot, index);
    const person = personOf(scope, index);
    const cells: Record<string, unknown> = {
      Name: primary.cell({
        scope,
        index,
        createdMs,
        draw: new Draw(`${scope}/name/${index}`),
        title: titleOf(scope, index),
      }),
      Status: draw.oneIn(4) ? null : draw.pick(STATUSES),
      Estimate: draw.oneIn(3) ? null : draw.int(40) / 2,
      Done: draw.oneIn(2) ? true : null,
      Due: draw.oneIn(3) ? null : iso(createdMs + draw.int(90) * 86_400_000).slice(0, 10),
      Owner: person.first === null ? null : { id: this.user.id, email: this.user.email, name: this.user.person },
      Total: oddityOf(index) === 'hostile' ? { error: '#ERROR!' } : draw.int(1000),
      Changed: iso(updatedMs),
    };
    // Empty cells are left out, never sent as null; those of fields that the table hasn't, when the answer is made.
    const fields = Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== null));
    return { id: this.recordId(spot, index), createdTime: iso(createdMs), fields };
  }

  recordIndex({ scope }: TableSpot, id: string): number | null {
    const index = airtableId.index('rec', scope, id);
    return index !== null && index < this.sizes.recordsPerTable ? index : null;
  }

  private tableCount(baseIndex: number): number {
    const drawn = () => 1 + new Draw(`${this.scope}/tables/${baseIndex}`).int(TABLE_NAMES.length);
    return this.sizes.tablesPerBase ?? drawn();
  }

  private tableName(baseIndex: number, index: number): string {
    const round = Math.floor(index / TABLE_NAMES.length);
    const name = TABLE_NAMES[index % TABLE_NAMES.length] ?? '';
    if (index === 0) return titleOf(`${this.scope}/table`, baseIndex) ?? name;
    return round === 0 ? name : `${name} ${round + 1}`;
  }

  private spot(baseIndex: number, index: number): TableSpot {
    const scope = `${this.scope}/${baseIndex}/${index}`;
    const odd = PRIMARY_KINDS[(baseIndex * 7 + index) % PRIMARY_KINDS.length];
    // A base's first table is what people expect, the others are what they make of it.
    const primary = index === 0 || odd === undefined ? TEXT_PRIMARY : odd;
    const fields = fieldsOf(scope, primary, (baseIndex + index) % 2 === 1);
    const id = airtableId.make('tbl', `${this.scope}/${baseIndex}`, index);
    const name = this.tableName(baseIndex, index);
    const table = {
      id,
      name,
      ...(index % 2 === 0 ? { description: `${name} of the team` } : {}),
      primaryFieldId: fields[0]?.id ?? '',
      fields,
      views: ['grid', 'kanban'].map((type, view) => ({
        id: airtableId.make('viw', scope, view),
        name: type === 'grid' ? 'Grid view' : 'By status',
        type,
      })),
    };
    return { table, primary, scope: `${this.scope}/${baseIndex}/${id}` };
  }
}
