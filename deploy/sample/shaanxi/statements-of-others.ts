import { CHENGDU, CONVERSION, PLAN, XIAN, type Quoted } from './documents.js';
import type { Statement } from './statements.js';

type Row = readonly [
  statement: string,
  clause: string,
  modality: string,
  wording: string,
  subjectKind: string,
  subject: string,
  subjectId?: string,
];

const said = (of: Quoted, prefix: string, rows: readonly Row[]): Statement[] =>
  rows.map(([statement, clause, modality, wording, subjectKind, subject, subjectId]) => ({
    of,
    statement: `${prefix}-${statement}`,
    clause,
    modality,
    wording,
    subjectKind,
    subject,
    ...(subjectId === undefined ? {} : { subjectId }),
  }));

const WINDOW = '打造科技成果转化示范区、人才发展改革试验区、科技金融资源集聚区、未来产业先导区';
const WORLD_CLASS = '支持西安高新区、西安经开区打造世界一流园区';
const SCHOOLS = '如何加快产学研协同合作,让科技优势更多地转化为经济高质量发展的优势?';
const LINES = '如何让源源不断的科技成果从“实验室”走向“生产线”?';

/** What the plan of 2024–2026 says: zones that were under way in 2023 are so still, or only supported. */
const plan = said(PLAN, 'plan-2024', [
  [
    'concept-centres',
    '3',
    'target',
    '布局建设30个省级概念验证中心和中试基地',
    'target',
    '省级概念验证中心和中试基地，合计',
  ],
  [
    'incubation-carriers',
    '4',
    'target',
    '培育建设30个左右“硬科技、强服务、广资源”的高能级孵化载体',
    'target',
    '高能级孵化载体，30个左右',
  ],
  [
    'integrated-carriers',
    '4',
    'under-way',
    '打造集研发、孵化、投资等于一体的创新创业生态培育中心和“三器”融合样板',
    'carrier',
    '“三器”融合样板，未给数字',
  ],
  [
    'incubators',
    '4',
    'under-way',
    '加快建设众创空间、科技企业孵化器等',
    'carrier',
    '众创空间、科技企业孵化器等，未给数字',
  ],
  ['university-parks', '4', 'target', '高标准建设20个省级大学科技园', 'target', '省级大学科技园'],
  [
    'joint-centres',
    '5',
    'supports',
    '支持高校院所吸引国内外龙头企业共建联合研发中心',
    'carrier',
    '高校院所与龙头企业 联合研发中心，未指明',
  ],
  [
    'clusters',
    '7',
    'target',
    '培育建设20个左右省级秦创原未来（新兴、特色）产业创新聚集区',
    'target',
    '省级秦创原产业创新聚集区，20个左右',
  ],
  ['facilities', '9', 'under-way', '健全开放共享和“沿途下蛋”机制', 'rule', '重大平台 开放共享'],
  [
    'yulin',
    '10',
    'under-way',
    '推进榆林能源革命创新示范区创建工作',
    'zone',
    '榆林能源革命创新示范区',
    'yulin-demonstration',
  ],
  ['future-industries', '10', 'under-way', '积极培育未来产业先导区', 'zone', '未来产业先导区，未指明'],
  [
    'window',
    '11',
    'supports',
    '支持西咸新区在技术革命性突破、生产要素创新性配置、产业深度转型升级等方面先行先试',
    'region',
    '西咸新区',
    'xixian',
  ],
  ['window-platforms', '11', 'target', '集群式建设50个创新平台', 'target', '西咸新区 创新平台'],
  ['window-transfer', '11', 'supports', WINDOW, 'zone', '西咸新区 科技成果转化示范区'],
  ['window-talent', '11', 'supports', WINDOW, 'zone', '西咸新区 人才发展改革试验区', 'hub-talent-reform'],
  ['window-finance', '11', 'supports', WINDOW, 'zone', '西咸新区 科技金融资源集聚区'],
  ['window-future', '11', 'supports', WINDOW, 'zone', '西咸新区 未来产业先导区'],
  [
    'harbour',
    '11',
    'supports',
    '支持西部科技创新港教育科技人才一体化发展，建设“秦·港孵化器”和国际创投小镇',
    'carrier',
    '西部科技创新港 秦·港孵化器',
  ],
  [
    'zones',
    '12',
    'supports',
    '支持各市（区）因地制宜建设秦创原先行区、示范区',
    'zone',
    '各市（区） 先行区、示范区，未指明何市',
  ],
  [
    'enclave-model',
    '12',
    'under-way',
    '拓展“飞地创新、离岸孵化、回迁发展”模式',
    'link',
    '飞地创新、离岸孵化、回迁发展，未指明何市',
  ],
  [
    'enclaves',
    '12',
    'encourages',
    '鼓励总窗口和各市（区）共建协同创新平台、“飞地”孵化器等',
    'link',
    '协同创新平台、飞地孵化器等（总窗口与各市（区）），未指明何市',
  ],
  ['high-tech', '12', 'supports', WORLD_CLASS, 'region', '西安高新区', 'xian-hitech'],
  ['economic', '12', 'supports', WORLD_CLASS, 'region', '西安经开区'],
  [
    'xian-xianyang',
    '12',
    'under-way',
    '推进西安—咸阳创新驱动一体化发展',
    'link',
    '西安—咸阳 一体化发展',
    'xian-xianyang',
  ],
  [
    'xianyang',
    '12',
    'supports',
    '支持咸阳打造科技成果转化先行区',
    'zone',
    '咸阳科技成果转化先行区',
    'xianyang-pioneer',
  ],
  ['yangling', '12', 'supports', '支持杨凌示范区发挥农业板块核心引领作用', 'region', '杨凌示范区', 'yangling'],
  [
    'beyond',
    '13',
    'under-way',
    '加强与京津冀、长三角、粤港澳大湾区、成渝、武汉等地区的创新协同',
    'link',
    '创新协同（与京津冀、长三角、粤港澳大湾区、成渝、武汉等）',
  ],
  ['instruments', '14', 'under-way', '推动科研机构、科研仪器等开放共享', 'rule', '科研机构、科研仪器 开放共享'],
  ['finance', '16', 'supports-application', '支持西安申报科创金融改革试验区', 'zone', '西安 科创金融改革试验区'],
]);

