/** Text in GB18030, as Excel in Chinese saves it; Node only decodes it. */
export function gb18030(text: string): Buffer {
  return Buffer.concat([...text].map((character) => Buffer.from(bytesOf(character))));
}

const decoder = new TextDecoder('gb18030');
const twoBytes = new Map<string, number[]>();
for (let first = 0x81; first <= 0xfe; first++) {
  for (let second = 0x40; second <= 0xfe; second++) {
    const bytes = [first, second];
    if (second !== 0x7f) twoBytes.set(decoder.decode(new Uint8Array(bytes)), bytes);
  }
}

function bytesOf(character: string): number[] {
  const point = character.codePointAt(0)!;
  if (point < 0x80) return [point];
  if (point < 0x10000) return twoBytes.get(character)!;
  // Beyond the first plane four bytes count on from 90 30 81 30.
  const at = point - 0x10000;
  return [
    0x90 + Math.floor(at / 12600),
    0x30 + (Math.floor(at / 1260) % 10),
    0x81 + (Math.floor(at / 10) % 126),
    0x30 + (at % 10),
  ];
}
