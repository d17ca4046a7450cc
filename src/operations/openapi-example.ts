/** As much of a JSON schema as our documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

export type Schemas = Readonly<Record<string, Schema>>;

export const TIME_EXAMPLE = '2026-03-14T09:26:53.000Z';

/**
 * An example put together from those of the members, so that each stands where the member is declared. Members that may be
 * left out are in it when they have one of their own.
 */
export function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.$ref !== undefined) return exampleOf(resolved(schema.$ref, schemas), schemas);
  if (schema.example !== undefined) return schema.example;
  if (schema.properties !== undefined) return objectExample(schema, schemas);
  if (schema.items !== undefined) return [exampleOf(schema.items, schemas)];
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.format === 'date-time') return TIME_EXAMPLE;
  const [type] = [schema.type ?? 'null'].flat();
  if (Array.isArray(schema.type) && schema.type.includes('null')) return null;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return true;
  return type === 'string' ? 'text' : null;
}

function objectExample({ properties = {}, required = [] }: Schema, schemas: Schemas): Record<string, unknown> {
  const shown = Object.entries(properties).filter(
    ([name, member]) => required.includes(name) || member.example !== undefined,
  );
  return Object.fromEntries(shown.map(([name, member]) => [name, exampleOf(member, schemas)]));
}

export function resolved($ref: string, schemas: Schemas): Schema {
  const schema = schemas[$ref.slice($ref.lastIndexOf('/') + 1)];
  if (schema === undefined) throw new TypeError(`The document has no ${$ref}.`);
  return schema;
}
