import type { INestApplication, Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { ACCESS, type Access } from '../callers/access.ts';
import { API_ERRORS } from '../errors/api-errors.ts';
import type { ErrorCode } from '../errors/error-code.ts';

/** What the decorators of a route say that OpenAPI's own don't. */
export interface RouteFacts {
  readonly access: Access;
  /** What the handler itself refuses with. */
  readonly errors: readonly ErrorCode[];
}

export function operationId(controller: string, method: string): string {
  return `${controller.replace(/Controller$/, '')}_${method}`;
}

/** The facts of every route by operation id. @throws TypeError for a route that says nothing of its callers */
export function routeFacts(application: INestApplication): ReadonlyMap<string, RouteFacts> {
  const reflector = application.get(Reflector);
  const facts = new Map<string, RouteFacts>();
  for (const controller of controllersOf(application)) {
    const prototype = controller.prototype as Record<string, (...values: never[]) => unknown>;
    for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata('path', handler)) continue;
      const access = reflector.getAllAndOverride<Access | undefined>(ACCESS, [handler, controller]);
      if (access === undefined) throw new TypeError(`${controller.name}.${name} doesn't say who may call it.`);
      const errors = reflector.get<readonly ErrorCode[] | undefined>(API_ERRORS, handler) ?? [];
      facts.set(operationId(controller.name, name), { access, errors });
    }
  }
  return facts;
}

function controllersOf(application: INestApplication): readonly Type[] {
  const modules = [...application.get(ModulesContainer, { strict: false }).values()];
  const wrappers = modules.flatMap((module) => [...module.controllers.values()]);
  return wrappers.map(({ metatype }) => metatype as Type);
}
