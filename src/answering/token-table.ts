/** Gives each 32-bit token a small number, 0, 1, 2 …: a hash table without objects (8 to 16 bytes a token). */
export class TokenTable {
  #keys = new Uint32Array(1 << 12);
  #ids = new Uint32Array(1 << 12);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The token's number, or -1 if it was never interned. */
  find(hash: number): number {
    const slot = this.#slot(hash);
    return this.#keys[slot] === 0 ? -1 : (this.#ids[slot] ?? -1);
  }

  /** The token's number, given now if need be. `hash` is never 0. */
  intern(hash: number): number {
    const slot = this.#slot(hash);
    if (this.#keys[slot] !== 0) return this.#ids[slot] ?? -1;
    const id = this.#size++;
    this.#keys[slot] = hash;
    this.#ids[slot] = id;
    if (this.#size * 2 > this.#keys.length) this.#grow();
    return id;
  }

  #slot(hash: number): number {
    const mask = this.#keys.length - 1;
    let slot = hash & mask;
    for (;;) {
      const key = this.#keys[slot];
      if (key === hash || key === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const keys = this.#keys;
    const ids = this.#ids;
    this.#keys = new Uint32Array(keys.length * 2);
    this.#ids = new Uint32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      if (key === 0) continue;
      const slot = this.#slot(key);
      this.#keys[slot] = key;
      this.#ids[slot] = ids[i] ?? 0;
    }
  }
}
