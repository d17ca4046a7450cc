import type { AppConfig, ProviderConfig } from '../config/app-config.ts';
import { isLoopbackHost } from '../config/formats.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Whether the address that people see and the one that is listened on fit what this installation is for. */
export function addressFindings(config: AppConfig): readonly Finding[] {
  const { publicUrl, host, port, production } = config;
  const findings = [ok('address', `${publicUrl} to people, ${host}:${port} to this machine.`)];
  const isPublic = !isLoopbackHost(new URL(publicUrl).hostname);
  if (isPublic && !publicUrl.startsWith('https:')) {
    findings.push(
      warn('address', 'PUBLIC_URL is not https: what passes can be read on its way.', 'Put TLS in front of it.'),
    );
  }
  if (production && !isPublic) {
    findings.push(
      warn('address', 'PUBLIC_URL is this machine’s own.', 'Set it to the address that people and providers see.'),
    );
  }
  if (!production && !isLoopbackHost(host)) {
    findings.push(
      warn('address', 'Other machines can reach it, and it is not in production.', 'Set NODE_ENV=production.'),
    );
  }
  return findings;
}

export function integrationFindings(config: AppConfig): readonly Finding[] {
  return [...config.providers].map(([name, provider]) => integrationFinding(name, provider, config));
}

function integrationFinding(name: string, provider: ProviderConfig, config: AppConfig): Finding {
  const { clientId, redirectUri } = provider;
  if (clientId === undefined) {
    if (config.demo) return ok(name, `The sandbox plays it. A real app registers ${redirectUri}`);
    const prefix = name.toUpperCase().replaceAll('-', '_');
    const advice = `Register ${redirectUri} with the provider; set ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET.`;
    return warn(name, 'It is not configured.', advice);
  }
  const isOurs = new URL(redirectUri).origin === config.publicUrl;
  if (!isOurs) {
    return warn(name, `It is configured, but ${redirectUri} is not below PUBLIC_URL.`, 'Make sure it leads here.');
  }
  return isWebSafe(redirectUri)
    ? ok(name, `It is configured. The provider must know the callback ${redirectUri}`)
    : fail(
        name,
        `Providers refuse callbacks without TLS, such as ${redirectUri}`,
        'Set PUBLIC_URL to an https address.',
      );
}

function isWebSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopbackHost(hostname);
}
