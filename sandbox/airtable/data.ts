import { accountOf, type Account } from '../core/accounts.ts';
import { Draw } from '../core/draw.ts';
import { airtableId } from '../core/identifiers.ts';
import { oddityOf, personOf, titleOf } from '../core/names.ts';
import { iso, oldestFirst } from '../core/timeline.ts';

const PERMISSION_LEVELS = ['create', 'create', 'edit', 'comment', 'read'] as const;
const TABLE_NAMES = ['Tasks', 'People', 'Companies', 'Content calendar', 'Assets'] as const;
const STATUSES = ['Todo', 'In progress', 'Done'] as const;

export interface AirtableUser extends Account {
  readonly id: string;
}

export interface Base {
  readonly id: string;
  readonly name: string;
  readonly permissionLevel: string;
}

export interface Field {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly options?: unknown;
  readonly description?: string;
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
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Everything one account can see. `scope` is its data scope, `items` how long its listings are. */
export class AirtableData {
  readonly user: AirtableUser;
  readonly items: number;
  private readonly scope: string;

  constructor(seed: string, account: number, items: number) {
    this.scope = `${seed}/airtable/${account}`;
    this.items = items;
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
    return index !== null && index < this.items ? index : null;
  }

  tables(baseIndex: number): Table[] {
    const count = 1 + new Draw(`${this.scope}/tables/${baseIndex}`).int(TABLE_NAMES.length);
    return TABLE_NAMES.slice(0, count).map((name, index) => this.table(baseIndex, index, name));
  }

  record(baseIndex: number, table: Table, index: number): AirtableRecord {
    const scope = `${this.scope}/${baseIndex}/${table.id}`;
    const draw = new Draw(`${scope}/record/${index}`);
    const { createdMs } = oldestFirst(scope, index, this.items);
    const person = personOf(scope, index);
    const cells: Record<string, unknown> = {
      Name: titleOf(scope, index),
      Status: draw.oneIn(4) ? null : draw.pick(STATUSES),
      Estimate: draw.oneIn(3) ? null : draw.int(40) / 2,
      Done: draw.oneIn(2) ? true : null,
      Due: draw.oneIn(3) ? null : iso(createdMs + draw.int(90) * 86_400_000).slice(0, 10),
      Owner: person.first === null ? null : { id: this.user.id, email: this.user.email, name: this.user.person },
      Total: oddityOf(index) === 'hostile' ? { error: '#ERROR!' } : draw.int(1000),
    };
    // Empty cells are left out, never sent as null.
    const fields = Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== null));
    return { id: airtableId.make('rec', scope, index), createdTime: iso(createdMs), fields };
  }

  recordIndex(baseIndex: number, table: Table, id: string): number | null {
    const index = airtableId.index('rec', `${this.scope}/${baseIndex}/${table.id}`, id);
    return index !== null && index < this.items ? index : null;
  }

  private table(baseIndex: number, index: number, name: string): Table {
    const scope = `${this.scope}/${baseIndex}/${index}`;
    const fields = fieldsOf(scope);
    return {
      id: airtableId.make('tbl', `${this.scope}/${baseIndex}`, index),
      name: index === 0 ? (titleOf(`${this.scope}/table`, baseIndex) ?? name) : name,
      ...(index % 2 === 0 ? { description: `${name} of the team` } : {}),
      primaryFieldId: fields[0]?.id ?? '',
      fields,
      views: ['grid', 'kanban'].map((type, view) => ({
        id: airtableId.make('viw', scope, view),
        name: type === 'grid' ? 'Grid view' : 'By status',
        type,
      })),
    };
  }
}

function fieldsOf(scope: string): Field[] {
  const shapes: readonly Omit<Field, 'id'>[] = [
    { name: 'Name', type: 'singleLineText' },
    {
      name: 'Status',
      type: 'singleSelect',
      options: {
        choices: STATUSES.map((name, index) => ({
          id: airtableId.make('sel', scope, index),
          name,
          color: 'blueLight2',
        })),
      },
    },
    { name: 'Estimate', type: 'number', options: { precision: 1 } },
    { name: 'Done', type: 'checkbox', options: { icon: 'check', color: 'greenBright' } },
    { name: 'Due', type: 'date', options: { dateFormat: { name: 'iso', format: 'YYYY-MM-DD' } } },
    { name: 'Owner', type: 'singleCollaborator', options: {} },
    {
      name: 'Total',
      type: 'formula',
      options: {
        formula: '{Estimate} * 25',
        isValid: true,
        referencedFieldIds: [airtableId.make('fld', scope, 2)],
        result: { type: 'number', options: { precision: 0 } },
      },
    },
  ];
  return shapes.map((shape, index) => ({ id: airtableId.make('fld', scope, index), ...shape }));
}
