import { command } from '#libs/eventing-nest';
import {
  Basis,
  Day,
  DivisionCode,
  On,
  OneOf,
  Reason,
  RegionId,
  RegionIds,
  Slug,
  Text,
  Whole,
  type LegalBasis,
} from '#libs/fields';
import {
  modalities,
  regionLevels,
  stages,
  subjectKinds,
  type Modality,
  type RegionLevel,
  type Stage as ZoneStage,
  type SubjectKind,
  type Texts,
} from '#libs/messages';
import { hubSteps, linkSteps, zoneSteps, type HubStep, type LinkStep, type ZoneStep } from './topology.events.js';

const IDS = ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'] as const;

const REGION = { zh: '区域', en: 'Region', help: IDS } as const;
const Region = () => RegionId({ ...REGION, lookUp: 'regions' });
const Hub = () => RegionId({ ...REGION, lookUp: 'hubs', example: 'xixian' });

const Kind = (list: string, example: string) =>
  Text(30, {
    zh: '类别',
    en: 'Kind',
    help: [`代码表 ${list} 中的代码或名称`, `A code of ${list}, or its name`],
    codes: list,
    example,
  });

const ZONE = { zh: '区', en: 'Zone', help: IDS, example: 'xianyang-pioneer' } as const;
const Zone = () => Slug({ ...ZONE, lookUp: 'zones' });
const NewZone = () => Slug({ ...ZONE, isNew: true });
const LINK = { zh: '关系', en: 'Link', help: IDS, example: 'base-xianyang' } as const;
const Link = () => Slug({ ...LINK, lookUp: 'links' });
const NewLink = () => Slug({ ...LINK, isNew: true });
const RULE = { zh: '要求', en: 'Rule', help: IDS, example: 'incubator-per-city' } as const;
const Rule = () => Slug({ ...RULE, lookUp: 'coverage-rules' });
const STATEMENT = { zh: '表述', en: 'Statement', help: IDS, example: 'points-2023-incubators' } as const;
const CodeFrom = () =>
  Day({ zh: '该代码的生效日期', en: 'In force from', lookUp: 'region-codes', example: '1984-01-01' });
const ZoneName = () => Text(60, { zh: '名称', en: 'Name', example: '咸阳科技成果转化先行区' });
const From = () => RegionId({ zh: '起点区域', en: 'From region', lookUp: 'regions', example: 'xixian' });
const To = () => RegionId({ zh: '终点区域', en: 'To region', lookUp: 'regions' });
const Reverses = (steps: Texts) =>
  OneOf(steps, {
    zh: '被冲销的一步',
    en: 'Step that is reversed',
    help: ['须是最近的一步', 'Its last one'],
  });
const Stage = () => OneOf(stages, { zh: '阶段', en: 'Stage', help: ['规划或在建', 'Planned or under way'] });

@command({ zh: '登记区域', en: 'Register a region', roles: ['province'] })
export class RegisterRegion {
  @On() readonly on!: string;
  @RegionId({ ...REGION, isNew: true }) readonly region!: string;
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
  @Region() readonly region!: string;
  @RegionId({ zh: '新的上级区域', en: 'New parent region', lookUp: 'regions', example: 'shaanxi' })
  readonly parent!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '更名', en: 'Rename a region', roles: ['province'] })
