import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Day, Fen, OneOf, Quantity, RegionId, Slug, Text, Uscc, Whole } from '#libs/fields';
import { ContractError } from './feed-record.js';

export class RegionRegistered {
  @RegionId({ zh: '区域' }) readonly region!: string;
  @Text(60, { zh: '名称' }) readonly name!: string;
  @Text(20, { zh: '层级' }) readonly level!: string;
  @RegionId({ zh: '上级', optional: true }) readonly parent!: string | null;
}

export class HubChanged {
  @RegionId({ zh: '总窗口；已撤销则为空', optional: true }) readonly hub!: string | null;
}

export class ZoneChanged {
  @Slug({ zh: '区' }) readonly zone!: string;
  @RegionId({ zh: '所在区域' }) readonly region!: string;
  @OneOf(['designated', 'theme-changed', 'revoked'], { zh: '变更' }) readonly change!:
    'designated' | 'theme-changed' | 'revoked';
  @Text(20, { zh: '类别', optional: true }) readonly kind?: string;
  @Text(60, { zh: '名称', optional: true }) readonly name?: string;
  @Text(60, { zh: '主题', optional: true }) readonly theme?: string | null;
}

export class LinkChanged {
  @Slug({ zh: '关系' }) readonly link!: string;
  @Text(30, { zh: '类别' }) readonly kind!: string;
  @RegionId({ zh: '起点' }) readonly from!: string;
  @RegionId({ zh: '终点' }) readonly to!: string;
  @OneOf(['open', 'closed'], { zh: '状态' }) readonly status!: 'open' | 'closed';
}

const firstCarrierStatuses = ['proposed', 'negotiating', 'filed', 'open', 'suspended'] as const;
export const carrierStatuses = [...firstCarrierStatuses, 'expired', 'winding-up', 'wound-up'] as const;
export type CarrierStatus = (typeof carrierStatuses)[number];

class CarrierIdentity {
  @Slug({ zh: '载体' }) readonly carrier!: string;
  @Text(60, { zh: '名称' }) readonly name!: string;
  @Text(20, { zh: '类别' }) readonly kind!: string;
  @RegionId({ zh: '飞出地' }) readonly home!: string;
  @RegionId({ zh: '飞入地' }) readonly host!: string;
}

/** A carrier's identity and where it stands; sent whenever it moves on. */
export class CarrierChanged extends CarrierIdentity {
  @OneOf(firstCarrierStatuses, { zh: '状态' }) readonly status!: (typeof firstCarrierStatuses)[number];
}

/** The same with the statuses of an agreement that ends and of a carrier that closes, which version 1 has no word for. */
export class CarrierChangedV2 extends CarrierIdentity {
  @OneOf(carrierStatuses, { zh: '状态' }) readonly status!: CarrierStatus;
}

/** A space unit's size in force over a period. */
export class SpaceChanged {
  @Slug({ zh: '载体' }) readonly carrier!: string;
  @Slug({ zh: '空间单元' }) readonly unit!: string;
  @Quantity(0, 1e7, { zh: '面积，平方米' }) readonly areaSquareMetres!: number;
  @Whole(0, 1e6, { zh: '工位' }) readonly desks!: number;
  @Day({ zh: '起' }) readonly from!: string;
  @Day({ zh: '止（不含）', optional: true }) readonly until!: string | null;
}

/** Space let to a firm over a period; sent again with `until` when it is released. */
export class AllocationChanged extends SpaceChanged {
  @Slug({ zh: '入驻' }) readonly allocation!: string;
  @Uscc({ zh: '企业统一社会信用代码' }) readonly uscc!: string;
  @Text(100, { zh: '企业名称' }) readonly firm!: string;
}

export const incubateeStatuses = [
  'admitted',
  'settled',
  'rejected',
  'withdrawn',
  'overstayed',
  'graduated',
  'exited',
  'eliminated',
] as const;
export type IncubateeStatus = (typeof incubateeStatuses)[number];

