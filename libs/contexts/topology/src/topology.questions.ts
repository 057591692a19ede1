import { ApiProperty } from '@nestjs/swagger';
import { question, type Reads } from '#libs/eventing-nest';
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
  @Thing('有效的联动关系') links!: object[];
  @Thing('覆盖要求') rules!: object[];
}

export class StructureParameters {
  @Day({ zh: '截至此日', en: 'As of this day', help: ['缺省为最近', 'The latest when absent'], optional: true })
  readonly asOf?: string;
  @Text(80, {
    zh: '截至此刻已记录',
    en: 'As at this moment',
    help: ['时刻或位置；缺省为现在', 'An instant or a position; now when absent'],
    optional: true,
  })
  readonly asAt?: string;
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
  parameters: StructureParameters,
  answer: Structure,
  // Everyone must know the structure: there is nothing to hide.
  async ask(times: Times, scope: Scope, { sql }: Reads): Promise<Structure> {
    const all = async (list: lists.AnyList, filter: Readonly<Record<string, string>> = {}) =>
      (await askList(sql, list, { ...times, scope, filter, limit: ALL })).items.map(({ row }) => row);
    const hubs = (await all(lists.hubs)) as lists.RowOf<typeof lists.hubs>[];
    return {
      hub: hubs.find(({ until }) => until === null) ?? null,
      regions: await all(lists.regions),
      codes: await all(lists.regionCodes),
      groups: await all(lists.regionGroups),
      zones: await all(lists.zones, { status: 'designated' }),
      links: await all(lists.links, { status: 'open' }),
      rules: await all(lists.coverageRules),
    };
  },
});
