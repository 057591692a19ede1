import { digested, figures, lists, type AnyList } from '#libs/messages';

interface Field {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Field[];
}

function row(name: string, field: Field): string {
  const said = field.anyOf?.find(({ type }) => type !== 'null') ?? field;
  const form = said.enum?.map((value) => `\`${value}\``).join(' ') ?? said.format ?? said.type ?? '';
  return `| \`${name}\` | ${form}${field.anyOf ? '，可为 null' : ''} | ${said.title ?? ''} | ${said.description ?? ''} |`;
}

const section = ({ name, type, zh, en, key, visibleTo, row: schema, example }: AnyList): string => `
### \`${type}\`

${zh} · ${en}. 事物 \`${name}/${key.map((k: string) => `{${k}}`).join('/')}\`；${
  visibleTo === 'all' ? '在 `reference`' : `在 ${visibleTo.map((field: string) => `\`region.{${field}}\``).join('、')}`
}。

| 字段 | 形式 | 含义 | meaning |
| --- | --- | --- | --- |
${Object.entries(schema.properties as unknown as Readonly<Record<string, Field>>)
  .map(([name, field]) => row(name, field))
  .join('\n')}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`
`;

/** The part of docs/for-cities.md that is made from the schemas. */
export const guide = (): string => `## 摘要 digest

\`\`\`text
digest(0) = ${'"0" × 64'}
digest(n) = SHA-256 hex( digest(n−1) + canonical({ ${digested.join(', ')} }) )
\`\`\`

\`canonical\` 是 RFC 8785 的 JSON：键按序，无空格，不转义汉字。\`feedsequence\` 与 \`replaces\` 是整数。\`time\` 与 \`digest\` 不在其内。
SHA-256 over the digest so far and the RFC 8785 text of these attributes; in Python
\`json.dumps(content, sort_keys=True, separators=(',', ':'), ensure_ascii=False)\`.

## 统计 figures

${figures.map(({ name, zh, en, source, entries }) => `- \`${name}\` ${zh} · ${en}：${source}。由 ${entries.map((of) => `\`${of.list.type}\``).join('、')} 算得。`).join('\n')}

## 消息 messages
${lists.map(section).join('')}`;
