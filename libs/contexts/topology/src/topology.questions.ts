import { isDeepStrictEqual } from 'node:util';
import { ApiProperty } from '@nestjs/swagger';
import { question, TimesParameters, type Reads } from '#libs/eventing-nest';
import { Day, Text } from '#libs/fields';
import * as lists from '#libs/messages';
import { askList, type Scope, type Times } from '#libs/read-models';

const Thing = (zh: string) => ApiProperty({ type: [Object], description: zh });

/** The structure of the province; each entry carries its legal basis. */
export class Structure {
  @ApiProperty({ type: Object, nullable: true, description: '总窗口' }) hub!: object | null;
  @Thing('区域') regions!: object[];
  @Thing('行政区划代码') codes!: object[];
  @Thing('分组：关中、陕北、陕南') groups!: object[];
  @Thing('先行区、示范区、试验区、引领区等') zones!: object[];
  @Thing('省外、境外地点') places!: object[];
  @Thing('有效的联动关系') links!: object[];
  @Thing('规划、在建的区和联动关系') planned!: object[];
  @Thing('覆盖要求') rules!: object[];
  @Thing('文件的表述') statements!: object[];
}

/** A province has a few hundred of each: one page. */
const ALL = 10_000;

/** 一总多区 at a date, as it was known at a moment. */
export const structure = question({
  name: 'GetStructure',
  path: 'topology',
  zh: '一总多区：总窗口、区、联动关系及其依据',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['topology'],
  parameters: TimesParameters,
  answer: Structure,
  // Everyone must know the structure: there is nothing to hide.
  async ask(times: Times, scope: Scope, { sql }: Reads): Promise<Structure> {
    const all = async (list: lists.AnyList, filter: Readonly<Record<string, string>> = {}) =>
      (await askList(sql, list, { ...times, scope, filter, limit: ALL })).items.map(({ row }) => row);
    const hubs = (await all(lists.hubs)) as lists.RowOf<typeof lists.hubs>[];
    return {
      hub: hubs.find(({ until }) => until === null) ?? null,
      regions: (await all(lists.regions)).filter((region) => (region as Ends).until === null),
      codes: await all(lists.regionCodes),
      groups: await all(lists.regionGroups),
      places: await all(lists.places),
      zones: await all(lists.zones, { status: 'designated' }),
      links: await all(lists.links, { status: 'open' }),
      planned: [
        ...(await all(lists.zones, { status: 'planned' })),
        ...(await all(lists.zones, { status: 'under-way' })),
        ...(await all(lists.links, { status: 'planned' })),
        ...(await all(lists.links, { status: 'under-way' })),
      ],
      rules: (await all(lists.coverageRules)).filter((rule) => (rule as Ends).endedOn === null),
      statements: await all(lists.statements),
    };
  },
});

export class Change {
  @ApiProperty({ description: '列表' }) list!: string;
  @ApiProperty({ description: '事物' }) thing!: string;
  @ApiProperty({ type: Object, nullable: true, description: '起日的状态；null 为尚无' }) before!: object | null;
  @ApiProperty({ type: Object, nullable: true, description: '止日的状态；null 为已无' }) after!: object | null;
}

export class StructureDifference {
  @ApiProperty({ description: '起日' }) from!: string;
  @ApiProperty({ description: '止日' }) to!: string;
  @ApiProperty({ type: [Change] }) changes!: Change[];
}

export class DifferenceParameters {
  @Day({ zh: '起日', en: 'From', example: '2023-01-01' }) readonly from!: string;
  @Day({ zh: '止日', en: 'To', example: '2024-01-01' }) readonly to!: string;
  @Text(80, {
    zh: '截至此刻已记录',
    en: 'As at this moment',
    help: ['时刻或位置；缺省为现在', 'An instant or a position; now when absent'],
    optional: true,
  })
  readonly asAt?: string;
}

/** What makes up the structure. */
const PARTS: readonly lists.AnyList[] = [
  lists.regions,
  lists.regionCodes,
  lists.regionGroups,
  lists.places,
  lists.hubs,
  lists.zones,
  lists.links,
  lists.statements,
  lists.coverageRules,
];

/** What became otherwise between two days: each thing whose state on the one is not that on the other. */
export const difference = question({
  name: 'GetStructureDifference',
  path: 'topology/difference',
  zh: '一总多区在两个日期之间的变化',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['topology'],
  parameters: DifferenceParameters,
  answer: StructureDifference,
  // Everyone must know the structure: there is nothing to hide.
  async ask({ from, to, asAt }: DifferenceParameters, scope: Scope, { sql }: Reads): Promise<StructureDifference> {
    const on = async (list: lists.AnyList, asOf: string) => {
      const { items } = await askList(sql, list, { asOf, asAt, scope, filter: {}, limit: ALL });
      return new Map(items.map(({ row }) => [list.key.map((field: string) => (row as Row)[field]).join('/'), row]));
    };
    const changes: Change[] = [];
    for (const list of PARTS) {
      const [before, after] = [await on(list, from), await on(list, to)];
      for (const thing of new Set([...before.keys(), ...after.keys()])) {
        const change = { before: before.get(thing) ?? null, after: after.get(thing) ?? null };
        if (!isDeepStrictEqual(change.before, change.after)) changes.push({ list: list.name, thing, ...change });
      }
    }
    return { from, to, changes };
  },
});

type Row = Readonly<Record<string, string>>;
type Ends = Readonly<Record<'until' | 'endedOn', string | null>>;
