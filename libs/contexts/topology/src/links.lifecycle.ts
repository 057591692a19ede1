import { Map } from 'immutable';
import type { Code, LinkEnd } from '#libs/contexts/codes';
import { isProcess, isRefusal, lifecycle, notBefore, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import type { RegionLevel } from '#libs/messages';
import { gone, levelNames, ofTree, within } from './region-tree.js';
import { stepNames, stepped, steppedBack, type Stepped } from './steps.js';
import type { Province, Topology } from './topology.decider.js';
import type { LinkRow, LinkStep, TopologyEvent } from './topology.events.js';

interface Ends {
  readonly from: string;
  readonly to: string;
}
type Data<T extends TopologyEvent['type']> = Extract<TopologyEvent, { type: T }>['data'];
interface Link extends Stepped<LinkRow, LinkStep> {
  /** It is what a carrier of two regions is, which opens and ends it. */
  readonly byCarrier: boolean;
}
export type Links = Map<string, Link>;

const refuse = refusals({
  'link.exists': [
    'conflict',
    '关系标识 {link} 已使用；另一关系须另立标识',
    'Link id {link} is in use: another link has another id',
    'link',
  ],
  'link.unknown': ['missing', '关系 {link} 不存在', 'Link {link} does not exist', 'link'],
  'link.closed': ['conflict', '关系 {link} 已终止，无须再办', 'Link {link} is closed: nothing is left to do', 'link'],
  'link.by-carrier': [
    'forbidden',
    '“{name}”由双方登记的载体开园而建立联动关系，任何一方不能单独建立',
    'The link of a {name} is opened by opening the carrier that both sides have registered, by nobody alone',
    'kind',
  ],
  'link.of-carrier': [
    'conflict',
    '关系 {link} 随载体开园而建立、随载体终止；更正须在该载体上办理',
    'Link {link} is opened and ended with its carrier: it is corrected there',
    'link',
  ],
  'link.no-step': ['missing', '关系 {link} 没有可冲销的一步', 'Link {link} has no step that could be reversed', 'link'],
  'link.other-step': [
    'conflict',
    '关系 {link} 的最近一步是{zh}（{last}），只能先冲销这一步',
    'The last step of link {link} is {last}: that one is reversed first',
    'reverses',
  ],
  'link.another': [
    'conflict',
    '关系 {link} 是按 {from} 至 {to} 的“{kind}”规划的；另一关系须另立标识',
    'Link {link} is planned as a {kind} from {from} to {to}: another link has another id',
    'link',
  ],
});

/** Where ends may not lie: of links, and of the carriers that are links. */
const ofEnds = refusals({
  'hub.none': ['conflict', '尚未设立总窗口，须先设立', 'There is no hub yet: designate it first', 'kind'],
  'link.one-region': ['invalid', '两端须为两个区域', 'A link joins two regions', 'to'],
  'link.end': [
    'invalid',
    '“{name}”的{side}须{where}，{region} 不是',
    'The {field} of {name} lies {lies}; {region} does not',
  ],
  'link.level': [
    'invalid',
    '“{name}”在总窗口以外的一端须为{zh}级，{region} 不是',
    'The end of {name} outside the hub is of level {level}; {region} is not',
  ],
});
export const endsRefused = { ...ofTree.texts, ...ofEnds.texts };

/** What a kind of link says of where its ends lie. */
export type Tying = Pick<Code, 'name' | 'fromEnd' | 'toEnd' | 'level'>;

/** `late`: it may be older than the day on which the region was registered here, as facts that are told late are. */
interface Side {
  readonly side: string;
  readonly field: string;
  readonly late?: true;
}
type Sides = Readonly<Record<keyof Ends, Side>>;
const OF_LINKS: Sides = { from: { side: '起点', field: 'from' }, to: { side: '终点', field: 'to' } };
/** How whoever proposes a carrier calls them. */
export const OF_CARRIERS: Sides = {
  from: { side: '飞出地', field: 'home', late: true },
  to: { side: '飞入地', field: 'host', late: true },
};
const PLACES: Readonly<Record<LinkEnd, readonly [zh: string, en: string]>> = {
  hub: ['在总窗口内', 'in the hub'],
  'outside-hub': ['在总窗口以外', 'outside the hub'],
  any: ['在省内', 'in the province'],
  beyond: ['是已登记的省外、境外地点', 'in a registered place beyond the province'],
};

type Planned = Pick<LinkRow, 'plannedOn' | 'closedOn'>;

/** The row that is planned or open; undefined where it is closed, or never was. */
const standing = <R extends Planned>(before: R | undefined) => (before?.closedOn === null ? before : undefined);

/** What each step makes of a link. */
export const linkRows = {
  planned: ({ stage, ...link }: Data<'link.planned.v1'>, before: Planned | undefined, on: string): LinkRow => {
    return { ...link, status: stage, plannedOn: standing(before)?.plannedOn ?? on, openedOn: null, closedOn: null };
  },
  opened: (
    { byCarrier: _, ...link }: Data<'link.opened.v2'>,
    before: Planned | undefined,
    openedOn: string,
  ): LinkRow => {
    return { ...link, status: 'open', plannedOn: standing(before)?.plannedOn ?? null, openedOn, closedOn: null };
  },
  closed: ({ basis }: Data<'link.closed.v1'>, closedOn: string) => ({ status: 'closed', closedOn, basis }) as const,
};

/**
 * What ties regions to each other: one identity from planned through under way and open to closed. Where a link may start and
 * end is said by its kind, as data.
 */
export const links = lifecycle<Links, Province>()({
  refuses: { texts: { ...endsRefused, ...refuse.texts } },
  initial: Map(),
  decide: {
    PlanLink: ({ on, link, kind, from, to, stage, basis }, links, { whole, world }) => {
      const at = links.get(link);
      const code = world.codes.wanted('link-kinds', kind, on, 'kind');
      if (isRefusal(code)) return code;
      if (at && ['open', 'closed', stage].includes(at.row.status)) return refuse('link.exists', { link });
      const barred = misplaced(code, { from, to }, on, whole) ?? outOfStep(at, { kind: code.code, from, to }, on);
      return barred ?? [{ type: 'link.planned.v1', data: { link, kind: code.code, from, to, stage, basis } }];
    },

    OpenLink: ({ on, link, kind, from, to, basis }, links, { by, whole, world }) => {
      const at = links.get(link);
      const code = world.codes.wanted('link-kinds', kind, on, 'kind');
      if (isRefusal(code)) return code;
      const carrier = world.codes.carrierOf(code.code);
      if (carrier && !isProcess(by)) return refuse('link.by-carrier', { name: carrier.name });
      if (at && ['open', 'closed'].includes(at.row.status)) return refuse('link.exists', { link });
      const barred =
        misplaced(code, { from, to }, on, whole, isProcess(by) ? OF_CARRIERS : OF_LINKS) ??
        outOfStep(at, { kind: code.code, from, to }, on);
      const data = { link, kind: code.code, from, to, basis, byCarrier: isProcess(by) };
      return barred ?? [{ type: 'link.opened.v2', data }];
    },

    CloseLink: ({ on, link, basis }, links, { by }) => {
      const at = links.get(link);
      if (!at) return refuse('link.unknown', { link });
      if (at.row.closedOn !== null) return refuse('link.closed', { link });
      if (at.byCarrier && !isProcess(by)) return refuse('link.of-carrier', { link });
      const early = notBefore(on, [[at.steppedOn, '上一步', 'its last step']]);
      const { kind, from, to } = at.row;
      return early ?? [{ type: 'link.closed.v1', data: { link, kind, from, to, basis } }];
    },

    ReverseLinkStep: ({ on, link, reverses, reason }, links, { whole, world }) => {
      const at = links.get(link);
      if (!at) return refuse('link.no-step', { link });
      if (at.byCarrier) return refuse('link.of-carrier', { link });
      if (at.step !== reverses) return refuse('link.other-step', { link, last: at.step, zh: stepNames[at.step]! });
      const early = notBefore(on, [[at.steppedOn, '被冲销的一步', 'the step that is reversed']]);
      // One that was closed comes back: it still has to lie where its kind says.
      const code = world.codes.find('link-kinds', at.row.kind);
      const barred = early ?? (at.step === 'closed' && code ? misplaced(code, at.row, on, whole) : undefined);
      const row = at.before?.row ?? neverWas(at.row);
      return barred ?? [{ type: 'link.step-reversed.v1', data: { ...row, reverses, reason } }];
    },
  },
  evolve: {
    'link.planned.v1': (links, data, on) => {
      const row = linkRows.planned(data, links.get(data.link)?.row, on);
      return stepped(links, data.link, { row, step: data.stage, steppedOn: on, byCarrier: false });
    },
    'link.opened.v2': (links, data, on) => {
      const row = linkRows.opened(data, links.get(data.link)?.row, on);
      return stepped(links, data.link, { row, step: 'opened', steppedOn: on, byCarrier: data.byCarrier });
    },
    'link.closed.v1': (links, data, on) => {
      const { row, byCarrier } = links.get(data.link)!;
      return stepped(links, data.link, {
        row: { ...row, ...linkRows.closed(data, on) },
        step: 'closed',
        steppedOn: on,
        byCarrier,
      });
    },
    'link.step-reversed.v1': (links, { link }) => steppedBack(links, link),
  },
});

/** What never was ends as it begins. */
const neverWas = (row: LinkRow): LinkRow => ({ ...row, status: 'reversed', closedOn: row.openedOn ?? row.plannedOn });

/** What is planned here and opened there is not one link; and no step is dated before the one that it follows. */
function outOfStep(at: Link | undefined, { kind, from, to }: Ends & { kind: string }, on: string) {
  if (!at) return undefined;
  const { row } = at;
  if (row.kind !== kind || row.from !== from || row.to !== to)
    return refuse('link.another', { link: row.link, kind: row.kind, from: row.from, to: row.to });
  return notBefore(on, [[at.steppedOn, '上一步', 'its last step']]);
}

/** The first end of a link that is not there on that day, or does not lie where its kind says. */
export function misplaced(kind: Tying, ends: Ends, on: string, whole: Topology, sides = OF_LINKS): Refusal | undefined {
  const { from, to } = ends;
  if (from === to) return { ...ofEnds('link.one-region'), field: sides.to.field };
  if (whole.hub.region === null && (kind.fromEnd === 'hub' || kind.toEnd === 'hub')) return ofEnds('hub.none');
  return (
    misplacedEnd(kind, kind.fromEnd, from, on, whole, sides.from) ??
    misplacedEnd(kind, kind.toEnd, to, on, whole, sides.to)
  );
}

function misplacedEnd(
  { name, level }: Tying,
  lying: LinkEnd | null,
  place: string,
  on: string,
  { regions, places, hub }: Topology,
  { side, field, late }: Side,
) {
  const end = lying ?? 'any';
  const [where, lies] = PLACES[end];
  const elsewhere = { ...ofEnds('link.end', { name, side, where, lies, field, region: place }), field };
  const at = regions.get(place);
  if (!at && !places.has(place)) return unknownRegion(place, field);
  if (!at) return end === 'beyond' ? undefined : elsewhere;
  const inHub = hub.region !== null && within(regions, place, hub.region);
  const since = late ? null : at.since;
  const early = notBefore(on, [[since, `区域 ${place} 登记`, `the registration of ${place}`]]);
  const barred = gone(regions, place, field) ?? early;
  if (barred) return barred;
  if (end !== 'any' && (end === 'beyond' || inHub !== (end === 'hub'))) return elsewhere;
  if (level !== null && !inHub && at.level !== level)
    return { ...ofEnds('link.level', { name, level, zh: levelNames[level as RegionLevel], region: place }), field };
  return undefined;
}
