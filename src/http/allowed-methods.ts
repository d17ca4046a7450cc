interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods by which the application answers at a path, by asking Express's own router. */
export function allowedMethods(application: unknown, path: string): readonly string[] {
  const { router } = application as { router?: { stack: readonly RouteLayer[] } };
  const methods = new Set<string>();
  for (const layer of router?.stack ?? []) {
    if (layer.route === undefined || !layer.match(path)) continue;
    for (const [method, answers] of Object.entries(layer.route.methods)) {
      if (answers && method !== '_all') methods.add(method.toUpperCase());
    }
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
