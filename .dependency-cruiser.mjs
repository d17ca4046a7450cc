// Who may import whom: the table of docs/architecture.md, room by room. What isn't allowed here is an error.
const ROOMS = {
  errors: [],
  config: ['errors'],
  storage: ['errors', 'config'],
  crypto: ['errors', 'config'],
  outbound: ['storage', 'errors', 'config'],
  oauth: ['outbound', 'errors'],
  callers: ['crypto', 'storage', 'errors', 'config'],
  connections: ['oauth', 'outbound', 'crypto', 'storage', 'errors', 'config'],
  items: ['connections', 'outbound', 'crypto', 'storage', 'errors', 'config'],
  backup: ['connections', 'callers', 'crypto', 'storage', 'errors', 'config'],
  process: ['errors', 'config'],
  http: ['callers', 'process', 'storage', 'errors', 'config'],
  operations: ['callers', 'outbound', 'process', 'storage', 'errors', 'config'],
};
const VENDOR = '^src/integrations/([a-z0-9-]+)/';
const SHARED = '^src/integrations/(?:[^/]+\\.ts$|dto/)';

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room}-imports`,
  comment: `${room} may import ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [room, ...allowed].map((name) => `^src/${name}/`) },
}));

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'integrations-root-imports',
      severity: 'error',
      from: { path: SHARED, pathNot: '^src/integrations/registry\\.ts$' },
      to: {
        path: '^src/',
        pathNot: ['items', 'connections', 'callers', 'oauth', 'outbound', 'errors', 'config']
          .map((name) => `^src/${name}/`)
          .concat(SHARED),
      },
    },
    {
      name: 'vendor-imports',
      comment:
        'a vendor sees the integrations root, items, outbound and errors; connections only through modules and types',
      severity: 'error',
      from: { path: VENDOR, pathNot: ['^src/integrations/dto/', '\\.spec\\.ts$', '/fixtures/'] },
      to: {
        path: '^src/',
        pathNot: ['^src/integrations/$1/', SHARED, '^src/(?:items|callers|outbound|errors)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'vendor-types',
      severity: 'error',
      from: { path: VENDOR, pathNot: ['^src/integrations/dto/', '\\.spec\\.ts$', '/fixtures/'] },
      to: {
        path: '^src/',
        pathNot: ['^src/integrations/$1/', SHARED, '^src/(?:items|callers|outbound|errors|oauth|connections)/'],
      },
    },
    {
      name: 'registry-alone-knows-vendors',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/integrations/registry\\.ts$', VENDOR] },
      to: { path: '^src/integrations/(?!dto/)[a-z0-9-]+/' },
    },
    {
      name: 'sandbox-stands-alone',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(?:src|frontend|test|bench)/' },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:sandbox|frontend|test|bench)/' },
    },
    {
      name: 'frontend-stands-alone',
      severity: 'error',
      from: { path: '^frontend/' },
      to: { path: '^(?:src|sandbox|bench)/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      // A browser's script is asked for by its address, not imported.
      from: { orphan: true, path: '^(?:src|sandbox)/', pathNot: ['\\.spec\\.ts$', '\\.browser\\.js$'] },
      to: {},
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: { path: '^(?:src|sandbox)/', pathNot: ['\\.spec\\.ts$', '/fixtures/'] },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
