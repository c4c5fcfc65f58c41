/** Plain figures by key, and what a reader should know about them. */
export interface Measured {
  readonly figures: Record<string, number>;
  readonly notes: string[];
}

export interface PeerReport extends Measured {
  readonly name: 'prometheus' | 'victoriametrics' | 'sqlite_rows';
  /** False when it is not installed; then there are no figures. */
  readonly present: boolean;
}

export function together(parts: readonly Measured[]): Measured {
  return {
    figures: Object.assign({}, ...parts.map(({ figures }) => figures)) as Record<string, number>,
    notes: parts.flatMap(({ notes }) => notes),
  };
}
