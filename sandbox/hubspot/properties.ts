import { Draw } from '../core/draw.ts';
import { companyOf, personOf, titleOf } from '../core/names.ts';
import { iso } from '../core/timeline.ts';
import type { ObjectType } from './object-types.ts';

export type Properties = Record<string, string | null>;

const DEAL_STAGES = ['appointmentscheduled', 'qualifiedtobuy', 'contractsent', 'closedwon', 'closedlost'] as const;
const CITIES = ['Berlin', 'Lagos', 'Lima', 'Osaka', 'Tromsø', 'Zürich'] as const;

/** What a record of its type has beside its id and times. @param scope the account's and the type's */
export function ownProperties(type: ObjectType, scope: string, index: number, createdMs: number): Properties {
  const draw = new Draw(`${scope}/${index}`);
  switch (type.name) {
    case 'contacts':
      return contact(scope, index, draw);
    case 'companies':
      return {
        name: titleOf(scope, index) === null ? null : companyOf(scope, index),
        domain: draw.oneIn(9) ? null : `company-${index}.example`,
        city: draw.pick(CITIES),
        industry: null,
      };
    case 'deals':
      return {
        dealname: titleOf(scope, index),
        amount: draw.oneIn(7) ? null : String(draw.int(90_000) + 100),
        closedate: draw.oneIn(5) ? null : iso(createdMs + draw.int(90) * 86_400_000),
        dealstage: draw.pick(DEAL_STAGES),
        pipeline: 'default',
      };
    case 'tickets':
      return {
        subject: titleOf(scope, index),
        content: draw.oneIn(3) ? null : 'It stopped working after the update.\nCan you help?',
        hs_pipeline: '0',
        hs_pipeline_stage: String(1 + draw.int(4)),
        hs_ticket_priority: draw.oneIn(4) ? null : draw.pick(['LOW', 'MEDIUM', 'HIGH']),
      };
    default:
      return activity(type, scope, index, createdMs, draw);
  }
}

/** A contact may lack first and last name, e-mail, or all of them. */
function contact(scope: string, index: number, draw: Draw): Properties {
  const { first, last } = personOf(scope, index);
  const lastname = draw.oneIn(11) ? null : last;
  const phone = draw.oneIn(2) ? null : `+1 555 01${String(draw.int(100)).padStart(2, '0')}`;
  const hasCompany = !draw.oneIn(3);
  return {
    firstname: first,
    lastname,
    email: index % 19 === 7 || index % 46 === 7 ? null : `contact-${index}@people.example`,
    phone,
    // Half of what a contact costs to draw, and hardly ever asked for.
    get company() {
      return hasCompany ? companyOf(scope, index) : null;
    },
    jobtitle: null,
    lifecyclestage: draw.pick(['lead', 'customer', 'subscriber']),
  };
}

/** Its text is HTML; the preview is HubSpot's own plain beginning of it. */
function activity(type: ObjectType, scope: string, index: number, createdMs: number, draw: Draw): Properties {
  const title = titleOf(scope, index);
  const text = draw.oneIn(8) ? null : `About ${title ?? 'something'}: they ring back on ${draw.pick(WEEKDAYS)}.`;
  const prefix = `hs_${type.singular}`;
  const body = { [`${prefix}_body`]: text === null ? null : `<div><p>${text}</p></div>`, hs_body_preview: text };
  const common = {
    ...body,
    hs_timestamp: iso(createdMs + draw.int(14) * 86_400_000),
    hubspot_owner_id: draw.oneIn(6) ? null : String(70_000 + draw.int(12)),
  };
  switch (type.name) {
    case 'tasks':
      return { ...common, hs_task_subject: title, hs_task_status: draw.pick(['NOT_STARTED', 'COMPLETED']) };
    case 'meetings':
      return { ...common, hs_meeting_title: title, hs_meeting_outcome: draw.pick(['SCHEDULED', 'COMPLETED']) };
    case 'calls':
      return { ...common, hs_call_title: title, hs_call_direction: draw.pick(['INBOUND', 'OUTBOUND']) };
    default:
      return common;
  }
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;
