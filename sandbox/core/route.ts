import type { Call, Reply } from './message.ts';

/** What a fault's `endpoint` may name: the authorization endpoint, the token endpoint (and what is beside it), the rest. */
export type EndpointKind = 'authorize' | 'token' | 'api';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  /** Segments, `{name}` for a parameter: this text is also the key in the statistics. */
  readonly path: string;
  readonly kind: EndpointKind;
  readonly handle: (call: Call) => Reply;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** A provider as the server sees it. */
export interface Provider {
  readonly routes: readonly Route[];
  /** The provider's own error shape for a status that no handler chose (unknown path, injected fault, our bug). */
  errorFor(status: number, kind: EndpointKind): Reply;
  /** The answer to a path or method that isn't served. */
  unknownPath(call: Call): Reply;
}

interface CompiledRoute {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Finds the route of a request; literal segments win over parameters when they are listed first. */
export class RouteTable {
  private readonly compiled: readonly CompiledRoute[];

  constructor(routes: readonly Route[]) {
    this.compiled = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  find(method: string, path: string): Match | null {
    // HubSpot's SDK asks for /crm/v3/owners/.
    const segments = path.replace(/(.)\/$/, '$1').split('/');
    for (const { route, segments: pattern } of this.compiled) {
      if (route.method !== method || pattern.length !== segments.length) continue;
      const params = matchSegments(pattern, segments);
      if (params) return { route, params };
    }
    return null;
  }
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [position, expected] of pattern.entries()) {
    const actual = segments[position] ?? '';
    if (!expected.startsWith('{')) {
      if (expected !== actual) return null;
      continue;
    }
    const decoded = decodeSegment(actual);
    if (!decoded) return null;
    params[expected.slice(1, -1)] = decoded;
  }
  return params;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
