import { readFileSync } from 'node:fs';
import { type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import { Browser } from '../support/http-browser.ts';
import { freePort } from '../support/patchbay.ts';

/** The built service in a process of its own, whose memory and clock are nobody else's. Build before (`ensureBuilt`). */
export class ServiceProcess {
  readonly url: string;
  readonly program: Program;
  readonly folder: Folder;

  private constructor(url: string, program: Program, folder: Folder) {
    this.url = url;
    this.program = program;
    this.folder = folder;
  }

  /** Resolves when it serves. @param environment beside the demo's: the sandbox, a store, and what a test is about */
  static async start(environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const folder = temporaryFolder();
    const port = await freePort();
    const program = new Program(
      'dist/src/main.js',
      {
        DEMO: 'true',
        PORT: String(port),
        DATA_DIR: folder.path,
        LOG_LEVEL: 'warn',
        RATE_LIMIT_PER_MINUTE: '0',
        RATE_LIMIT_PER_MINUTE_USER: '0',
        REFRESH_AHEAD: 'false',
        // Other tests run beside this one, on few cores.
        MAX_LOOP_DELAY_MS: '0',
        PACE_FACTOR: '10000',
        ...environment,
      },
      folder.path,
    );
    const service = new ServiceProcess(`http://localhost:${port}`, program, folder);
    try {
      await program.said('Patchbay is ready');
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  newBrowser(): Browser {
    return new Browser(this.url);
  }

  /** Bytes of memory that are its own and in use, and the most there ever were. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.program.pid}/status`, 'utf8');
    const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    return { now: 1024 * kilobytes('VmRSS'), peak: 1024 * kilobytes('VmHWM') };
  }

  async stop(): Promise<void> {
    await this.program.stop('SIGKILL');
    this.folder.remove();
  }
}
