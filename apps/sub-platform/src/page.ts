import type { FastifyInstance } from 'fastify';
import type { City, CityStatus, Row, SkippedType } from '#libs/city';
import { answered } from './answered.js';

/** Rows of each table on the city's page; all of them are at the API. */
const SHOWN = 100;

/** The city's page for people. */
export function pageRoute(app: FastifyInstance, city: City): void {
  app.get('/', async (_, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('Cache-Control', 'no-store')
      .send(cityPage(await answered(() => pageOf(city)))),
  );
}

async function pageOf(city: City): Promise<CityPage> {
  const { status } = city;
  const [place, updatedAt, skipped, carriers, contracts] = await Promise.all([
    city.list('regions', { filter: { region: status.region } }),
    city.updatedAt(),
    city.skipped(),
    city.list('carriers', { limit: SHOWN }),
    city.list('contracts', { limit: SHOWN }),
  ]);
  const [carrierRows, contractRows] = [carriers.items.map(({ row }) => row), contracts.items.map(({ row }) => row)];
  return {
    name: place.items[0]?.row.name ?? status.region,
    status,
    updatedAt,
    skipped,
    carriers: { rows: carrierRows, more: carriers.next !== null },
    contracts: { rows: contractRows, more: contracts.next !== null },
  };
}

interface Shown<Item> {
  readonly rows: readonly Item[];
  /** There are others beside these. */
  readonly more: boolean;
}

interface CityPage {
  readonly name: string;
  readonly status: CityStatus;
  readonly updatedAt: Date | null;
  readonly skipped: readonly SkippedType[];
  readonly carriers: Shown<Row<'carriers'>>;
  readonly contracts: Shown<Row<'contracts'>>;
}

// What a later release may add is shown as it is.
const carrierStatus: Readonly<Record<string, string>> = {
  planned: '规划',
  'under-way': '在建',
  proposed: '已提出',
  negotiating: '协商中',
  declined: '已拒绝',
  withdrawn: '已撤回',
  lapsed: '已失效',
  filed: '已备案',
  open: '已开园',
  suspended: '已暂停',
  expired: '协议到期',
  'winding-up': '清退中',
  'wound-up': '已关闭',
};

const contractStatus: Readonly<Record<string, string>> = {
  filed: '已提交',
  recognised: '已认定',
  refused: '未予认定',
  reversed: '已冲销',
};

const contractType: Readonly<Record<string, string>> = {
  development: '开发',
  transfer: '转让',
  licence: '许可',
  consulting: '咨询',
  service: '服务',
};

/** Text that has been made safe for HTML. */
class Html {
  constructor(readonly text: string) {}
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Every value is escaped unless it is Html already: names come from elsewhere. */
function html(parts: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  const safe = (value: (typeof values)[number]): string =>
    value instanceof Html
      ? value.text
      : typeof value === 'object'
        ? value.map((one) => one.text).join('')
        : String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
  return new Html(parts.reduce((text, part, i) => text + safe(values[i - 1]!) + part));
}

const day = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Shanghai' });
const number = new Intl.NumberFormat('zh-CN');
/** 1 万元 is 1 000 000 分: six decimals show every 分. */
const tenThousands = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 6 });
const wan = (fen: number) => tenThousands.format(fen / 1_000_000);

