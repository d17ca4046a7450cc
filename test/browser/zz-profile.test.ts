import { expect, it, beforeAll } from '@jest/globals';
import { performance } from 'node:perf_hooks';
import { BrowserStage } from '../support/browser-stage.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { startPatchbay } from '../support/patchbay.ts';
import { launchChromium, describeWithChromium } from '../support/chromium.ts';
const cpu = () => { const u = process.cpuUsage(); return ((u.user + u.system) / 1000).toFixed(0); };
console.log('imported: process up', process.uptime(), cpu());
describeWithChromium('profile', () => {
  it('x', async () => {
    for (let i = 0; i < 2; i++) {
    let t = performance.now(); let c = cpu();
    const lap = (n: string) => { console.log(n, (performance.now() - t).toFixed(0), 'cpu', Number(cpu()) - Number(c)); t = performance.now(); c = cpu(); };
    ensureBuilt(); lap('ensureBuilt');
    const p = await startPatchbay(); lap('patchbay');
    const b = await launchChromium(); lap('chromium');
    await b.close(); lap('close'); await p.close(); lap('close p');
    }
  });
});
