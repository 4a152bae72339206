const FRESHEN_EVERY_MS = 20_000;
const UNITS: readonly (readonly [Unit, number])[] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

type Unit = "year" | "month" | "week" | "day" | "hour" | "minute";

/** The largest unit that fits, rounded down, never less than a minute: 3 and "day". */
function measure(seconds: number): readonly [number, Unit] {
  const size = Math.max(seconds, 60);
  const [unit, length] = UNITS.find(([, length]) => size >= length) ?? (["minute", 60] as const);
  return [Math.floor(size / length), unit];
}

/** "3 days", "2 hours". */
export function span(seconds: number, language: string): string {
  const [amount, unit] = measure(seconds);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/** "3 days ago", "2 hours ago". */
export function ago(seconds: number, language: string): string {
  const [amount, unit] = measure(seconds);
  return new Intl.RelativeTimeFormat(language).format(-amount, unit);
}

/**
 * `<relative-time at="2026-11-23T07:00:00Z"><time><span data-words>…</span></time></relative-time>`.
 *
 * Keeps "12 minutes ago" or "3 days late" true on a page that stays open. The server's words stand
 * until the span has really changed since the page came. Without more it says how long ago; with
 * `late="{} late"` (the sentence in the reader's language, {} for the span) how late it is, and it is
 * marked late from the instant on.
 */
export class RelativeTime extends HTMLElement {
  private timer: ReturnType<typeof setInterval> | undefined;
  private first = "";

  connectedCallback(): void {
    this.first = this.sentence();
    this.timer = setInterval(this.freshen, FRESHEN_EVERY_MS);
    document.addEventListener("visibilitychange", this.freshen);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.freshen);
  }

  private readonly freshen = (): void => {
    const now = this.sentence();
    const words = this.querySelector("[data-words]");
    if (!words || now === this.first) return;
    words.textContent = now;
    this.first = now;
    this.classList.toggle("is-late", this.hasAttribute("late"));
  };

  /** The sentence for this moment, or "" while the instant is still to come. */
  private sentence(): string {
    const at = Date.parse(this.getAttribute("at") ?? "");
    const seconds = (Date.now() - at) / 1000;
    if (Number.isNaN(at) || seconds < 0) return "";
    const language = document.documentElement.lang || "en";
    const late = this.getAttribute("late");
    return late ? late.replace("{}", span(seconds, language)) : ago(seconds, language);
  }
}

customElements.define("relative-time", RelativeTime);
