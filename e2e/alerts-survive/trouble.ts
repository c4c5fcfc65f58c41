/**
 * What can go wrong: something measured that a rule is about, the same with a `for`, a site that a check asks, and something that another
 * program pushes in.
 */
export const WAYS = ['rule', 'patient', 'check', 'push'] as const;
export type Way = (typeof WAYS)[number];

/** So often within one life of the host it must have been shown before it counts: two results of a check, and time for a rule. */
const ENOUGH_SHOWS: Readonly<Record<Way, number>> = { rule: 5, patient: 9, check: 5, push: 1 };

/** One thing that comes, goes, and may come again. It is told apart by its name. */
export class Trouble {
  isOn = false;
  /** How often it came. */
  begins = 0;
  /** How often it went. */
  ends = 0;
  /** Whether the host has seen enough of it, so that somebody must hear of it. */
  isOwed = false;
  /** A push that ended it was not taken yet. */
  hasEndToPush = false;
  /** How often its series may have ended in between, because a scrape came to nothing. */
  gaps = 0;
  #shownInThisLife = 0;

  constructor(
    readonly name: string,
    readonly way: Way,
  ) {}

  begin(): void {
    this.isOn = true;
    this.hasEndToPush = false;
    this.begins += 1;
    this.#shownInThisLife = 0;
  }

  end(): void {
    this.isOn = false;
    this.hasEndToPush = this.way === 'push';
    this.ends += 1;
  }

  /** The host has asked and was shown it. */
  shown(): void {
    this.#shownInThisLife += 1;
    if (this.#shownInThisLife >= ENOUGH_SHOWS[this.way]) this.isOwed = true;
  }

  /** The host was killed. In its life so many scrapes came to nothing. */
  survivedTheHost(failedScrapes: number): void {
    this.#shownInThisLife = 0;
    if (this.way === 'rule' || this.way === 'patient') this.gaps += failedScrapes;
  }
}

/** The label by which an alert of it is found. */
export function nameOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels.trouble ?? labels.check;
}