export class RenameRegion {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @Text(60, { zh: '新名称', en: 'New name', example: '咸阳市' }) readonly name!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '由另一区域代管，或终止代管',
  en: 'Let another region administer one, or end that',
  roles: ['province'],
})
export class AdministerRegion {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @RegionId({
    zh: '代管的区域',
    en: 'Administered by',
    help: ['终止代管则不填', 'Leave out to end it'],
    lookUp: 'regions',
    optional: true,
    example: 'xixian',
  })
  readonly by?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '区域自主办理：自此其上级、代管区域不再代其办理',
  en: 'Give a region an authority of its own: what it lies in no longer acts for it',
  roles: ['province'],
})
export class GrantAuthority {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '终止区域自主办理',
  en: 'End the authority of a region: what it lies in acts for it again',
  roles: ['province'],
  acts: [{ list: 'authorities', key: { region: 'region' } }],
})
export class EndAuthority {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '撤销区域（并入、拆分或撤并），须先了结其下级、代码、区与联动关系',
  en: 'End a region: merged, split or dissolved; what refers to it is settled first',
  roles: ['province'],
})
export class EndRegion {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @RegionIds({
    zh: '承接的区域',
    en: 'Taken over by',
    lookUp: 'regions',
    optional: true,
    example: ['xianyang'],
  })
  readonly into?: string[];
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '登记行政区划代码及其有效期',
  en: 'Record a division code and while it is in force',
  roles: ['province'],
})
export class MapRegionCode {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @DivisionCode({
    zh: '行政区划代码',
    en: 'Division code',
    help: [
      'GB/T 2260 六位；乡镇、街道为 GB/T 10114 九位',
      'GB/T 2260, six digits; of a town or subdistrict nine, GB/T 10114',
    ],
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

@command({
  zh: '登记行政区划代码的失效日期',
  en: 'Record the day on which a division code ends',
  roles: ['province'],
})
export class EndRegionCode {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @CodeFrom()
  readonly from!: string;
  @Day({ zh: '失效日期（不含）', en: 'In force until, exclusive' }) readonly until!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '冲销误登记的行政区划代码，此代码从未有效',
  en: 'Reverse a division code that was recorded by mistake: it never was in force',
  roles: ['province'],
})
export class ReverseRegionCode {
  @On() readonly on!: string;
  @Region() readonly region!: string;
  @CodeFrom()
  readonly from!: string;
  @Reason() readonly reason!: string;
}

@command({
  zh: '登记省外、境外地点（外省及其市、国家和地区及其城市）',
  en: 'Register a place beyond the province: another province or its city, a country or its city',
  roles: ['province'],
})
export class RegisterPlace {
  @On() readonly on!: string;
  @Slug({
    zh: '地点',
    en: 'Place',
    help: [
      'cn-六位行政区划代码，iso-两位国家代码，或其后加城市',
      'cn- and a division code, iso- and a country code, or that and a city',
    ],
    isNew: true,
    example: 'cn-310000',
  })
  readonly place!: string;
  @Text(60, {
    zh: '名称',
    en: 'Name',
    help: ['仅境外城市填，其余取自标准', 'Of cities abroad only; all others have that of the standard'],
    optional: true,
  })
  readonly name?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '划定区域分组',
  en: 'Define a group of regions',
  roles: ['province'],
  // One that is there is defined anew by the same.
  acts: [{ list: 'region-groups', key: { group: 'group' } }],
})
export class DefineRegionGroup {
  @On() readonly on!: string;
  @Slug({
    zh: '分组',
    en: 'Group',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    isNew: true,
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
  @RegionId({ ...REGION, lookUp: 'regions', example: 'xixian' }) readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '撤销总窗口', en: 'Revoke the hub', roles: ['province'] })
export class RevokeHub {
  @On() readonly on!: string;
  @Hub() readonly region!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '冲销总窗口的最近一步（误登记的设立或撤销），恢复原状',
  en: 'Reverse the last designation or revocation of the hub: it is as it was before',
  roles: ['province'],
})
export class ReverseHubStep {
  @On() readonly on!: string;
  @Hub() readonly region!: string;
  @Reverses(hubSteps) readonly reverses!: HubStep;
  @Reason() readonly reason!: string;
}

@command({
  zh: '记录区的规划或在建（先行区、示范区等），不等于已设立',
  en: 'Record that a zone is planned or under way, which is not that it is there',
  roles: ['province'],
  acts: [{ list: 'zones', key: { zone: 'zone' } }],
})
export class PlanZone {
  @On() readonly on!: string;
  @NewZone() readonly zone!: string;
  @RegionId({ zh: '所在区域', en: 'Region', lookUp: 'regions' }) readonly region!: string;
  @Kind('zone-kinds', '先行区') readonly kind!: string;
  @ZoneName() readonly name!: string;
  @Text(60, { zh: '主题', en: 'Theme', optional: true, example: '科技成果转化' }) readonly theme?: string;
  @Stage() readonly stage!: ZoneStage;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '设立先行区、示范区、试验区、引领区等',
  en: 'Designate a zone',
  roles: ['province'],
  acts: [{ list: 'zones', key: { zone: 'zone' } }],
})
export class DesignateZone {
  @On() readonly on!: string;
  @NewZone() readonly zone!: string;
  @RegionId({ zh: '所在区域', en: 'Region', lookUp: 'regions' }) readonly region!: string;
  @Kind('zone-kinds', '先行区') readonly kind!: string;
  @ZoneName() readonly name!: string;
  @Text(60, { zh: '主题', en: 'Theme', optional: true, example: '科技成果转化' }) readonly theme?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '变更区的主题', en: "Change a zone's theme", roles: ['province'] })
