import { Draw } from './draw.ts';

export const COMPANIES = [
  'Northwind Trading', 'Acme Robotics', 'Blue Heron Labs', 'Copperfield Press', 'Delta Orchards', 'Ember Coffee',
  'Fjord Analytics', 'Granite Works', 'Harbor Freight Line', 'Iris Optics', 'Juniper Travel', 'Kestrel Software',
  'Lumen Energy', 'Meridian Health', 'Nimbus Logistics', 'Opal Studios',
] as const; // prettier-ignore

export const FIRST_NAMES = [
  'Ada', 'Bruno', 'Carmen', 'Dmitri', 'Elif', 'Farid', 'Grace', 'Hana', 'Ivan', 'Jun', 'Kofi', 'Leila', 'Mateo',
  'Nora', 'Oskar', 'Priya', 'Quentin', 'Rosa', 'Sven', 'Tomoko', 'Uma', 'Viktor', 'Wanda', 'Ximena', 'Yusuf', 'Zoe',
] as const; // prettier-ignore

export const LAST_NAMES = [
  'Abbott', 'Bianchi', 'Castillo', 'Dupont', 'Eriksen', 'Fischer', 'Gupta', 'Haddad', 'Ito', 'Jansen', 'Kowalski',
  'Larsen', 'Moreau', 'Novak', 'Okafor', 'Petrov', 'Quispe', 'Rossi', 'Silva', 'Tanaka', 'Usman', 'Vargas', 'Weber',
] as const; // prettier-ignore

const SUBJECTS = [
  'Roadmap', 'Hiring', 'Budget', 'Launch plan', 'Customer interviews', 'Inventory', 'Incident review', 'Onboarding',
  'Press kit', 'Research notes', 'Sprint board', 'Travel', 'Vendor list', 'Weekly report', 'Brand guide', 'Contracts',
] as const; // prettier-ignore

const QUALIFIERS = [
  'Q1', 'Q2', 'Q3', 'Q4', '2025', '2026', 'Berlin', 'Lagos', 'Osaka', 'draft', 'final', 'archive', 'shared', 'team',
] as const; // prettier-ignore

const EMOJI_TITLES = ['🚀 Launch 🎉', '👩‍👩‍👧‍👦 Families', '🇯🇵 東京 office', '✅ Done', '☕️ Coffee chat'] as const;
const RIGHT_TO_LEFT_TITLES = ['خطة الربع الأول', 'סיכום פגישה', 'گزارش هفتگی', 'مشروع 2026 (draft)'] as const;
const HOSTILE_TITLES = [
  '=HYPERLINK("https://example.test","open")',
  '<img src=x onerror=alert(1)>',
  '+SUM(A1:A9)',
  '"quoted", comma; semicolon',
  "O'Brien & Söhne <team>",
] as const;

/** Every listing of 60 or more has each kind of odd name at least once. */
type Oddity = 'none' | 'missing' | 'emoji' | 'right-to-left' | 'hostile' | 'long';

export function oddityOf(index: number): Oddity {
  if (index % 23 === 7) return 'missing';
  if (index % 31 === 11) return 'emoji';
  if (index % 37 === 13) return 'right-to-left';
  if (index % 29 === 5) return 'hostile';
  if (index % 53 === 17) return 'long';
  return 'none';
}

/** The title of an item; `null` where it has none. */
export function titleOf(scope: string, index: number): string | null {
  const draw = new Draw(`${scope}/title/${index}`);
  switch (oddityOf(index)) {
    case 'missing':
      return null;
    case 'emoji':
      return draw.pick(EMOJI_TITLES);
    case 'right-to-left':
      return draw.pick(RIGHT_TO_LEFT_TITLES);
    case 'hostile':
      return draw.pick(HOSTILE_TITLES);
    case 'long':
      return `${draw.pick(SUBJECTS)} `.repeat(18).trim();
    case 'none':
      return `${draw.pick(SUBJECTS)} ${draw.pick(QUALIFIERS)}`;
  }
}

export interface PersonName {
  readonly first: string | null;
  readonly last: string | null;
}

/** A person's name; both parts are `null` for somebody who gave none. */
export function personOf(scope: string, index: number): PersonName {
  const draw = new Draw(`${scope}/person/${index}`);
  const first = draw.pick(FIRST_NAMES);
  const last = draw.pick(LAST_NAMES);
  switch (oddityOf(index)) {
    case 'missing':
      return { first: null, last: null };
    case 'emoji':
      return { first: `${first} 🦊`, last };
    case 'right-to-left':
      return { first: 'ليلى', last: 'حداد' };
    case 'hostile':
      return { first: '=1+1', last: "O'Neil <b>" };
    case 'long':
      return { first: `${first} `.repeat(20).trim(), last };
    case 'none':
      return { first, last };
  }
}

export function companyOf(scope: string, index: number): string {
  const draw = new Draw(`${scope}/company/${index}`);
  return `${draw.pick(COMPANIES)} ${draw.pick(['Ltd', 'GmbH', 'Inc.', 'SARL', 'K.K.'])}`;
}
