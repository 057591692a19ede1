import { ApiProperty } from '@nestjs/swagger';

/** An object with a value of that schema under each name. */
const each = (schema: object, description: string, example?: object) =>
  ApiProperty({ type: 'object', additionalProperties: schema as never, description, example });
const Zh = () => ApiProperty({ description: '中文', example: '载体' });
const En = () => ApiProperty({ description: 'English', example: 'Carriers' });
const Names = (description: string, example: string[]) => ApiProperty({ type: [String], description, example });
const said = {
  type: 'object',
  required: ['zh', 'en'],
  properties: { zh: { type: 'string' }, en: { type: 'string' } },
};

export class CatalogueSaid {
  @ApiProperty({ description: '中文' }) zh!: string;
  @ApiProperty({ description: 'English' }) en!: string;
}

export class CatalogueContext {
  @ApiProperty({ description: '名称；其命令路径的第一部分', example: 'carriers' }) name!: string;
  @Zh() zh!: string;
  @En() en!: string;
}

export class CatalogueColumn {
  @ApiProperty({ description: '字段', example: 'status' }) name!: string;
  @ApiProperty({ description: '列名', example: '状态' }) zh!: string;
  @ApiProperty({ description: 'Label', example: 'Status' }) en!: string;
  @ApiProperty({ type: () => CatalogueSaid, required: false, description: '列名未尽之处' }) help?: CatalogueSaid;
  @ApiProperty({
    enum: 'text slug region day fen count hundredths flag choice uscc parts several'.split(' '),
    description: '种类：fen 为分，hundredths 至多两位小数，parts 有各部分，several 为多项',
  })
  kind!: string;
  @ApiProperty({ description: '可为空', example: false }) nullable!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: said as never,
    selfRequired: false,
    description: '取值的说法；choice 每个取值都有',
    example: { open: { zh: '已开园', en: 'Open' } },
  })
  values?: object;
  @ApiProperty({ required: false, description: '所指事物的列表', example: 'carriers' }) list?: string;
  @ApiProperty({ required: false, description: '该列表标识的末一字段', example: 'carrier' }) field?: string;
  @ApiProperty({ required: false, description: '所属代码表', example: 'carrier-kinds' }) codes?: string;
  @ApiProperty({ type: () => [CatalogueColumn], required: false, description: '各部分' }) parts?: CatalogueColumn[];
  @ApiProperty({ type: () => CatalogueColumn, required: false, description: '其中每一项' }) of?: CatalogueColumn;
}

export class CatalogueList {
  @ApiProperty({ description: '列表：GET /api/v1/<列表>', example: 'carriers' }) name!: string;
  @ApiProperty({ type: String, nullable: true, description: '所属', example: 'carriers' }) context!: string | null;
  @Zh() zh!: string;
  @En() en!: string;
  @Names('标识的字段', ['carrier']) key!: string[];
  @Names('可据以筛选', ['kind', 'home', 'host', 'status']) filter!: string[];
  @Names('可据以排序', ['name', 'since']) sort!: string[];
  @Names('所搜索的字段；没有则不能搜索', ['name', 'filing']) search!: string[];
  @ApiProperty({ type: [CatalogueColumn], description: '各列' }) columns!: CatalogueColumn[];
}

export class CatalogueFigure {
  @ApiProperty({ description: '统计：GET /api/v1/figures/<统计>', example: 'capacity' }) name!: string;
  @ApiProperty({ type: String, nullable: true, description: '所属', example: 'carriers' }) context!: string | null;
  @Zh() zh!: string;
  @En() en!: string;
  @ApiProperty({ description: '定义：公式，或文件与条款' }) source!: string;
  @Names('未指明时据以分列', ['carrier']) by!: string[];
  @each({ type: 'object' }, '维度：名称；region 为区域，list 为所指列表，values 为取值的说法', {
    home: { zh: '飞出地', en: 'Home region', region: true, list: 'regions' },
  })
  dimensions!: object;
  @each({ type: 'object' }, '数量：名称；flow 为一段时间之和，level 为一日之值；小数位数与单位', {
    desks: { zh: '可用工位', en: 'Desks', kind: 'level', decimals: 0, unit: { zh: '个', en: 'units' } },
  })
  measures!: object;
  @each({ type: 'object' }, '比率：名称；of 为分子与分母，each 为先逐一计算再平均的维度', {
    deskOccupancy: { zh: '工位入驻率', en: 'Desk occupancy', of: ['desksLet', 'desks'] },
  })
  rates!: object;
}

export class CatalogueActs {
  @ApiProperty({ description: '列表', example: 'allocations' }) list!: string;
  @each({ type: 'string' }, '列表标识的字段与命令的字段', { carrier: 'carrier', allocation: 'allocation' })
  key!: object;
}

export class CatalogueCommand {
  @ApiProperty({ description: '命令', example: 'reverse-allocation' }) name!: string;
  @ApiProperty({ description: '所属', example: 'carriers' }) context!: string;
  @ApiProperty({ description: '路径', example: '/api/v1/carriers/reverse-allocation' }) path!: string;
  @ApiProperty({ description: 'operationId，亦即本文档中其模式的名称', example: 'ReverseAllocation' })
  operation!: string;
  @ApiProperty({ description: '说明', example: '冲销空间分配（飞出地）' }) zh!: string;
  @ApiProperty({ description: 'Text', example: 'Reverse an allocation (home)' }) en!: string;
  @Names('可用的角色', ['operator']) roles!: string[];
  @ApiProperty({ type: [CatalogueActs], description: '办理哪些列表中已有的事物' }) acts!: CatalogueActs[];
}

export class CatalogueAnswer {
  @ApiProperty({ type: [CatalogueContext] }) contexts!: CatalogueContext[];
  @ApiProperty({ type: [CatalogueList] }) lists!: CatalogueList[];
  @ApiProperty({ type: [CatalogueFigure] }) figures!: CatalogueFigure[];
  @ApiProperty({ type: [CatalogueCommand] }) commands!: CatalogueCommand[];
  @each(said, '库存事件类型的说法', { 'carrier.registered.v1': { zh: '登记载体', en: 'Carrier registered' } })
  events!: object;
}
