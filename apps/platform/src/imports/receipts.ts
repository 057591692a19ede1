import { stringify } from 'csv-stringify/sync';
import type { ImportStore } from './import-store.js';
import type { ImportRecord, ImportRow, RowState } from './imports.table.js';

const PAGE = 1_000;

const SAID: Readonly<Record<RowState, string>> = {
  waiting: '待检查',
  accepted: '可以办理，未发送',
  faulty: '有误',
  duplicate: '与前面某行相同',
  skipped: '不导入',
  recorded: '已记录',
  repeated: '先前已办',
  refused: '未受理',
};

/** What came of every row, as CSV: the cells as they stand, then the answer. With a byte order mark, so that Excel takes it for UTF-8. */
export async function* receiptsOf(store: ImportStore, record: ImportRecord): AsyncGenerator<string> {
  const { id, columns } = record;
  const kept = columns.filter(({ header }) => header !== '');
  const answer = ['行', '结果', '状态', '缘由', '请核对', '事件流', '版本', '事件', '命令标识'];
  yield `\uFEFF${stringify([[...answer, ...kept.map(({ header }) => header)]])}`;
  for (let after = 0; ;) {
    const rows = await store.rows(id, { after, limit: PAGE });
    if (rows.length === 0) return;
    const lines = rows.map((row) => [...answerOf(row), ...kept.map(({ key }) => row.cells[key] ?? '')]);
    yield stringify(lines, { escape_formulas: true });
    after = rows.at(-1)!.n;
  }
}

function answerOf({ n, state, faults, warnings, refusal, receipt, commandId }: ImportRow): (string | number)[] {
  const why = refusal ? [`${refusal.code} ${refusal.detail}`] : faults.map(({ field, zh }) => `${field} ${zh}`.trim());
  return [
    n,
    SAID[state],
    state,
    why.join('；'),
    warnings.map(({ zh }) => zh).join('；'),
    receipt?.stream ?? '',
    receipt?.revision ?? '',
    receipt?.events.map(({ id }) => id).join(' ') ?? '',
    commandId ?? '',
  ];
}
