/** A record that another is associated with, by its position in its type. */
export interface Link {
  readonly index: number;
  /** Whether it is the company's among several. */
  readonly primary: boolean;
}

/** Who is associated with whom, so that it can be told from either end at any position. */
interface Relation {
  readonly targets: (source: number) => readonly Link[];
  /** Positions whose targets may include this one. */
  readonly sources: (target: number) => readonly number[];
}

const one = (index: number, primary = false): readonly Link[] => [{ index, primary }];
const range = (start: number, length: number): number[] => Array.from({ length }, (_, step) => start + step);
/** `each` neighbouring records belong to one company. */
const inCompany = (each: number, isAlone: (source: number) => boolean): Relation => ({
  targets: (source) => (isAlone(source) ? [] : one(Math.floor(source / each), true)),
  sources: (target) => range(target * each, each),
});
const sameNumber = (isLinked: (source: number) => boolean): Relation => ({
  targets: (source) => (isLinked(source) ? one(source) : []),
  sources: (target) => [target],
});

const CONTACTS_A_COMPANY = 4;
/** The first company has so many contacts more, to whom it is not the primary one: more than a page of associations. */
const CROWD = 600;

/** Of eighteen contacts, one has no company, and one none but the first, which isn't its primary one. */
const CONTACTS_TO_COMPANIES: Relation = {
  targets: (contact) => {
    if (contact % 18 === 8) return [];
    if (contact % 18 === 17) return contact < CROWD * 18 ? one(0) : [];
    const company = Math.floor(contact / CONTACTS_A_COMPANY);
    return contact % 13 === 3 ? [...one(company + 1), ...one(company, true)] : one(company, true);
  },
  sources: (company) => [
    ...range((company - 1) * CONTACTS_A_COMPANY, 2 * CONTACTS_A_COMPANY),
    ...(company === 0 ? range(0, CROWD).map((step) => step * 18 + 17) : []),
  ],
};

/** Of sixteen activities most are of a contact (and its company), some of a company, deal or ticket alone, one of nobody. */
const ACTIVITIES: Readonly<Record<string, Relation>> = {
  contacts: sameNumber((activity) => activity % 16 < 10),
  companies: inCompany(CONTACTS_A_COMPANY, (activity) => activity % 16 >= 13),
  deals: sameNumber((activity) => activity % 16 < 3 || activity % 16 === 13),
  tickets: sameNumber((activity) => activity % 16 === 14),
};

const RELATIONS: Readonly<Record<string, Readonly<Record<string, Relation>>>> = {
  contacts: { companies: CONTACTS_TO_COMPANIES },
  deals: { companies: inCompany(2, (deal) => deal % 7 === 6), contacts: sameNumber((deal) => deal % 3 !== 2) },
  tickets: {
    companies: inCompany(3, (ticket) => ticket % 5 === 4),
    contacts: sameNumber((ticket) => ticket % 4 !== 3),
  },
  notes: ACTIVITIES,
  tasks: ACTIVITIES,
  meetings: ACTIVITIES,
  calls: ACTIVITIES,
};

/** Those of type `to` that the record of type `from` at `index` is associated with, whether they exist or not. */
export function linksOf(from: string, index: number, to: string): readonly Link[] {
  const relation = RELATIONS[from]?.[to];
  if (relation) return relation.targets(index);
  const inverse = RELATIONS[to]?.[from];
  if (!inverse) return [];
  return [...new Set(inverse.sources(index))].flatMap((source) => {
    const link = source < 0 ? undefined : inverse.targets(source).find((target) => target.index === index);
    return link ? one(source, link.primary) : [];
  });
}
