import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** What Nest says of itself while it starts: of use to who changes the house, noise to who runs it. */
const ABOUT_ITSELF: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

@Injectable()
export class ApplicationLogger extends Logger {
  override log(message: unknown, ...details: unknown[]): void {
    if (ABOUT_ITSELF.has(details.at(-1))) this.debug(message, ...details);
    else super.log(message, ...details);
  }
}
