import { countOfItems, writeCount } from './counts.ts';

export const itemsStrings = {
  section: 'Items',
  heading: (account: string, integration: string) => `Items of ${account} (${integration})`,
  count: countOfItems,
  loading: 'loading…',
  waiting: (seconds: number) => `waiting ${seconds} s for the request limit…`,
  stop: 'Stop',
  resume: 'Go on',
  restart: 'Start over',
  close: 'Close',
  started: 'Loading items.',
  stopped: (count: number) => `Stopped after ${countOfItems(count)}.`,
  done: (count: number) => `All ${countOfItems(count)} loaded.`,
  doneEmpty: 'There are no items in this account.',
  incomplete: (count: number) => `${countOfItems(count)} loaded, but not everything could be had.`,
  failed: (count: number) => `Loading failed after ${countOfItems(count)}`,
  retry: 'Retry from here',
  staleHeading: 'From an earlier load',
  stale: (moment: string | null) =>
    moment === null
      ? "The provider can't be reached; this is what was loaded last."
      : `The provider can't be reached; this is what was loaded on ${moment}.`,
  failuresHeading: 'Some item types could not be loaded',
  table: (account: string) => `Items of ${account}`,
  zone: (zone: string) => `Times are in ${zone}.`,
  shown: (shown: number, count: number) => `Showing ${writeCount(shown)} of ${writeCount(count)}.`,
  more: (rows: number) => `Show ${writeCount(rows)} more`,
  columns: {
    name: 'Name',
    type: 'Type',
    parent: 'Parent',
    created: 'Created',
    modified: 'Modified',
    visibility: 'Visibility',
  },
  unnamed: 'Unnamed',
  opensNewTab: '(opens in a new tab)',
  visible: 'Visible',
  hidden: 'Hidden',
  absent: '–',
};
