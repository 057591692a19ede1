/** Hands a file to who looks at the page. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

export type CsvCell = string | number | bigint | null;

/** What a spreadsheet would take for a formula is text to it, once an apostrophe stands before it. */
const harmless = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** Numbers stay as they are; text is quoted. */
const field = (cell: CsvCell) =>
  cell === null ? '' : typeof cell === 'string' ? `"${harmless(cell).replaceAll('"', '""')}"` : String(cell);

/** With a byte order mark, without which Excel takes Chinese for something else. */
export function saveCsv(name: string, rows: readonly (readonly CsvCell[])[]): void {
  const lines = rows.map((row) => row.map(field).join(','));
  save(name, new Blob(['\uFEFF', lines.join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' }));
}

/** What a style sheet says of a drawing, which a picture of it has to carry itself. */
const DRAWN = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];
const SHARPNESS = 2;

export async function savePng(name: string, drawing: SVGSVGElement): Promise<void> {
  const { width, height } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll('*')];
  for (const [i, element] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(originals[i]!);
    for (const property of DRAWN) element.setAttribute(property, style.getPropertyValue(property));
    element.removeAttribute('style');
  }
  copy.setAttribute('width', String(width * SHARPNESS));
  copy.setAttribute('height', String(height * SHARPNESS));
  const source = new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' });
  const picture = new Image();
  picture.src = URL.createObjectURL(source);
  await picture.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * SHARPNESS, height * SHARPNESS];
  const brush = canvas.getContext('2d')!;
  brush.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--paper');
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(picture.src);
  canvas.toBlob((png) => png && save(name, png));
}
