import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

interface LockEntry {
  readonly integrity?: string;
  readonly link?: boolean;
}

describe('The lock file', () => {
  it('has a checksum of every package', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, LockEntry>>;
    };
    const installed = Object.entries(packages).filter(
      ([path, { link }]) => path.includes('node_modules/') && link !== true,
    );
    expect(installed.length).toBeGreaterThan(500);
    expect(
      installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([path]) => path),
    ).toEqual([]);
  });
});

describe('The Node that npm scripts run on', () => {
  let folder: string;
  let linked: string;

  beforeEach(() => {
    // Programs run from there: memory folders often forbid that.
    folder = mkdtempSync(join(tmpdir(), 'patchbay-node-'));
    const bin = join(folder, 'node_modules', '.bin');
    linked = join(bin, 'node');
    for (const made of [join(folder, 'tools'), bin]) mkdirSync(made, { recursive: true });
    cpSync(join(ROOT, 'tools', 'ensure-node.mjs'), join(folder, 'tools', 'ensure-node.mjs'));
    writeFileSync(linked, '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const installed = (system: string, settings: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(folder, 'tools', 'ensure-node.mjs')], {
      encoding: 'utf8',
      env: { ...settings, npm_node_execpath: system },
    });

  it('is the one of the lock file', () => {
    expect(installed(process.execPath).status).toBe(0);
    expect(existsSync(linked)).toBe(true);
  });

  it('is that of the system with SYSTEM_NODE=1', () => {
    expect(installed(process.execPath, { SYSTEM_NODE: '1' }).status).toBe(0);
    expect(existsSync(linked)).toBe(false);
  });

  it('is not that of the system when that is too old, and the installation says so', () => {
    const old = join(folder, 'old-node');
    writeFileSync(old, '#!/bin/sh\necho v22.18.0\n', { mode: 0o755 });
    const { status, stderr } = installed(old, { SYSTEM_NODE: '1' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('SYSTEM_NODE=1 needs Node 22.19 or newer, and this is v22.18.0.');
    expect(existsSync(linked)).toBe(true);
  });
});
