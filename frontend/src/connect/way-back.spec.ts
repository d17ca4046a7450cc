import { describe, expect, it } from '@jest/globals';
import { wayBack } from './way-back.ts';

describe('The way back', () => {
  it('tells what was connected, beside what the address says already', () => {
    const connected = { integration: 'notion', connection_id: 'con_1' };
    expect(wayBack('https://app.example/settings?tab=2#top', connected)).toBe(
      'https://app.example/settings?tab=2&status=connected&integration=notion&connection_id=con_1#top',
    );
  });

  it('is the address itself when nothing was', () => {
    expect(wayBack('https://app.example/settings', null)).toBe('https://app.example/settings');
  });
});
