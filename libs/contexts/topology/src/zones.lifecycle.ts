import { Map } from 'immutable';
import { ofCodes } from '#libs/contexts/codes';
import { isRefusal, lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { gone } from './region-tree.js';
import { stepNames, stepped, steppedBack, type Stepped } from './steps.js';
import type { Province } from './topology.decider.js';
import type { TopologyEvent, ZoneRow, ZoneStep } from './topology.events.js';

type Data<T extends TopologyEvent['type']> = Extract<TopologyEvent, { type: T }>['data'];
export type Zones = Map<string, Stepped<ZoneRow, ZoneStep>>;

const refuse = refusals({
  'zone.exists': [
    'conflict',
    '区 {zone} 已到这一步；另一个区须另立标识',
    'Zone {zone} has come as far as that already: another has another id',
    'zone',
  ],
  'zone.unknown': ['missing', '区 {zone} 未规划或设立', 'Zone {zone} is neither planned nor there', 'zone'],
  'zone.another': [
    'conflict',
    '区 {zone} 是按 {region} 的“{kind}”规划的；另一个区须另立标识',
    'Zone {zone} is planned as a {kind} of {region}: another zone has another id',
    'zone',
  ],
  'zone.no-step': ['missing', '区 {zone} 没有可冲销的一步', 'Zone {zone} has no step that could be reversed', 'zone'],
  'zone.other-step': [
    'conflict',
    '区 {zone} 的最近一步是{zh}（{last}），只能先冲销这一步',
    'The last step of zone {zone} is {last}: that one is reversed first',
    'reverses',
  ],
});

const after = (zone: Stepped<ZoneRow, ZoneStep> | undefined) =>
  [[zone?.steppedOn ?? null, '上一步', 'its last step']] as const;

type Planned = Pick<ZoneRow, 'plannedOn' | 'until'>;

/** The row that is planned or there; undefined where it has ended, or never was. */
const standing = <R extends Planned>(before: R | undefined) => (before?.until === null ? before : undefined);

/** What each step makes of a zone. */
export const zoneRows = {
  planned: ({ stage, ...zone }: Data<'zone.planned.v1'>, before: Planned | undefined, on: string): ZoneRow => {
    return { ...zone, status: stage, plannedOn: standing(before)?.plannedOn ?? on, from: null, until: null };
  },
  designated: (zone: Data<'zone.designated.v1'>, before: Planned | undefined, from: string): ZoneRow => {
    return { ...zone, status: 'designated', plannedOn: standing(before)?.plannedOn ?? null, from, until: null };
  },
  themed: ({ theme, basis }: Data<'zone.theme-changed.v1'>) => ({ theme, basis }),
  revoked: ({ basis }: Data<'zone.revoked.v1'>, until: string) => ({ status: 'revoked', until, basis }) as const,
};

/**
 * 先行区, 示范区, 试验区, 引领区 …: one identity from planned through under way and established to ended. That a document wants a
 * zone is one thing, that it was established another, with a basis of its own (批复, 揭牌).
 */
export const zones = lifecycle<Zones, Province>()({
  refuses: { texts: { ...ofCodes.texts, ...refuse.texts } },
  initial: Map(),
  decide: {
    PlanZone: ({ on, zone, region, kind, name, theme = null, stage, basis }, zones, { whole, world }) => {
      const at = zones.get(zone);
      const before = standing(at?.row);
      const code = world.codes.wanted('zone-kinds', kind, on, 'kind');
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (isRefusal(code)) return code;
      const barred = gone(whole.regions, region) ?? notBefore(on, after(at)) ?? another(before, region, code.name);
      if (barred) return barred;
      if (before?.status === 'designated' || before?.status === stage) return refuse('zone.exists', { zone });
      return [{ type: 'zone.planned.v1', data: { zone, region, kind: code.name, name, theme, stage, basis } }];
    },

    DesignateZone: ({ on, zone, region, kind, name, theme = null, basis }, zones, { whole, world }) => {
      const at = zones.get(zone);
      const before = standing(at?.row);
      const code = world.codes.wanted('zone-kinds', kind, on, 'kind');
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (isRefusal(code)) return code;
      if (before?.status === 'designated') return refuse('zone.exists', { zone });
      const barred = gone(whole.regions, region) ?? notBefore(on, after(at)) ?? another(before, region, code.name);
      return barred ?? [{ type: 'zone.designated.v1', data: { zone, region, kind: code.name, name, theme, basis } }];
    },

    ChangeZoneTheme: ({ on, zone, theme, basis }, zones) => {
      const at = zones.get(zone);
      const row = standing(at?.row);
      if (!row) return refuse('zone.unknown', { zone });
      const early = notBefore(on, after(at));
      if (early) return early;
      if (row.theme === theme) return [];
      return [{ type: 'zone.theme-changed.v1', data: { zone, region: row.region, theme, basis } }];
    },

    RevokeZone: ({ on, zone, basis }, zones) => {
      const at = zones.get(zone);
      const row = standing(at?.row);
      if (!row) return refuse('zone.unknown', { zone });
      const early = notBefore(on, after(at));
      return early ?? [{ type: 'zone.revoked.v1', data: { zone, region: row.region, basis } }];
    },

    ReverseZoneStep: ({ on, zone, reverses, reason }, zones, { whole }) => {
      const at = zones.get(zone);
      if (!at) return refuse('zone.no-step', { zone });
      if (at.step !== reverses) return refuse('zone.other-step', { zone, last: at.step, zh: stepNames[at.step]! });
      const early = notBefore(on, [[at.steppedOn, '被冲销的一步', 'the step that is reversed']]);
      // One that had ended comes back: it still has to lie somewhere.
      const barred = early ?? (at.step === 'revoked' ? gone(whole.regions, at.row.region, 'zone') : undefined);
      const row = at.before?.row ?? neverWas(at.row);
      return barred ?? [{ type: 'zone.step-reversed.v1', data: { ...row, reverses, reason } }];
    },
  },
  evolve: {
    'zone.planned.v1': (zones, data, on) => {
      const row = zoneRows.planned(data, zones.get(data.zone)?.row, on);
      return stepped(zones, data.zone, { row, step: data.stage, steppedOn: on });
    },
    'zone.designated.v1': (zones, data, on) => {
      const row = zoneRows.designated(data, zones.get(data.zone)?.row, on);
      return stepped(zones, data.zone, { row, step: 'designated', steppedOn: on });
    },
    'zone.theme-changed.v1': (zones, data, on) => {
      const row = { ...zones.get(data.zone)!.row, ...zoneRows.themed(data) };
      return stepped(zones, data.zone, { row, step: 'theme-changed', steppedOn: on });
    },
    'zone.revoked.v1': (zones, data, on) => {
      const row = { ...zones.get(data.zone)!.row, ...zoneRows.revoked(data, on) };
      return stepped(zones, data.zone, { row, step: 'revoked', steppedOn: on });
    },
    'zone.step-reversed.v1': (zones, { zone }) => steppedBack(zones, zone),
  },
});

/** What never was ends as it begins. */
const neverWas = (row: ZoneRow): ZoneRow => ({ ...row, status: 'reversed', until: row.from ?? row.plannedOn });

/** What is planned here and there is not one zone. */
function another(before: ZoneRow | undefined, region: string, kind: string) {
  if (!before || (before.region === region && before.kind === kind)) return undefined;
  return refuse('zone.another', { zone: before.zone, region: before.region, kind: before.kind });
}
