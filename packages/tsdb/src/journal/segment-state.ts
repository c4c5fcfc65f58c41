import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { POWERS, wholeOf } from '../codec/decimal-column.js';

/** Tokens of a value. Any other is the difference to the series' last value, from 1 on. */
const NEW_PLACES = 0;
/** After {@link NEW_PLACES}: eight bytes follow as they are. */
const NO_DECIMAL = 255;

/**
 * What writer and reader of a segment both know of each series: the last value as a whole number of its last decimal place, and which series
 * came after it. Most values then cost a byte, and most series nothing.
 */
export class SegmentState {
  #whole = new Float64Array(1_024);
  #places = new Uint8Array(1_024);
  #next = new Int32Array(1_024).fill(-1);

  /** Makes room for series up to this number. */
  reserve(count: number): void {
    if (count <= this.#whole.length) return;
    const capacity = Math.max(count, this.#whole.length * 2);
    this.#whole = copied(new Float64Array(capacity), this.#whole);
    this.#places = copied(new Uint8Array(capacity), this.#places);
    this.#next = copied(new Int32Array(capacity).fill(-1), this.#next);
  }

  /** The series that followed this one the last time; -1 when none did. */
  nextOf(id: number): number {
    return this.#next[id] ?? -1;
  }

  follow(id: number, next: number): void {
    if (id >= 0) this.#next[id] = next;
  }

  /** Writes rows `from` up to `to` of one series. */
  write(writer: ByteWriter, id: number, values: Float64Array, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const whole = wholeOf(values[row] as number, this.#places[id] as number);
      if (Number.isNaN(whole)) this.#writeAnew(writer, id, values, row);
      else {
        const change = whole - (this.#whole[id] as number);
        writer.uint(change < 0 ? -change * 2 : change * 2 + 1);
        this.#whole[id] = whole;
      }
    }
  }

  /** Puts the value into row `row` of `values`. */
  read(reader: ByteReader, id: number, values: Float64Array, row: number): void {
    const token = reader.uint();
    if (token === NEW_PLACES) {
      this.#readAnew(reader, id, values, row);
      return;
    }
    const change = token % 2 === 0 ? -token / 2 : (token - 1) / 2;
    const whole = (this.#whole[id] as number) + change;
    this.#whole[id] = whole;
    values[row] = whole / (POWERS[this.#places[id] as number] as number);
  }

  #writeAnew(writer: ByteWriter, id: number, values: Float64Array, row: number): void {
    writer.uint(NEW_PLACES);
    for (let places = 0; places < POWERS.length; places++) {
      const whole = wholeOf(values[row] as number, places);
      if (Number.isNaN(whole)) continue;
      writer.byte(places);
      writer.int(whole);
      this.#places[id] = places;
      this.#whole[id] = whole;
      return;
    }
    writer.byte(NO_DECIMAL);
    writer.bytes(new Uint8Array(values.buffer, values.byteOffset + row * 8, 8));
  }

  #readAnew(reader: ByteReader, id: number, values: Float64Array, row: number): void {
    const places = reader.byte();
    if (places === NO_DECIMAL) {
      new Uint8Array(values.buffer, values.byteOffset + row * 8, 8).set(reader.bytes(8));
      return;
    }
    const power = POWERS[places];
    if (power === undefined) throw new RangeError(`a decimal cannot have ${places} places`);
    const whole = reader.int();
    this.#places[id] = places;
    this.#whole[id] = whole;
    values[row] = whole / power;
  }
}

function copied<Columns extends Float64Array | Uint8Array | Int32Array>(to: Columns, from: Columns): Columns {
  to.set(from);
  return to;
}
