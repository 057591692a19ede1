import { command } from '#libs/eventing-nest';
import {
  Basis,
  Day,
  DivisionCode,
  On,
  OneOf,
  RegionId,
  RegionIds,
  Slug,
  Text,
  Whole,
  type LegalBasis,
} from '#libs/fields';
import { linkKinds, regionLevels, type LinkKind, type RegionLevel } from './topology.events.js';

@command({ zh: '登记区域', en: 'Register a region', roles: ['province'] })
export class RegisterRegion {
  @On() readonly on!: string;
  @RegionId({
    zh: '区域',
    en: 'Region',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'regions',
  })
  readonly region!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '咸阳市' }) readonly name!: string;
  @OneOf(regionLevels, { zh: '层级', en: 'Level' }) readonly level!: RegionLevel;
  @RegionId({
    zh: '上级区域',
    en: 'Parent region',
    help: ['省级没有', 'The province has none'],
    lookUp: 'regions',
    optional: true,
    example: 'shaanxi',
  })
  readonly parent?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '变更区域隶属', en: 'Move a region to another parent', roles: ['province'] })
export class MoveRegion {
  @On() readonly on!: string;
  @RegionId({
    zh: '区域',
    en: 'Region',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'regions',
  })
  readonly region!: string;
  @RegionId({ zh: '新的上级区域', en: 'New parent region', lookUp: 'regions', example: 'shaanxi' })
  readonly parent!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '登记行政区划代码及其有效期',
  en: 'Record a division code and while it is in force',
  roles: ['province'],
})
export class MapRegionCode {
  @On() readonly on!: string;
  @RegionId({
    zh: '区域',
    en: 'Region',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'regions',
  })
  readonly region!: string;
  @DivisionCode({
    zh: '行政区划代码',
    en: 'Division code',
    help: ['GB/T 2260，六位', 'GB/T 2260, six digits'],
    example: '610400',
  })
  readonly code!: string;
  @Day({ zh: '生效日期', en: 'In force from', example: '1984-01-01' }) readonly from!: string;
  @Day({
    zh: '失效日期（不含）',
    en: 'In force until, exclusive',
    help: ['仍有效则不填', 'Leave out while it is in force'],
    optional: true,
  })
  readonly until?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '划定区域分组', en: 'Define a group of regions', roles: ['province'] })
export class DefineRegionGroup {
  @On() readonly on!: string;
  @Slug({
    zh: '分组',
    en: 'Group',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'region-groups',
    example: 'guanzhong',
  })
  readonly group!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '关中' }) readonly name!: string;
  @RegionIds({ zh: '成员区域', en: 'Member regions', lookUp: 'regions', example: ['xianyang'] })
  readonly regions!: string[];
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '设立总窗口', en: 'Designate the hub', roles: ['province'] })
export class DesignateHub {
  @On() readonly on!: string;
  @RegionId({
    zh: '区域',
    en: 'Region',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'regions',
    example: 'xixian',
  })
  readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '撤销总窗口', en: 'Revoke the hub', roles: ['province'] })
export class RevokeHub {
  @On() readonly on!: string;
  @RegionId({
    zh: '区域',
    en: 'Region',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'regions',
    example: 'xixian',
  })
  readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '设立先行区、示范区、试验区、引领区等', en: 'Designate a zone', roles: ['province'] })
export class DesignateZone {
  @On() readonly on!: string;
  @Slug({
    zh: '区',
    en: 'Zone',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'zones',
    example: 'xianyang-pioneer',
  })
  readonly zone!: string;
  @RegionId({ zh: '所在区域', en: 'Region', lookUp: 'regions' }) readonly region!: string;
  @Text(20, { zh: '类别', en: 'Kind', help: ['开放代码表', 'An open code list'], example: '先行区' })
  readonly kind!: string;
  @Text(60, { zh: '名称', en: 'Name', example: '咸阳科技成果转化先行区' }) readonly name!: string;
  @Text(60, { zh: '主题', en: 'Theme', optional: true, example: '科技成果转化' }) readonly theme?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '变更区的主题', en: "Change a zone's theme", roles: ['province'] })
export class ChangeZoneTheme {
  @On() readonly on!: string;
  @Slug({
    zh: '区',
    en: 'Zone',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'zones',
    example: 'xianyang-pioneer',
  })
  readonly zone!: string;
  @Text(60, { zh: '新主题', en: 'New theme', example: '科技成果转化' }) readonly theme!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '撤销区', en: 'Revoke a zone', roles: ['province'] })
export class RevokeZone {
  @On() readonly on!: string;
  @Slug({
    zh: '区',
    en: 'Zone',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'zones',
    example: 'xianyang-pioneer',
  })
  readonly zone!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '建立联动关系', en: 'Open a link', roles: ['province'] })
export class OpenLink {
  @On() readonly on!: string;
  @Slug({
    zh: '关系',
    en: 'Link',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'links',
    example: 'base-xianyang',
  })
  readonly link!: string;
  @OneOf(linkKinds, {
    zh: '类别',
    en: 'Kind',
    help: [
      '协同创新基地（总窗口→市）、飞地孵化器、离岸研发中心（市→总窗口）',
      'Collaboration base (hub to city), enclave incubator or offshore centre (city to hub)',
    ],
  })
  readonly kind!: LinkKind;
  @RegionId({ zh: '起点区域', en: 'From region', lookUp: 'regions', example: 'xixian' }) readonly from!: string;
  @RegionId({ zh: '终点区域', en: 'To region', lookUp: 'regions' }) readonly to!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '终止联动关系', en: 'Close a link', roles: ['province'] })
export class CloseLink {
  @On() readonly on!: string;
  @Slug({
    zh: '关系',
    en: 'Link',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'links',
    example: 'base-xianyang',
  })
  readonly link!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '提出覆盖要求（每个某级区域至少若干个某类载体）',
  en: 'State how many carriers of a kind each region of a level must have',
  roles: ['province'],
})
export class StateCoverageRule {
  @On() readonly on!: string;
  @Slug({
    zh: '要求',
    en: 'Rule',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'coverage-rules',
    example: 'incubator-per-city',
  })
  readonly rule!: string;
  @Text(20, { zh: '载体类别', en: 'Kind of carrier', help: ['开放代码表', 'An open code list'], example: '孵化器' })
  readonly carrierKind!: string;
  @OneOf(regionLevels, { zh: '适用的区域层级', en: 'Level of the regions that it speaks of' })
  readonly level!: RegionLevel;
  @Whole(1, 1000, { zh: '每个区域至少几个', en: 'How many each region must have', example: 1 })
  readonly minimum!: number;
  @Basis() readonly basis!: LegalBasis;
}
