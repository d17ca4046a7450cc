import { readFileSync } from 'node:fs';

/** What Linux calls this run of the machine: another after each start of it, the same for all of its processes. */
export function machineBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
