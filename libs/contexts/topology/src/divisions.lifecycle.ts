import { List } from 'immutable';
import { lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { isCurrent, levelOf, liesIn } from './divisions.js';
import { inTheWay, ofReferences } from './references.js';
import { levelNames } from './region-tree.js';
import type { Province, Topology } from './topology.decider.js';

/** `until` is exclusive, null while it is open-ended. */
interface Period {
  readonly from: string;
  readonly until: string | null;
}
interface MappedCode extends Period {
  readonly region: string;
  readonly code: string;
  /** The day that its record is of: what corrects it is not dated before. */
  readonly mappedOn: string;
}
export type Codes = List<MappedCode>;

const refuse = refusals({
  'code.period': ['invalid', '失效日期须晚于生效日期', 'The end must be after the start', 'until'],
  'code.taken': [
    'conflict',
    '同一时期该代码属于 {region}；须先登记其失效日期',
    'The code belongs to {region} in that period: record its end there first',
    'code',
  ],
  'code.second': [
    'conflict',
    '同一时期该区域已有代码 {code}；须先登记其失效日期',
    'The region has code {code} in that period: record its end first',
    'from',
  ],
  'code.level': [
    'invalid',
    '{code} 是{foundZh}级的代码，{region} 是{zh}级',
    '{code} is the code of a {found}; {region} is of level {level}',
    'code',
  ],
  'code.not-current': [
    'invalid',
    '现行 GB/T 2260 中没有 {code}；已停用的代码须注明失效日期',
    'GB/T 2260 has no {code} today; an earlier code says until when it was in force',
    'code',
  ],
  'code.parent-first': [
    'conflict',
    '须先登记上级 {parent} 在该时期的代码',
    'Record the code that {parent}, its parent, has in that period first',
    'region',
  ],
  'code.outside-parent': [
    'invalid',
    '{code} 不在上级 {parent} 的代码 {above} 之内',
    '{code} does not lie inside {above}, the code of its parent {parent}',
    'code',
  ],
  'code.not-mapped': ['missing', '{region} 自 {from} 起没有代码', 'No code of {region} begins on {from}', 'from'],
});

const overlap = (a: Period, b: Period) => a.from < (b.until ?? '9999') && b.from < (a.until ?? '9999');

/** The nearest region above that has a code in the period, as functional areas have none; its own parent where none has. */
function codeAbove({ regions, codes }: Topology, region: string, period: Period) {
  const parent = regions.get(region)!.parent;
  for (let above = parent; above !== null; above = regions.get(above)!.parent) {
    const found = codes.find((one) => one.region === above && overlap(one, period));
    if (found) return { parent: above, above: found.code };
  }
  return { parent: parent!, above: null };
}

/**
 * Codes of GB/T 2260, and GB/T 10114 of 乡镇、街道: in any period a code belongs to one region, and a region has one code. A code in force is one of the
 * current standard; one that is no more is a fact of the province, with its end. Each lies inside the code of the region above.
 */
export const codes = lifecycle<Codes, Province>()({
  refuses: { texts: { ...ofReferences.texts, ...refuse.texts } },
  initial: List(),
  decide: {
    MapRegionCode: ({ on, region, code, from, until = null, basis }, all, { whole }) => {
      const at = whole.regions.get(region);
      const found = levelOf(code);
      if (!at) return unknownRegion(region, 'region');
      const early = notBefore(on, [[at.since, '区域登记', 'the registration of the region']]);
      if (early) return early;
      if (until !== null && until <= from) return refuse('code.period');
      if (at.level !== found) {
        const [foundZh, zh] = [levelNames[found], levelNames[at.level]];
        return refuse('code.level', { code, found, foundZh, region, level: at.level, zh });
      }
      if (until === null && !isCurrent(code)) return refuse('code.not-current', { code: code.slice(0, 6) });
      const { parent, above } = codeAbove(whole, region, { from, until });
      if (parent !== null && above === null) return refuse('code.parent-first', { parent });
      if (above !== null && !liesIn(code, above)) return refuse('code.outside-parent', { code, parent, above });
      const rivals = all.filter((c) => overlap(c, { from, until }));
      const taken = rivals.find((c) => c.code === code && c.region !== region);
      if (taken) return refuse('code.taken', { region: taken.region });
      const second = rivals.find((c) => c.region === region);
      if (second) return refuse('code.second', { code: second.code });
      return [{ type: 'region.code-mapped.v1', data: { region, code, from, until, basis } }];
    },

    EndRegionCode: ({ region, from, until, basis }, all) => {
      const mapped = all.find((one) => one.region === region && one.from === from);
      if (!mapped) return refuse('code.not-mapped', { region, from });
      if (until <= from) return refuse('code.period');
      if (mapped.until === until) return [];
      return [{ type: 'region.code-ended.v1', data: { region, code: mapped.code, from, until, basis } }];
    },

    ReverseRegionCode: ({ on, region, from, reason }, all, { whole }) => {
      const mapped = all.find((one) => one.region === region && one.from === from);
      if (!mapped) return refuse('code.not-mapped', { region, from });
      const resting = all.filter((one) => overlap(one, mapped) && codeAbove(whole, one.region, one).parent === region);
      const early = notBefore(on, [[mapped.mappedOn, '登记', 'the day of its record']]);
      const barred = early ?? inTheWay([['下级代码', 'codes inside it', resting.map(({ code }) => code)]]);
      return barred ?? [{ type: 'region.code-reversed.v1', data: { region, code: mapped.code, from, reason } }];
    },
  },
  evolve: {
    'region.code-mapped.v1': (all, { region, code, from, until }, mappedOn) =>
      all.push({ region, code, from, until, mappedOn }),
    'region.code-reversed.v1': (all, { region, from }) =>
      all.filter((one) => one.region !== region || one.from !== from),
    'region.code-ended.v1': (all, { region, from, until }) =>
      all.map((one) => (one.region === region && one.from === from ? { ...one, until } : one)),
  },
});
