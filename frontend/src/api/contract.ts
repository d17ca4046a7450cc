import type { paths } from './schema.d.ts';

/*
 * The document has the paths of each integration by its name. All integrations keep one contract (a suite of the service
 * sees to it), so the page has them once, for whichever integration the service tells it of.
 */

/** The paths of one integration stand for all. */
type Exemplar = '/integrations/airtable';

type Named<Parameters> = Omit<Parameters, 'path'> & {
  path: { integration: string } & (Parameters extends { path: infer Path } ? Path : unknown);
};

type ForAny<PathItem> = {
  [Method in keyof PathItem]: PathItem[Method] extends { parameters: infer Parameters }
    ? Omit<PathItem[Method], 'parameters'> & { parameters: Named<Parameters> }
    : PathItem[Method];
};

type IntegrationPaths = {
  [
    Path in keyof paths as Path extends `${Exemplar}/${infer Rest}` ? `/integrations/{integration}/${Rest}` : never
  ]: ForAny<paths[Path]>;
};

/** The service's paths as the page asks for them. */
export type Contract = Omit<paths, `/integrations/${string}`> & IntegrationPaths;
