import { START, type Metadata, type Position, type RecordedEvent } from '#libs/eventing';

/** The columns of an event, in the order in which `StoredEvent.of` takes them. */
export const COLUMNS = 'epoch, xid::text, gp::text, stream, revision::text, id::text, type, data, metadata';

/** One row of COLUMNS, each as text. */
export type Cells = readonly string[];

/** An event as it came from the server. Most readers need but a part of it: the rest is taken apart when it is asked for. */
export class StoredEvent implements RecordedEvent {
  private parsedData: object | undefined;
  private parsedMetadata: Metadata | undefined;

  constructor(private readonly cells: Cells) {}

  get id(): string {
    return this.cells[5]!;
  }
  get type(): string {
    return this.cells[6]!;
  }
  get stream(): string {
    return this.cells[3]!;
  }
  get revision(): number {
    return Number(this.cells[4]);
  }
  get position(): Position {
    return encode(this.cells[0]!, this.cells[1]!, this.cells[2]!);
  }
  get texts(): { readonly data: string; readonly metadata: string } {
    return { data: this.cells[7]!, metadata: this.cells[8]! };
  }
  get data(): object {
    return (this.parsedData ??= JSON.parse(this.cells[7]!) as object);
  }
  get metadata(): Metadata {
    return (this.parsedMetadata ??= JSON.parse(this.cells[8]!) as Metadata);
  }
}

const hex = (value: string, width: number) => {
  const number = Number(value);
  return (Number.isSafeInteger(number) ? number : BigInt(value)).toString(16).padStart(width, '0');
};

/** A position: fixed-width hexadecimal, so that positions compare as strings. */
export function encode(epoch: string | number, xid: string, gp: string): Position {
  return `${hex(String(epoch), 4)}-${hex(xid, 16)}-${hex(gp, 16)}`;
}

/** @throws RangeError when it is not a position of this store */
export function decode(position: Position): [epoch: number, xid: string, gp: string] {
  if (position === START) return [0, '0', '0'];
  const parts = /^([0-9a-f]{4})-([0-9a-f]{16})-([0-9a-f]{16})$/.exec(position);
  if (!parts) throw new RangeError(`"${position}" is not a position of this store`);
  return [parseInt(parts[1]!, 16), BigInt(`0x${parts[2]}`).toString(), BigInt(`0x${parts[3]}`).toString()];
}
