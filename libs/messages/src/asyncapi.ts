import { eventsTopic, REFERENCE_FEED, regionFeed } from './feed-record.js';
import type { AnyList } from './list.js';
import { lists } from './lists.js';

/** CloudEvents attributes as Kafka's binary mode has them: headers. */
const HEADERS: Readonly<Record<string, readonly [zh: string, example: string]>> = {
  specversion: ['CloudEvents 版本', '1.0'],
  id: ['省级事件的标识，及其第几项变更', '0a1b2c3d-4e5f-5a6b-8c7d-8e9f0a1b2c3d.0'],
  source: ['来源', '/liandong/province'],
  type: ['消息类型', 'cn.liandong.carrier.changed.v2'],
  subject: ['事物；Kafka 的键', 'carriers/xianyang-enclave'],
  time: ['事实发生日之始，UTC；SDK 写法不一，以 occurredon 为准', '2023-02-08T16:00:00.000Z'],
  datacontenttype: ['内容类型', 'application/json'],
  feed: ['事件流', 'region.xianyang'],
  feedsequence: ['序号：每一事件流 1、2、3……无缺', '17'],
  replaces: ['所取代的记录的序号：同一事物的上一条；首条为 0', '9'],
  occurredon: ['事实发生日，中国标准时间', '2023-02-09'],
  recordedat: ['记录时刻，UTC', '2023-02-10T02:03:04.567Z'],
  actor: ['由谁办理：角色，及其区域', 'operator@xianyang'],
  cause: ['省级事件的类型', 'carrier.proposed.v1'],
  stream: ['省级事件的事件流', 'carrier-xianyang-enclave'],
  digest: ['至此的链式摘要', '9bee1224d47945e2bbb96eb58e56bd59a097f1a93ee068e11c2852dffaa5fbc6'],
};

const headers = {
  type: 'object',
  required: Object.keys(HEADERS).map((name) => `ce_${name}`),
  properties: Object.fromEntries(
    Object.entries(HEADERS).map(([name, [description, example]]) => [
      `ce_${name}`,
      { type: 'string', description, examples: [example] },
    ]),
  ),
};

const message = ({ type, zh, en, row, example }: AnyList) => ({
  name: type,
  title: zh,
  summary: en,
  contentType: 'application/json',
  headers: { $ref: '#/components/schemas/headers' },
  payload: row as object,
  examples: [{ payload: example as object }],
});

/** The feeds as an AsyncAPI 3 document: the channels on Kafka, and every message with its schema and an example. */
export function asyncApi(): object {
  const channel = (address: string, of: readonly AnyList[], description: string, parameters = {}) => ({
    address,
    description,
    ...parameters,
    messages: Object.fromEntries(of.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
  });
  const everyone = lists.filter(({ visibleTo }) => visibleTo === 'all');
  const concerned = lists.filter(({ visibleTo }) => visibleTo !== 'all');
  return {
    asyncapi: '3.0.0',
    info: {
      title: '联动 Liandong：下发各市的事件流',
      version: '2',
      description:
        '每条消息是一个事物的全部状态，以 CloudEvents 1.0 表示；Kafka 与 HTTP（GET /api/v1/feeds/{feed}）内容相同。见 docs/for-cities.md',
    },
    defaultContentType: 'application/json',
    channels: {
      reference: channel(eventsTopic(REFERENCE_FEED), everyone, '人人须知的结构：区域、区、联动关系、要求'),
      region: channel(eventsTopic(regionFeed('{region}')), concerned, '与一个区域有关的一切', {
        parameters: { region: { description: '区域标识', examples: ['xianyang'] } },
      }),
    },
    operations: {
      receiveReference: { action: 'receive', channel: { $ref: '#/channels/reference' } },
      receiveRegion: { action: 'receive', channel: { $ref: '#/channels/region' } },
    },
    components: {
      schemas: { headers },
      messages: Object.fromEntries(lists.map((list) => [list.type, message(list)])),
    },
  };
}
