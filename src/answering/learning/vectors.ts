import { toUnitLength } from './encoder.ts';
import type { Encoder } from './encoder.ts';
import { wordingsOf, type Entry, type Query, type Variant } from '../search-index.ts';

/**
 * The directions an encoder gives to questions, variants and articles. Each is computed when it is first needed and kept
 * as long as its variant or entry is, so that neither a new encoder nor a changed article makes anybody wait.
 */
export class Vectors {
  readonly #encoder: Encoder;
  readonly #variants = new WeakMap<Variant, Float32Array>();
  readonly #centroids = new WeakMap<Entry, Float32Array>();

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  question({ key }: Query): Float32Array {
    return this.#encoder.encode(key);
  }

  variant(variant: Variant): Float32Array {
    const known = this.#variants.get(variant);
    if (known) return known;
    const vector = this.#encoder.encode(variant.key);
    this.#variants.set(variant, vector);
    return vector;
  }

  /** The mean direction of all of an entry's wordings. */
  centroid(entry: Entry): Float32Array {
    const known = this.#centroids.get(entry);
    if (known) return known;
    const sum = new Float32Array(this.#encoder.dims);
    for (const wording of wordingsOf(entry)) {
      this.variant(wording).forEach((value, d) => (sum[d] = (sum[d] as number) + value));
    }
    const centroid = toUnitLength(sum);
    this.#centroids.set(entry, centroid);
    return centroid;
  }
}

/** The cosine of two vectors of length one, 0 where they point away from each other. */
export function nearness(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < one.length; d++) sum += (one[d] as number) * (other[d] as number);
  return Math.max(0, sum);
}
