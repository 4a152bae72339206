import { isTyping } from "../keyboard";

/**
 * `<row-keys>` around a table or list whose rows are `[data-row]`: j and k go down and up, Enter
 * opens the row's `[data-open]` link, x ticks its checkbox. Rows are focused for real, so screen
 * readers read them and the page scrolls along.
 */
export class RowKeys extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onKey);
  }

  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-row]")];
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTyping(event) || this.belongsElsewhere()) return;
    const here = this.current();
    if (event.key === "j") return this.go(event, here, 1);
    if (event.key === "k") return this.go(event, here, -1);
    if (!here || document.activeElement !== here) return;
    if (event.key === "Enter") this.open(event, here);
    if (event.key === "x") this.tick(event, here);
  };

  /** With several lists on a page the keys go to the one with the focus, else to the first. */
  private belongsElsewhere(): boolean {
    const focused = document.activeElement?.closest("row-keys") ?? document.querySelector("row-keys");
    return focused !== this;
  }

  private current(): HTMLElement | null {
    return document.activeElement?.closest<HTMLElement>("[data-row]") ?? null;
  }

  private go(event: KeyboardEvent, from: HTMLElement | null, step: number): void {
    const rows = this.rows;
    const next = from ? rows.indexOf(from) + step : 0;
    const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
    if (!row) return;
    event.preventDefault();
    row.tabIndex = -1;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  private open(event: KeyboardEvent, row: HTMLElement): void {
    const link = row.querySelector<HTMLElement>("[data-open]");
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  private tick(event: KeyboardEvent, row: HTMLElement): void {
    const box = row.querySelector<HTMLInputElement>("input[type='checkbox']");
    if (!box) return;
    event.preventDefault();
    box.click();
  }
}

customElements.define("row-keys", RowKeys);
