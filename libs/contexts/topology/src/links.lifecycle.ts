import { Map } from 'immutable';
import type { Code, LinkEnd } from '#libs/contexts/codes';
import { isProcess, isRefusal, lifecycle, notBefore, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import { gone, within } from './region-tree.js';
import type { Province, Topology } from './topology.decider.js';
import type { Stage } from './topology.events.js';

interface Ends {
  readonly from: string;
  readonly to: string;
}
interface Link extends Ends {
  readonly kind: string;
  readonly stage: Stage | 'open';
  /** The day of its last step. */
  readonly steppedOn: string;
  /** The first day on which it is no more; null while it is planned or there. */
  readonly closedOn: string | null;
}
export type Links = Map<string, Link>;

const refuse = refusals({
  'link.exists': ['conflict', '关系标识 {link} 已使用', 'Link id {link} is in use', 'link'],
  'link.unknown': ['missing', '关系 {link} 不存在', 'Link {link} does not exist', 'link'],
  'link.closed': ['conflict', '关系 {link} 已终止', 'Link {link} is closed', 'link'],
  'link.by-carrier': [
    'forbidden',
    '“{name}”由双方登记的载体开园而建立联动关系，任何一方不能单独建立',
    'The link of a {name} is opened by opening the carrier that both sides have registered, by nobody alone',
    'kind',
  ],
  'link.another': [
    'conflict',
    '关系 {link} 是按 {from} 至 {to} 的“{kind}”规划的；另一关系须另立标识',
    'Link {link} is planned as a {kind} from {from} to {to}: another link has another id',
    'link',
  ],
  'hub.none': ['conflict', '尚未设立总窗口', 'There is no hub yet', 'kind'],
  'link.one-region': ['invalid', '两端须为两个区域', 'A link joins two regions', 'to'],
  'link.end': [
    'invalid',
    '“{name}”的{side}须{where}，{region} 不是',
    'The {field} of {name} lies {lies}; {region} does not',
  ],
  'link.level': [
    'invalid',
    '“{name}”在总窗口以外的一端须为 {level} 一级，{region} 不是',
    'The end of {name} outside the hub is of level {level}; {region} is not',
  ],
});

/** What a kind of link says of where its ends lie. */
export type Tying = Pick<Code, 'name' | 'fromEnd' | 'toEnd' | 'level'>;

type Sides = Readonly<Record<keyof Ends, { readonly side: string; readonly field: string }>>;
const OF_LINKS: Sides = { from: { side: '起点', field: 'from' }, to: { side: '终点', field: 'to' } };
/** How whoever proposes a carrier calls them. */
export const OF_CARRIERS: Sides = { from: { side: '飞出地', field: 'home' }, to: { side: '飞入地', field: 'host' } };
const PLACES: Readonly<Record<LinkEnd, readonly [zh: string, en: string]>> = {
  hub: ['在总窗口内', 'in the hub'],
  'outside-hub': ['在总窗口以外', 'outside the hub'],
  any: ['在省内', 'in the province'],
  beyond: ['是已登记的省外、境外地点', 'in a registered place beyond the province'],
};

/**
 * What ties regions to each other: one identity from planned through under way and open to closed. Where a link may start and
 * end is said by its kind, as data.
 */
export const links = lifecycle<Links, Province>()({
  refuses: refuse,
  initial: Map(),
  decide: {
    PlanLink: ({ on, link, kind, from, to, stage, basis }, links, { whole, world }) => {
      const at = links.get(link);
      const code = world.codes.wanted('link-kinds', kind, on, 'kind');
      if (isRefusal(code)) return code;
      if (at?.closedOn || at?.stage === 'open' || at?.stage === stage) return refuse('link.exists', { link });
      const barred = misplaced(code, { from, to }, on, whole) ?? outOfStep(link, at, { kind: code.code, from, to }, on);
      return barred ?? [{ type: 'link.planned.v1', data: { link, kind: code.code, from, to, stage, basis } }];
    },

    OpenLink: ({ on, link, kind, from, to, basis }, links, { by, whole, world }) => {
      const at = links.get(link);
      const code = world.codes.wanted('link-kinds', kind, on, 'kind');
      if (isRefusal(code)) return code;
      const carrier = world.codes.carrierOf(code.code);
      if (carrier && !isProcess(by)) return refuse('link.by-carrier', { name: carrier.name });
      if (at?.closedOn || at?.stage === 'open') return refuse('link.exists', { link });
      const barred = misplaced(code, { from, to }, on, whole) ?? outOfStep(link, at, { kind: code.code, from, to }, on);
      return barred ?? [{ type: 'link.opened.v1', data: { link, kind: code.code, from, to, basis } }];
    },

    CloseLink: ({ on, link, basis }, links) => {
      const at = links.get(link);
      if (!at) return refuse('link.unknown', { link });
      if (at.closedOn !== null) return refuse('link.closed', { link });
      const early = notBefore(on, [[at.steppedOn, '上一步', 'its last step']]);
      const { kind, from, to } = at;
      return early ?? [{ type: 'link.closed.v1', data: { link, kind, from, to, basis } }];
    },
  },
  evolve: {
    'link.planned.v1': (links, { link, kind, from, to, stage }, on) =>
      links.set(link, { kind, from, to, stage, steppedOn: on, closedOn: null }),
    'link.opened.v1': (links, { link, kind, from, to }, on) =>
      links.set(link, { kind, from, to, stage: 'open', steppedOn: on, closedOn: null }),
    'link.closed.v1': (links, { link }, on) => links.update(link, (at) => ({ ...at!, steppedOn: on, closedOn: on })),
  },
});

/** What is planned here and opened there is not one link; and no step is dated before the one that it follows. */
function outOfStep(link: string, at: Link | undefined, { kind, from, to }: Ends & { kind: string }, on: string) {
  if (!at) return undefined;
  if (at.kind !== kind || at.from !== from || at.to !== to)
    return refuse('link.another', { link, kind: at.kind, from: at.from, to: at.to });
  return notBefore(on, [[at.steppedOn, '上一步', 'its last step']]);
}

/** The first end of a link that is not there on that day, or does not lie where its kind says. */
export function misplaced(kind: Tying, ends: Ends, on: string, whole: Topology, sides = OF_LINKS): Refusal | undefined {
  const { from, to } = ends;
  if (from === to) return { ...refuse('link.one-region'), field: sides.to.field };
  if (whole.hub.region === null && (kind.fromEnd === 'hub' || kind.toEnd === 'hub')) return refuse('hub.none');
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
  { side, field }: Sides[keyof Ends],
) {
  const end = lying ?? 'any';
  const [where, lies] = PLACES[end];
  const elsewhere = { ...refuse('link.end', { name, side, where, lies, field, region: place }), field };
  const at = regions.get(place);
  if (!at && !places.has(place)) return unknownRegion(place, field);
  if (!at) return end === 'beyond' ? undefined : elsewhere;
  const inHub = hub.region !== null && within(regions, place, hub.region);
  const early = notBefore(on, [[at.since, `区域 ${place} 登记`, `the registration of ${place}`]]);
  const barred = gone(regions, place, field) ?? early;
  if (barred) return barred;
  if (end !== 'any' && (end === 'beyond' || inHub !== (end === 'hub'))) return elsewhere;
  if (level !== null && !inHub && at.level !== level)
    return { ...refuse('link.level', { name, level, region: place }), field };
  return undefined;
}