/** The city's page: Chinese first, no script, nothing from outside. */
function cityPage(city: CityPage): string {
  const { name, status, updatedAt, skipped } = city;
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${name} · 联动分平台</title>
        <style>
          body {
            font:
              16px/1.6 system-ui,
              'PingFang SC',
              'Microsoft YaHei',
              'Noto Sans SC',
              sans-serif;
            color: #1d2129;
            background: #f5f6f8;
            max-width: 64rem;
            margin: 0 auto;
            padding: 1.5rem 1rem 3rem;
          }
          h1 {
            font-size: 1.6rem;
            margin: 0;
          }
          h2 {
            font-size: 1.15rem;
            margin: 2rem 0 0.5rem;
          }
          p {
            margin: 0.25rem 0;
          }
          .quiet {
            color: #5a6270;
            font-size: 0.9rem;
          }
          .state {
            border-left: 0.3rem solid;
            padding: 0.75rem 1rem;
            margin: 1rem 0;
            background: #fff;
          }
          .good {
            border-color: #18794e;
          }
          .waiting {
            border-color: #ad5700;
          }
          .bad {
            border-color: #c4271d;
          }
          .table {
            overflow-x: auto;
          }
          table {
            border-collapse: collapse;
            width: 100%;
            background: #fff;
          }
          th,
          td {
            text-align: left;
            padding: 0.45rem 0.75rem;
            border-bottom: 1px solid #e3e6ea;
            vertical-align: top;
          }
          th {
            font-weight: 600;
            background: #eceff3;
            white-space: nowrap;
          }
          .figure {
            text-align: right;
            font-variant-numeric: tabular-nums;
            white-space: nowrap;
          }
          code {
            font-family: ui-monospace, Menlo, Consolas, monospace;
            overflow-wrap: anywhere;
          }
        </style>
      </head>
      <body>
        <h1>${name} · 联动分平台</h1>
        <p class="quiet">一总多区科技成果联动 · 区域 <code>${status.region}</code> · Liandong sub-platform</p>
        ${state(status)}
        <h2>数据流 <span class="quiet">Feed</span></h2>
        <div class="table">
          <table>
            <tr>
              <th scope="row">已收至第</th>
              <td>${number.format(status.sequence)} 条</td>
            </tr>
            <tr>
              <th scope="row">省平台</th>
              <td>${status.province ? `共 ${number.format(status.province.sequence)} 条` : '尚未告知'}</td>
            </tr>
            <tr>
              <th scope="row">摘要</th>
              <td><code>${status.digest}</code></td>
            </tr>
            <tr>
              <th scope="row">传输</th>
              <td>${status.transport === 'kafka' ? 'Kafka（缺口经 HTTP 补齐）' : 'HTTP 拉取'}</td>
            </tr>
            <tr>
              <th scope="row">最近更新</th>
              <td>${updatedAt ? `${day.format(updatedAt)}（北京时间）` : '—'}</td>
            </tr>
            ${skipped.map(
              ({ type, count }) =>
                html`<tr>
                  <th scope="row">未采用</th>
                  <td><code>${type}</code> ${number.format(count)} 条（本版本不识别或无法保存，已另存）</td>
                </tr>`,
            )}
          </table>
        </div>
        ${carriers(city.carriers)} ${contracts(city.contracts)}
      </body>
    </html> `.text;
}

function state({ trouble, inSync, province, sequence }: CityStatus): Html {
  if (trouble !== null)
    return html`<div class="state bad" role="status">
      <strong>数据流异常</strong>
      <p>${trouble}</p>
    </div>`;
  if (inSync)
    return html`<div class="state good" role="status">
      <strong>与省平台一致</strong>
      <p class="quiet">In sync with the province</p>
    </div>`;
  const lag = province ? `落后省平台 ${number.format(province.sequence - sequence)} 条` : '等待省平台告知进度';
  return html`<div class="state waiting" role="status">
    <strong>${lag}</strong>
    <p class="quiet">Catching up with the province</p>
  </div>`;
}

function carriers({ rows, more }: CityPage['carriers']): Html {
  return html`<h2>载体 <span class="quiet">Carriers · ${heading(rows.length, more, '/api/v1/carriers')}</span></h2>
    <div class="table">
      <table>
        <tr>
          <th>名称</th>
          <th>类别</th>
          <th>飞出地</th>
          <th>飞入地</th>
          <th>状态</th>
          <th>标识</th>
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              <td>${row.name}</td>
              <td>${row.kind}</td>
              <td>${row.home ?? ''}</td>
              <td>${row.host ?? ''}</td>
              <td>${carrierStatus[row.status] ?? row.status}</td>
              <td><code>${row.carrier}</code></td>
            </tr> `,
        )}${
          rows.length === 0
            ? html`<tr>
                <td colspan="6">暂无载体</td>
              </tr>`
            : ''
        }
      </table>
    </div>`;
}

function contracts({ rows, more }: CityPage['contracts']): Html {
  return html`<h2>
      技术合同 <span class="quiet">Contracts · ${heading(rows.length, more, '/api/v1/contracts')}</span>
    </h2>
    <div class="table">
      <table>
        <tr>
          <th>标识</th>
          <th>类型</th>
          <th>输出</th>
          <th>吸纳</th>
          <th class="figure">成交额（万元）</th>
          <th class="figure">技术性收入（万元）</th>
          <th>状态</th>
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              <td><code>${row.contract}</code></td>
              <td>${contractType[row.type] ?? row.type}</td>
              <td>${row.output}</td>
              <td>${row.absorbing}</td>
              <td class="figure">${wan(row.amountFen)}</td>
              <td class="figure">${row.technicalRevenueFen === null ? '—' : wan(row.technicalRevenueFen)}</td>
              <td>${contractStatus[row.status] ?? row.status}</td>
            </tr> `,
        )}${
          rows.length === 0
            ? html`<tr>
                <td colspan="7">暂无技术合同</td>
              </tr>`
            : ''
        }
      </table>
    </div>`;
}

function heading(shown: number, more: boolean, api: string): Html {
  return more
    ? html`此处列出前 ${number.format(shown)} 项，全部见 <code>${api}</code>`
    : html`共 ${number.format(shown)} 项`;
}