/** What 西安 set itself for 2018. */
const xian = said(XIAN, 'xian-2018', [
  [
    'incubators',
    '主要目标',
    'target',
    '重点实验室130个、技术创新中心(工程技术研究中心)和科技企业孵化器275个',
    'target',
    '西安 重点实验室；技术创新中心和科技企业孵化器，合计',
  ],
  ['spaces', '主要目标', 'target', '众创空间数量372个,面积共1460万平方米', 'target', '西安 众创空间，数量与面积'],
  ['instruments', '主要目标', 'target', '入网共享仪器设备达到12600台套', 'target', '西安 入网共享仪器设备'],
  ['towns', '主要目标', 'target', '重点推进11个硬科技特色小镇建设', 'target', '西安 硬科技特色小镇'],
  [
    'bases',
    '二、(一)',
    'target',
    '依托各区县、开发区,在全市建设8-10个硬科技产业示范基地',
    'target',
    '西安 硬科技产业示范基地，8—10个',
  ],
  ['xihu', '二、(三)', 'supports', '支持西户科技创新园省级高新区建设', 'zone', '西户科技创新园 省级高新区'],
  [
    'named-towns',
    '二、(四)',
    'under-way',
    '协力打造西安交大西部创新港、西工大翱翔小镇、西电军民融合创新谷、中兴科创小镇、西咸新区硬科技小镇等11个具有国际水准的硬科技小镇',
    'zone',
    '硬科技小镇，五个有名称，共11个',
  ],
  [
    'city-incubators',
    '二、(五)',
    'under-way',
    '继续做好市级工程技术研究中心(创新中心)和市级孵化器建设',
    'carrier',
    '西安 市级孵化器，未给数字',
  ],
  [
    'main-bases',
    '三、(一)',
    'has',
    '以高新区、曲江新区、碑林区、长安区、雁塔区等五区为主阵地',
    'zone',
    '西安 众创空间五区，列举未尽',
  ],
  [
    'carriers',
    '三、(一)',
    'supports',
    '支持各区县、开发区依托资源优势打造有引领示范作用的创新创业载体',
    'carrier',
    '西安各区县、开发区 创新创业载体，未指明',
  ],
  [
    'special-spaces',
    '三、(一)',
    'supports',
    '支持高校院所、军工集团、龙头企业和国内外知名众创机构建设专业化众创空间',
    'carrier',
    '西安 专业化众创空间，未指明',
  ],
  ['transfer', '五、(二)', 'under-way', '开展技术转移转化示范区建设', 'zone', '西安 技术转移转化示范区'],
  [
    'fuping-yanliang',
    '七、(二)',
    'under-way',
    '落实好碑林环大学科技产业带、航空基地区域创新发展、富平-阎良产业合作园区和西户高新区建设等专项工作',
    'link',
    '富平—阎良 产业合作园区',
  ],
]);

