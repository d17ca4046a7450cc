import type { NestExpressApplication } from '@nestjs/platform-express';

interface RouteLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** Every route the application answers, as Express holds them: `GET /connections`. */
export function routesOf(application: NestExpressApplication): readonly string[] {
  const { router } = application.getHttpAdapter().getInstance() as unknown as {
    readonly router: { readonly stack: readonly RouteLayer[] };
  };
  const routes = router.stack.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${route?.path ?? ''}`),
  );
  return [...new Set(routes)].sort();
}
