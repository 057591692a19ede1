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

@command({ zh: '登记区域', roles: ['province'] })
export class RegisterRegion {
  @On() readonly on!: string;
  @RegionId({ zh: '区域标识' }) readonly region!: string;
  @Text(60, { zh: '名称', example: '咸阳市' }) readonly name!: string;
  @OneOf(regionLevels, { zh: '层级' }) readonly level!: RegionLevel;
  @RegionId({ zh: '上级区域；省级没有', optional: true, example: 'shaanxi' }) readonly parent?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '变更区域隶属', roles: ['province'] })
export class MoveRegion {
  @On() readonly on!: string;
  @RegionId({ zh: '区域标识' }) readonly region!: string;
  @RegionId({ zh: '新的上级区域', example: 'shaanxi' }) readonly parent!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '登记行政区划代码及其有效期', roles: ['province'] })
export class MapRegionCode {
  @On() readonly on!: string;
  @RegionId({ zh: '区域标识' }) readonly region!: string;
  @DivisionCode({ zh: '行政区划代码', example: '610400' }) readonly code!: string;
  @Day({ zh: '生效日期', example: '1984-01-01' }) readonly from!: string;
  @Day({ zh: '失效日期（不含）', optional: true }) readonly until?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '划定区域分组', roles: ['province'] })
export class DefineRegionGroup {
  @On() readonly on!: string;
  @Slug({ zh: '分组标识', example: 'guanzhong' }) readonly group!: string;
  @Text(60, { zh: '名称', example: '关中' }) readonly name!: string;
  @RegionIds({ zh: '成员区域', example: ['xianyang'] }) readonly regions!: string[];
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '设立总窗口', roles: ['province'] })
export class DesignateHub {
  @On() readonly on!: string;
  @RegionId({ zh: '区域标识', example: 'xixian' }) readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '撤销总窗口', roles: ['province'] })
export class RevokeHub {
  @On() readonly on!: string;
  @RegionId({ zh: '区域标识', example: 'xixian' }) readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '设立先行区、示范区、试验区、引领区等', roles: ['province'] })
export class DesignateZone {
  @On() readonly on!: string;
  @Slug({ zh: '区的标识', example: 'xianyang-pioneer' }) readonly zone!: string;
  @RegionId({ zh: '所在区域' }) readonly region!: string;
  @Text(20, { zh: '类别，开放代码表', example: '先行区' }) readonly kind!: string;
  @Text(60, { zh: '名称', example: '咸阳科技成果转化先行区' }) readonly name!: string;
  @Text(60, { zh: '主题', optional: true, example: '科技成果转化' }) readonly theme?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '变更区的主题', roles: ['province'] })
export class ChangeZoneTheme {
  @On() readonly on!: string;
  @Slug({ zh: '区的标识', example: 'xianyang-pioneer' }) readonly zone!: string;
  @Text(60, { zh: '新主题', example: '科技成果转化' }) readonly theme!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '撤销区', roles: ['province'] })
export class RevokeZone {
  @On() readonly on!: string;
  @Slug({ zh: '区的标识', example: 'xianyang-pioneer' }) readonly zone!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '建立联动关系', roles: ['province'] })
export class OpenLink {
  @On() readonly on!: string;
  @Slug({ zh: '关系标识', example: 'base-xianyang' }) readonly link!: string;
  @OneOf(linkKinds, { zh: '类别：协同创新基地（总窗口→市）、飞地孵化器、离岸研发中心（市→总窗口）' })
  readonly kind!: LinkKind;
  @RegionId({ zh: '起点区域', example: 'xixian' }) readonly from!: string;
  @RegionId({ zh: '终点区域' }) readonly to!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '终止联动关系', roles: ['province'] })
export class CloseLink {
  @On() readonly on!: string;
  @Slug({ zh: '关系标识', example: 'base-xianyang' }) readonly link!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '提出覆盖要求（每个某级区域至少若干个某类载体）', roles: ['province'] })
export class StateCoverageRule {
  @On() readonly on!: string;
  @Slug({ zh: '要求标识', example: 'incubator-per-city' }) readonly rule!: string;
  @Text(20, { zh: '载体类别', example: '孵化器' }) readonly carrierKind!: string;
  @OneOf(regionLevels, { zh: '适用的区域层级' }) readonly level!: RegionLevel;
  @Whole(1, 1000, { zh: '每个区域至少几个', example: 1 }) readonly minimum!: number;
  @Basis() readonly basis!: LegalBasis;
}