/** What a city of another province explores: centres and bases elsewhere. */
const conversion = said(CONVERSION, 'conversion-plan', [
  ['base', '一、(二)', 'target', '高质量建成省科技成果产业化基地', 'target', '省科技成果产业化基地，未指明何市'],
  ['high-tech', '二、(一)2', 'under-way', '举全市之力创建国家高新区', 'zone', '国家高新区，未指明何市'],
  [
    'offshore',
    '二、(三)5',
    'supports',
    '探索支持构建离岸科创中心+若干异地研发中心的开放创新体系',
    'link',
    '离岸科创中心、若干异地研发中心，未指明何地',
  ],
  ['centres', '二、(三)5', 'supports', '支持龙头骨干企业建设异地研发中心', 'carrier', '龙头骨干企业 异地研发中心'],
  ['spaces', '三、(一)3', 'target', '争创省级众创空间1家', 'target', '省级众创空间'],
]);

/** What 成都 was reported to begin in 2023. */
const chengdu = said(CHENGDU, 'chengdu-2023', [
  ['island', '一是', 'under-way', '加快科创生态岛建设', 'zone', '成都 科创生态岛'],
  ['science-city', '三是', 'under-way', '高水平推进西部(成都)科学城建设', 'zone', '西部(成都)科学城'],
  [
    'across-regions',
    LINES,
    'under-way',
    '推动西部(成都)科学城建立跨区域“创新策源+成果转化”协同创新模式',
    'link',
    '西部(成都)科学城 跨区域协同，未指明与何地',
  ],
  ['headquarters', LINES, 'under-way', '深化“总部+基地”“研发+制造”新型协作关系', 'link', '总部+基地、研发+制造'],
  ['shares', LINES, 'under-way', '探索“统计分享、财税分享”等合作机制', 'rule', '统计分享、财税分享'],
  ['bases', LINES, 'requires', '同步布局建设成果应用转化基地', 'carrier', '成果应用转化基地，未给数字'],
  [
    'pairs',
    LINES,
    'under-way',
    '推动区(市)县、重点产业链与高校院所重点学科、实验室开展结对合作',
    'link',
    '成都各区(市)县与高校院所 结对',
  ],
  ['paired-schools', SCHOOLS, 'supports', '支持区(市)县与高校结对联动', 'link', '成都各区(市)县与高校 结对'],
  [
    'carriers',
    SCHOOLS,
    'supports',
    '利用校园及周边楼宇、存量房产等资源建设成果转化载体',
    'carrier',
    '成都各区(市)县 成果转化载体',
  ],
  [
    'instruments',
    SCHOOLS,
    'supports',
    '支持高校院所面向产业链成果转化开放共享重大科研基础设施和大型科研仪器设备',
    'rule',
    '成都高校院所 仪器开放共享',
  ],
]);

export const statementsOfOthers: readonly Statement[] = [...plan, ...xian, ...conversion, ...chengdu];