export class ChangeZoneTheme {
  @On() readonly on!: string;
  @Zone() readonly zone!: string;
  @Text(60, { zh: '新主题', en: 'New theme', example: '科技成果转化' }) readonly theme!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '撤销区', en: 'Revoke a zone', roles: ['province'] })
export class RevokeZone {
  @On() readonly on!: string;
  @Zone() readonly zone!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '冲销区的最近一步（误登记），恢复原状；只有这一步的，视为从未有过，标识可重新使用',
  en: 'Reverse the last step of a zone: it is as it was before, or never was if that was its only step',
  roles: ['province'],
})
export class ReverseZoneStep {
  @On() readonly on!: string;
  @Zone() readonly zone!: string;
  @Reverses(zoneSteps) readonly reverses!: ZoneStep;
  @Reason() readonly reason!: string;
}

@command({
  zh: '记录联动关系的规划或在建，不等于已建立',
  en: 'Record that a link is planned or under way, which is not that it is open',
  roles: ['province'],
  acts: [{ list: 'links', key: { link: 'link' } }],
})
export class PlanLink {
  @On() readonly on!: string;
  @NewLink() readonly link!: string;
  @Kind('link-kinds', 'collaboration-base') readonly kind!: string;
  @From() readonly from!: string;
  @To() readonly to!: string;
  @Stage() readonly stage!: ZoneStage;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '建立联动关系（双方共建的载体，其关系随开园建立）',
  en: 'Open a link; that of a carrier of two regions opens with the carrier',
  roles: ['province'],
  acts: [{ list: 'links', key: { link: 'link' } }],
})
export class OpenLink {
  @On() readonly on!: string;
  @NewLink() readonly link!: string;
  @Kind('link-kinds', 'pairing') readonly kind!: string;
  @From() readonly from!: string;
  @To() readonly to!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '终止联动关系', en: 'Close a link', roles: ['province'] })
export class CloseLink {
  @On() readonly on!: string;
  @Link() readonly link!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '冲销联动关系的最近一步（误登记），恢复原状；只有这一步的，视为从未有过，标识可重新使用',
  en: 'Reverse the last step of a link: it is as it was before, or never was if that was its only step',
  roles: ['province'],
})
export class ReverseLinkStep {
  @On() readonly on!: string;
  @Link() readonly link!: string;
  @Reverses(linkSteps) readonly reverses!: LinkStep;
  @Reason() readonly reason!: string;
}

const hubCounts = { counted: ['计入', 'Counted'], 'left-out': ['不计入', 'Left out'] } as const satisfies Texts;
const CarrierKind = () =>
  Text(30, {
    zh: '载体类别',
    en: 'Kind of carrier',
    help: ['代码表 carrier-kinds 中的代码或名称', 'A code of carrier-kinds, or its name'],
    codes: 'carrier-kinds',
    example: '孵化器',
  });