/** A firm's stay in a carrier and where it stands; sent whenever it moves on. */
export class IncubateeChanged {
  @Slug({ zh: '载体' }) readonly carrier!: string;
  @RegionId({ zh: '飞出地' }) readonly home!: string;
  @Uscc({ zh: '企业统一社会信用代码' }) readonly uscc!: string;
  @Text(100, { zh: '企业名称' }) readonly firm!: string;
  @Whole(1, 1e6, { zh: '第几次入孵' }) readonly spell!: number;
  @OneOf(incubateeStatuses, { zh: '状态' }) readonly status!: IncubateeStatus;
}

export class InstrumentNetworked {
  @Slug({ zh: '仪器' }) readonly instrument!: string;
  @Text(100, { zh: '名称' }) readonly name!: string;
  @RegionId({ zh: '所属区域' }) readonly owner!: string;
  @Fen({ zh: '原值，分' }) readonly originalValueFen!: number;
}

export class UseChanged {
  @Slug({ zh: '仪器' }) readonly instrument!: string;
  @Slug({ zh: '使用记录' }) readonly use!: string;
  @RegionId({ zh: '所属区域' }) readonly owner!: string;
  @RegionId({ zh: '使用区域' }) readonly using!: string;
  @Quantity(0, 1e6, { zh: '机时，小时' }) readonly hours!: number;
  @OneOf(['internal', 'external'], { zh: '内部或对外' }) readonly sharing!: 'internal' | 'external';
  @OneOf(['recorded', 'reversed'], { zh: '状态' }) readonly status!: 'recorded' | 'reversed';
}

export const contractStatuses = ['filed', 'recognised', 'refused', 'reversed'] as const;
export type ContractStatus = (typeof contractStatuses)[number];

/** A technology contract and where it stands. 成交额 and 技术性收入 are different amounts. */
export class TechnologyContractChanged {
  @Slug({ zh: '合同' }) readonly contract!: string;
  @Text(20, { zh: '类型' }) readonly type!: string;
  @RegionId({ zh: '输出区域' }) readonly output!: string;
  @RegionId({ zh: '吸纳区域' }) readonly absorbing!: string;
  @Fen({ zh: '成交额，分' }) readonly amountFen!: number;
  @Fen({ zh: '核定技术性收入，分；未认定时为 0' }) readonly technicalRevenueFen!: number;
  @OneOf(contractStatuses, { zh: '状态' }) readonly status!: ContractStatus;
}

/** Every type that may cross to a city, with the form of its `data`. A form never changes: a new form is a new version. */
export const contractTypes = {
  'cn.liandong.region.registered.v1': RegionRegistered,
  'cn.liandong.hub.changed.v1': HubChanged,
  'cn.liandong.zone.changed.v1': ZoneChanged,
  'cn.liandong.link.changed.v1': LinkChanged,
  'cn.liandong.carrier.changed.v1': CarrierChanged,
  'cn.liandong.carrier.changed.v2': CarrierChangedV2,
  'cn.liandong.space.changed.v1': SpaceChanged,
  'cn.liandong.allocation.changed.v1': AllocationChanged,
  'cn.liandong.incubatee.changed.v1': IncubateeChanged,
  'cn.liandong.instrument.networked.v1': InstrumentNetworked,
  'cn.liandong.use.changed.v1': UseChanged,
  'cn.liandong.technology-contract.changed.v1': TechnologyContractChanged,
} as const;

export type ContractType = keyof typeof contractTypes;
export type ContractData<T extends ContractType> = InstanceType<(typeof contractTypes)[T]>;

/** What a domain event is to the cities. */
export type Published = { [T in ContractType]: { readonly type: T; readonly data: ContractData<T> } }[ContractType];

/** For every stored event of a context: what the cities are told, or nothing. Domain events are never published raw. */
export type FeedOf<E extends { readonly type: string; readonly data: object }> = {
  readonly [T in E['type']]: (data: Extract<E, { type: T }>['data']) => Published | undefined;
};

/**
 * Checks a record's data against its type's form. A type that this release does not know passes unchecked: an older city
 * must be able to follow a newer province.
 *
 * @throws ContractError naming the field at fault
 */
export function checkData(type: string, data: object): void {
  const Form = (contractTypes as Readonly<Record<string, new () => object>>)[type];
  if (!Form) return;
  const [error] = validateSync(plainToInstance(Form, data));
  if (error)
    throw new ContractError(`${type}.${error.property}`, Object.values(error.constraints ?? {})[0] ?? 'invalid');
}
