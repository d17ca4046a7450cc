import { expect, it } from '@jest/globals';
import { UsageError } from './command.ts';
import { loadArguments } from './load-arguments.ts';

const WHO = ['--user', 'ann', '--org', 'acme'];

it.each([
  [[], /INTEGRATION is missing/],
  [['acme', ...WHO], /no integration "acme": it is one of airtable, notion/],
  [['notion', '--user', 'ann'], /--user ID and --org ID/],
  [['notion', '--user', 'a n n', '--org', 'acme'], /^--user must be 1 to 128 characters/],
  [['notion', ...WHO, '--connection', 'con_1'], /^--connection is not a connection id/],
  [['notion', ...WHO, '--types', 'page,contact'], /Notion has no item type "contact": it has page/],
  [['notion', ...WHO, '--types', ','], /--types takes some of page/],
  [['notion', ...WHO, '--since', 'yesterday'], /^--since must be an RFC 3339 time/],
  [['notion', ...WHO, '--out', ''], /--out needs the name of a file/],
  [['notion', ...WHO, '--changes'], /name it with --out/],
  [['notion', ...WHO, '--out', 'a', '--changes', '--since', '2026-01-01'], /leave out --since/],
])('a load asked for wrongly is refused in one line: %j', (args, says) => {
  const ask = () => loadArguments(args);
  expect(ask).toThrow(UsageError);
  expect(ask).toThrow(says);
});

it('loads the integration’s default item types where none are named, and each that is named once', () => {
  const { wanted, integration } = loadArguments(['slack', ...WHO]);
  expect(wanted.item_types).toEqual(integration.descriptor.defaultItemTypes);
  expect(loadArguments(['slack', ...WHO, '--types', 'user, channel,user']).wanted.item_types).toEqual([
    'user',
    'channel',
  ]);
});