const Level = () => OneOf(regionLevels, { zh: '适用的区域层级', en: 'Level of the regions' });
const Minimum = () =>
  Whole(1, 1000, {
    zh: '每个区域至少几个',
    en: 'At least, in each region',
    help: ['文件未给数字则不填', 'Leave out where the document gives no number'],
    unit: '个',
    optional: true,
    example: 1,
  });
const Said = () =>
  OneOf(modalities, {
    zh: '表述方式',
    en: 'How it is said',
    help: ['缺省为要求', 'Requires when absent'],
    optional: true,
  });
const HubCounts = () =>
  OneOf(hubCounts, {
    zh: '总窗口是否计入',
    en: 'Whether the hub counts',
    help: ['是否为“各市（区）”之一；缺省为不计入', 'Whether it is one of them; left out when absent'],
    optional: true,
  });
type HubCount = keyof typeof hubCounts;

@command({
  zh: '提出覆盖要求（某级区域须有、宜有某类载体）',
  en: 'State that each region of a level must or should have carriers of a kind',
  roles: ['province'],
})
export class StateCoverageRule {
  @On() readonly on!: string;
  @Slug({ ...RULE, isNew: true }) readonly rule!: string;
  @CarrierKind() readonly carrierKind!: string;
  @Level() readonly level!: RegionLevel;
  @Minimum() readonly minimum?: number;
  @Said() readonly modality?: Modality;
  @HubCounts() readonly hub?: HubCount;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '修订覆盖要求（全部内容重新给出）', en: 'Revise a coverage rule: all of it anew', roles: ['province'] })
export class ReviseCoverageRule {
  @On() readonly on!: string;
  @Rule() readonly rule!: string;
  @CarrierKind() readonly carrierKind!: string;
  @Level() readonly level!: RegionLevel;
  @Minimum() readonly minimum?: number;
  @Said() readonly modality?: Modality;
  @HubCounts() readonly hub?: HubCount;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '终止覆盖要求', en: 'End a coverage rule', roles: ['province'] })
export class EndCoverageRule {
  @On() readonly on!: string;
  @Rule() readonly rule!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '记录文件的表述（要求、支持、鼓励、推进、申报、已有、目标），不等于已办成',
  en: 'Record what a document says, word for word, which is not that it came about',
  roles: ['province'],
})
export class RecordStatement {
  @On() readonly on!: string;
  @Slug({ ...STATEMENT, isNew: true }) readonly statement!: string;
  @OneOf(modalities, { zh: '表述方式', en: 'How it is said' }) readonly modality!: Modality;
  @Text(300, {
    zh: '原文',
    en: 'Wording',
    help: ['文件中的原话', 'As it stands in the document'],
    example: '在每个市(区)布局建设1个特色化立体联动“孵化器”',
  })
  readonly wording!: string;
  @OneOf(subjectKinds, { zh: '所指', en: 'Kind of subject' }) readonly subjectKind!: SubjectKind;
  @Text(100, { zh: '所指的名称', en: 'What it speaks of', example: '每个市(区) 孵化器' }) readonly subject!: string;
  @Slug({
    zh: '所指在平台上的标识',
    en: 'Its id here',
    help: ['文件未指明则不填', 'Leave out where the document does not say which'],
    optional: true,
    example: 'incubator-per-city',
  })
  readonly subjectId?: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '更正记错的表述：各项照文件重新填写，表述日不变',
  en: 'Correct a statement that was recorded wrongly: all of it anew, but for the day of the document',
  roles: ['province'],
})
export class CorrectStatement extends RecordStatement {
  @Slug({ ...STATEMENT, lookUp: 'statements' }) declare readonly statement: string;
  @Reason() readonly reason!: string;
}
